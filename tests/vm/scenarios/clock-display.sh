#!/bin/sh
# 60000/1001 ticks a second on 60 Hz: the timer beats, --clock display is locked
# boots: exact
# needs: vkms
# faults: T4
# timeout: 150
. /lab/lib.sh
. /lab/program.sh

# Refresh minus tick of the quickest tenth of some ticks' frames: an emulated
# machine shows single frames late, never early; the beat moves all of them.
offset()	# FIRST LAST
{
	awk -v first="$1" -v last="$2" \
		'$1 >= first && $1 <= last { print $6 - $1 }' ledger | sort -n |
		awk '{ all[NR] = $1 } END { print all[int(NR / 10) + 1] }'
}

# Refreshes that the frames of 1000 ticks came to lag behind, of 60 Hz.
run()	# CLOCK
{
	start demo-5994 --display kms,device=vkms --mode 1920x1080@60 \
		--clock "$1" --ticks 1200
	finished "$1: 1200 ticks"
	check_ledger "$1"
	check_value ticks 1200 1200
	moved=$(($(offset 1000 1199) - $(offset 60 260)))
	echo "# $1: repeats $(value repeats), dropped $(value dropped), late $(value late), skipped $(value skipped)"
}

# A number of the report's display_clock.
clock()	# KEY
{
	sed -n "/\"display_clock\": {/,\$s/^ *\"$1\": \"\{0,1\}\([^\",]*\).*/\1/p" report |
		head -n1
}

# 1000 ticks are 1001 refreshes: submits begin half a period after a refresh, so
# the first frame is repeated after 500 ticks, the next one after 1500
run timer
check_text "timer: the beat moves the frames by a refresh" 1 "$moved"
check_value repeats 1 1
check_value dropped 0 0

run display
check_value repeats 0 0
check_value dropped 0 0
check_text "display: it repeats none" 0 "$moved"
check_text "display: state" locked "$(clock state)"
check_text "display: losses" 0 "$(clock losses)"
check "display: locked within 2 s" test "$(clock first_lock_ns)" -le 2000000000
check "display: the mode's rate within 200 ppm" \
	awk -v got="$(clock refresh_hz)" -v mode="$(value refresh_hz)" \
	'BEGIN { off = got / mode - 1; exit !(off < 200e-6 && off > -200e-6) }'
echo "# first lock after $(clock first_lock_ns) ns, $(clock refresh_hz) Hz of $(value refresh_hz), phase error p50 $(clock p50) p99 $(clock p99) ns"
check_display vkms

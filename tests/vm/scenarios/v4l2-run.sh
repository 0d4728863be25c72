#!/bin/sh
# Two cameras of 59.94 Hz on ticks of 60: each frame is counted as the kernel counts it, steady is steady
# boots: exact
# needs: vivid vkms
# timeout: 300
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/camera.sh
load_vivid n_devs=2
knob reduced 1
camera=/dev/video1
wait_for 50 test -c $camera
knob reduced 1
trace_frames
start vm-beat --display screen:kms,device=vkms --mode 640x480 \
	--display second:headless \
	--source quick:v4l2,device=platform:vivid-000,input=3 \
	--source even:v4l2,device=platform:vivid-001,input=3 --ticks 2400
finished "2400 ticks"
grep 'source ' messages | grep -v frozen | sed 's/^/# /'
check "the device fills the frames" said "vivid (platform:vivid-000), XR24 640x480, 59.94[0-9]* Hz (not 60), filled by the device"
check_ledger "two cameras"
n=0
for name in quick even; do
	check_source_ledger "$name" $name
	check_text "$name: state" running "$(source_value state $name)"
	check_source losses 0 0 $name
	# 2400 ticks of 60 Hz are 40 s: 2397.6 frames, and those around the ends
	check_source delivered 2395 2400 $name
	check_source lost 0 3 $name
	check_text "$name: as many as vivid numbered, and as many missing" \
		"$(traced_frames $n)" \
		"$(source_value delivered $name) $(source_value lost $name)"
	check_source empty 0 12 $name
	# nothing piles up: two periods, whatever the tick
	check "$name: $(source_part age max $name) ns old at most" \
		[ "$(source_part age max $name)" -le 33400000 ]
	n=$((n + 1))
done
# the beat: 2.4 of it, and what comes before the lock
check_source repeats 0 6 even
check_source passed_over 0 6 even
check "camera to glass: $(source_part camera_to_glass p99 quick) ns" \
	[ "$(source_part camera_to_glass p99 quick)" -gt 0 ]
check_text "it is locked" true "$(source_value locked even)"
check_value major 0 0
check_display vkms

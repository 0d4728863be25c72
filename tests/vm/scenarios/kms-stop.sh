#!/bin/sh
# Stopped for 500 ms: the last frame stays, then no burst
# boots: exact
# needs: vkms
# faults: T1
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
sleep 0.5
kill -STOP $program
fb=$(plane_fb vkms)
usleep 500000
check_text "the last frame stays" "$fb" "$(plane_fb vkms)"
kill -CONT $program
sleep 0.5
finish "stopped and continued"
check_ledger "stopped"
check_value skipped 29 31
check_value display_busy 0 1
check_value errors 0 0
check_value stalls 0 0
# One submit a tick, half a period apart at least: ticks missed are not made up. Only
# the tick that the stop held up may be nearer to the next, which is in time.
check_text "submits of a burst" 0 "$(awk 'NR > 2 { gap = $4 - last }
	NR > 2 && gap < 8333333 && !(before + gap > 32000000 &&
		$4 - $3 < 8333333) { n++ }
	{ last = $4; before = gap } END { print n + 0 }' ledger)"
check_display vkms

#!/bin/sh
# Suspend and resume: the phase stays, the frames go on
# boots: none
# needs: vkms
# faults: T5
# timeout: 90
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
before_sleep
asleep=$(cat /sys/power/suspend_stats/success)
start demo-480p --display kms,device=vkms
started
echo core >/sys/power/pm_test
check "sleeps" sh -c 'echo mem >/sys/power/state'
check_text "slept once" $((asleep + 1)) "$(cat /sys/power/suspend_stats/success)"
check "frames come again" flips_go_on vkms
finish "after the resume"
check_ledger "resumed"
check_value errors 0 0
# only the tick that the sleep held up may be nearer to the next, which is in time
check_text "submits of a burst" 0 "$(awk 'NR > 2 { gap = $4 - last }
	NR > 2 && gap < 8333333 && !(before + gap > 32000000 &&
		$4 - $3 < 8333333) { n++ }
	{ last = $4; before = gap } END { print n + 0 }' ledger)"
check "the shared folder comes back" after_sleep
check_display vkms

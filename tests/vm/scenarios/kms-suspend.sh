#!/bin/sh
# Suspend and resume: the phase stays, the frames go on
# boots: none
# needs: vkms
# faults: T5
# timeout: 90
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
echo core >/sys/power/pm_test
echo 1 >/sys/module/suspend/parameters/pm_test_delay 2>/dev/null
if echo mem >/sys/power/state; then
	check "frames come again" flips_go_on vkms
else
	skip "suspend" "the kernel refuses"
fi
finish "after the resume"
check_ledger "resumed"

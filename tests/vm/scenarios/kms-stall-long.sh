#!/bin/sh
# A stall longer than the kernel's own time-outs: the ticks go on
# boots: exact
# needs: vkms
# faults: D5
# timeout: 120
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
fault stall 1
sleep 35
fault stall 0
wait_for 100 flips_go_on vkms
check "frames come again" flips_go_on vkms
finish "a stall of 35 seconds"
check_ledger "long stall"
check_value stalls 1 4
check_value ticks 2000 99999
check_value skipped 0 200

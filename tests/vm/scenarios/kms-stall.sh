#!/bin/sh
# A flip's event that never comes: stalled, then one blocking commit
# boots: exact x86
# needs: vkms
# faults: D5
# timeout: 90
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
fault stall 1
sleep 2
fault stall 0
check "frames come again" flips_go_on vkms
finish "a stall of two seconds"
check_ledger "stall"
check_value stalls 1 3
check_value recoveries 1 3
check_value display_lost 60 400
check_value skipped 0 60
# stopped with a flip pending whose event comes a little later: no stall
start demo-480p --display kms,device=vkms
started
fault stall 1
usleep 20000
kill -STOP $program
usleep 500000
kill -CONT $program
fault stall 0
sleep 0.5
finish "an event that comes after a stop"
check_ledger "stopped"
check_value stalls 0 0
check_display vkms

#!/bin/sh
# The kernel has no memory for commits, for half a second, and for two
# boots: exact
# needs: vkms
# faults: D8
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
fault check_errno 12; usleep 500000; fault check_errno 0
sleep 0.5
check "frames come again" flips_go_on vkms
finish "ENOMEM for half a second"
check_ledger "ENOMEM"
check_value recoveries 0 0
check_value display_lost 10 60
start demo-480p --display kms,device=vkms
started
fault check_errno 12; sleep 2; fault check_errno 0
wait_for 30 flips_go_on vkms
finish "ENOMEM for two seconds"
check_ledger "ENOMEM for long"
check_value recoveries 1 2
check_display vkms

#!/bin/sh
# The driver refuses commits for 100 ms: dropped, nothing else
# boots: exact
# needs: vkms
# faults: D7
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
fault check_errno 22; usleep 100000; fault check_errno 0
sleep 0.5
check "frames come again" flips_go_on vkms
finish "EINVAL for 100 ms"
check_ledger "refused"
check_value errors 1 20
check_value recoveries 0 0
check_value last_error 22 22

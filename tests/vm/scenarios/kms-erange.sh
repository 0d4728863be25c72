#!/bin/sh
# Other refusals of the driver (ERANGE)
# boots: exact
# needs: vkms
# faults: D7
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
fault check_errno 34; usleep 150000; fault check_errno 0
sleep 0.5
check "frames come again" flips_go_on vkms
finish "ERANGE for 150 ms"
check_ledger "ERANGE"
check_value last_error 34 34

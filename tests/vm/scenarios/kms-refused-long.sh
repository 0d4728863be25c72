#!/bin/sh
# The driver refuses for a second: a mode set brings it back
# boots: exact
# needs: vkms
# faults: D7
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
fault check_errno 22; sleep 1; fault check_errno 0
wait_for 50 flips_go_on vkms
check "frames come again" flips_go_on vkms
finish "EINVAL for a second"
check_ledger "refused"
check_value recoveries 1 2
check_display vkms

#!/bin/sh
# The driver refuses for good: the run ends with status 69
# boots: exact
# needs: vkms
# faults: D7
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
fault check_errno 22
check_refusal "EINVAL at the start" 78 "the driver refuses" "choose another --mode" \
	demo-480p --display kms,device=vkms --ticks 5
fault check_errno 0
start demo-480p --display kms,device=vkms
started
fault check_errno 22
finished "EINVAL for good" 69
check_ledger "refused for good"
check "the reason" grep -q "does not come back" messages
fault check_errno 0
check_display vkms

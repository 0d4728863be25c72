#!/bin/sh
# Link training failed: one mode set with link-status GOOD
# boots: exact
# needs: vkms
# faults: D14
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
echo 1 >$modes/fault_link_bad
wait_for 50 flips_go_on vkms
sleep 1
check "frames come again" flips_go_on vkms
finish "link bad"
check_ledger "link bad"
check_value recoveries 1 2
check_text "the link afterwards" "open ok
link good" "$(echo link | kms_probe vkms)"

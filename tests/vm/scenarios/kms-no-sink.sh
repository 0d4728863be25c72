#!/bin/sh
# The connector off and on, with uevents
# boots: exact
# needs: vkms
# faults: D11
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
fault status 2
sleep 1
fault status 1
wait_for 50 flips_go_on vkms
check "frames come again" flips_go_on vkms
finish "unplugged and plugged"
check_ledger "no sink"
check_value losses 1 1
check_value recoveries 1 2
check_value display_lost 20 300
check_display vkms

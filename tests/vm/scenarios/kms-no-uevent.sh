#!/bin/sh
# The connector off without a uevent: found by looking
# boots: exact
# needs: vkms
# faults: D11 D12
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
status=$(ls /sys/class/drm/"$(card_of vkms)"-Virtual-*/status)
echo off >"$status"
sleep 7
echo on >"$status"
wait_for 70 flips_go_on vkms
check "frames come again" flips_go_on vkms
echo detect >"$status"
finish "off for seven seconds"
check_ledger "no uevent"
check_value losses 1 1

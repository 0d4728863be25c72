#!/bin/sh
# Uevents of other devices without end: looks and retries keep their time
# boots: exact
# needs: vkms
# faults: D11 D12
# timeout: 120
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
while :; do
	echo change >/sys/class/mem/null/uevent
	usleep 100000
done &
storm=$!
status=$(ls /sys/class/drm/"$(card_of vkms)"-Virtual-*/status)
echo off >"$status"
sleep 7
echo on >"$status"
check "frames come again" wait_for 70 flips_go_on vkms
kill $storm
echo detect >"$status"
finish "off for seven seconds"
check_ledger "a storm of others"
check_value losses 1 1
check_value recoveries 1 1
check_display vkms

#!/bin/sh
# Forged uevents by the hundred change nothing
# boots: exact
# needs: vkms
# faults: D12
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
n=0
while [ $n -lt 300 ]; do
	echo change >"/sys/class/drm/$(card_of vkms)/uevent"
	n=$((n + 1))
done
check "frames come" flips_go_on vkms
finish "300 uevents"
check_ledger "storm"
check_value losses 0 0
check_value recoveries 0 0
# from a process: not even a look
start strace -D -f -o calls demo-480p --display kms,device=vkms
started
sleep 0.5
before=$(grep -c MODE_GETCONNECTOR calls)
check "100 from a process" forge 100
sleep 0.5
check_text "looks at the connector after them" "$before" \
	"$(grep -c MODE_GETCONNECTOR calls)"
finish "forged uevents"
check_ledger "forged"
check_display vkms

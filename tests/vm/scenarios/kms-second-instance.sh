#!/bin/sh
# Started twice, twenty times: the first is never disturbed
# boots: exact x86
# needs: vkms
# faults: P3
# timeout: 90
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
n=0 wrong=0
while [ $n -lt 20 ]; do
	demo-480p --display kms,device=vkms --ticks 5 >/dev/null 2>&1
	[ $? = 69 ] || wrong=$((wrong + 1))
	n=$((n + 1))
done
check_text "20 refusals with status 69" "0" "$wrong"
finish "the first"
check_ledger "the first"
check_value errors 0 0
check_display vkms

#!/bin/sh
# The kernel moves and drops memory under the program: no fault of its thread
# boots: exact
# needs: vkms
# faults: T13
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
locked=$(sed -n "s/^VmLck:[^0-9]*\([0-9]*\) kB/\1/p" /proc/$program/status)
check "its memory is locked: $locked kB" [ "$locked" -gt 4000 ]
n=0
while [ $n -lt 20 ]; do
	echo 1 >/proc/sys/vm/compact_memory
	echo 3 >/proc/sys/vm/drop_caches
	sleep 0.05
	n=$((n + 1))
done
check "frames come" flips_go_on vkms
finish "compacted"
check_ledger "compacted"
check_value major 0 0
check_value losses 0 0
check_display vkms

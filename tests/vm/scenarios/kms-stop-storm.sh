#!/bin/sh
# Stopped and continued fifty times
# boots: exact x86
# needs: vkms
# faults: T1
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
n=0
while [ $n -lt 50 ]; do
	kill -STOP $program; usleep 20000; kill -CONT $program; usleep 20000
	n=$((n + 1))
done
check "frames come" flips_go_on vkms
finish "after fifty stops"
check_ledger "stops"
check_value losses 0 0

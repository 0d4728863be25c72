#!/bin/sh
# More work than the machine has time for: skipped, never piled up
# boots: exact
# needs: vkms
# faults: T6
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo --display kms,device=vkms
started
i=0
while [ $i -lt 4 ]; do
	(while :; do :; done) &
	i=$((i + 1))
done
sleep 3
check "frames come" flips_go_on vkms
i=0
while [ $i -lt 8 ]; do
	demo --display headless --seconds 2 2>/dev/null &
	i=$((i + 1))
done
sleep 3
finish "with four spinning programs, and eight like it"
check_ledger "overload"
check_value presented 30 100000
check_value skipped 1 100000

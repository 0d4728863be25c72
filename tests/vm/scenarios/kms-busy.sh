#!/bin/sh
# A display that stands still for a moment: frames dropped, no recovery
# boots: exact
# needs: vkms
# faults: D4
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
for _ in 1 2 3 4 5; do
	fault stall 1; usleep 40000; fault stall 0; sleep 0.3
done
finish "after five pauses of 40 ms"
check_ledger "busy"
check_value display_busy 5 100
check_value errors 0 0
check_display vkms

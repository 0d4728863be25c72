#!/bin/sh
# The commit that puts the picture back takes 3.5 s: slow, not stuck
# boots: exact
# needs: vkms
# faults: P1
# timeout: 120
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
echo 3500 >$modes/left_off_ms
kill -TERM $program
finished "a slow end"
echo 0 >$modes/left_off_ms
check_text "slow, and not stuck" "1 0" \
	"$(grep -c "display is slow" messages) $(grep -c stuck messages)"
check_ledger "slow"
check_runs vkms

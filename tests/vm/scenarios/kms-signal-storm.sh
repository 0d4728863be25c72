#!/bin/sh
# Signals that mean nothing, by the thousand
# boots: exact
# needs: vkms
# faults: D9
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
# bit n - 1 is signal n; KILL, STOP and the C library's two cannot be blocked
check_text "blocked in the tick thread" fffffffe7ffbfeff "$(tick_status SigBlk)"
n=0
while [ $n -lt 1000 ]; do kill -CONT $program; n=$((n + 1)); done
finish "1000 SIGCONT"
check_ledger "storm"
check_value errors 0 0
check_display vkms

#!/bin/sh
# The wall clock is set back while a stuck display is given back: still 2 s
# boots: exact
# needs: vkms
# faults: T3 P1 D5
# timeout: 120
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
fault stall 1
sleep 1
kill -TERM $program
usleep 300000
date -s "2024-01-01 00:00:00" >/dev/null
check "it says stuck within four seconds" wait_for 40 grep -q stuck messages
check "and its report is there" wait_for 40 grep -q '"ticks"' report
fault stall 0
finished "its end"
check_ledger "stuck"
check_display vkms

#!/bin/sh
# SIGTERM during a stall: the report comes at once
# boots: exact
# needs: vkms
# faults: D5 P1
# timeout: 90
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
fault stall 1
sleep 1
kill -TERM $program
check "a report within three seconds" wait_for 30 grep -q '"ticks"' report
# the helper sits in the kernel: it is left behind
over() { [ ! -e /proc/$program/exe ]; }
check "an end within three seconds" wait_for 30 over
fault stall 0
finished "its end"
check_ledger "stalled at the end"
check_display vkms

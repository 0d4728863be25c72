#!/bin/sh
# SIGKILL with a flip pending and nobody else on the file
# boots: exact
# needs: vkms
# faults: D16 P2
# timeout: 120
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
fault stall 1
sleep 0.3
kill -KILL $program
# the kernel ends it once its flip is over: the next one is there before
(sleep 1; fault stall 0) &
start demo-480p --display kms,device=vkms --ticks 60
finished "the next start"
check_ledger "the next"
check_value first_frame_ns 1 20000000000
check_display vkms

#!/bin/sh
# --hold keeps the last frame until a signal
# boots: exact
# needs: vkms
# faults: P1
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
over() { ! tick_thread; }
start demo-480p --display kms,device=vkms --ticks 30 --hold
started
wait_for 30 over
fb=$(plane_fb vkms)
sleep 1
check_text "the frame stays" "$fb" "$(plane_fb vkms)"
check "the program waits" kill -0 $program
finish "after a signal"
check_ledger "held"
check_value ticks 30 30
check_display vkms

#!/bin/sh
# The screen dump of virtio-gpu is the golden frame of the tick shown
# boots: x86 arm64
# needs: 
# faults: 
# timeout: 120
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=virtio_gpu --ticks 20 --nominal --hold
over() { ! tick_thread; }
started
wait_for 50 over
sleep 0.3
check "screen dump" host screendump gpu0 dump.ppm
finish "virtio-gpu"
check_ledger "virtio-gpu"
# not hardware; "software" where the host was too busy to tell
check "stamps: $(value stamp)" test "$(value stamp)" != hardware
golden demo-480p "$(last_tick)" 1228800 wanted
check_text "tick $(last_tick)" equal "$(piccmp 640x480 wanted /out/dump.ppm)"

#!/bin/sh
# Nobody takes the report: the console is back before it is printed
# boots: exact
# needs: vkms
# faults: S2
# timeout: 100
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
before=$(plane_fb virtio_gpu)
mkfifo full
exec 9<>full
dd if=/dev/zero of=full bs=4096 count=16 2>/dev/null
demo-480p --display kms,device=virtio_gpu --report json >full 2>messages &
program=$!
started
kill -TERM $program
is_back() { [ "$(plane_fb virtio_gpu)" = "$before" ]; }
check "the console comes back" wait_for 60 is_back
check "the report still waits" kill -0 $program
wait $program
check_text "status" 71 $?
check "the line" grep -q "standard output takes nothing" messages
check_runs virtio_gpu

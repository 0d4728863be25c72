#!/bin/sh
# The monitor of virtio-gpu pulled and plugged by the host
# boots: x86 arm64
# needs: 
# faults: D11 D13
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=virtio_gpu
started
# the host tells the guest a second later, and only of a change
check "another monitor" host resize 1024 768
sleep 3
check "pulled" host resize 0 0
sleep 3
check "plugged" host resize 1280 720
sleep 2
wait_for 50 flips_go_on virtio_gpu
check "frames come again" flips_go_on virtio_gpu
finish "pulled and plugged"
check_ledger "hot plug"
check_value losses 1 1
check_value recoveries 1 3

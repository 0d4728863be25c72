#!/bin/sh
# The host resizes the monitor: the frames go on
# boots: x86 arm64
# needs: 
# faults: D13
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=virtio_gpu
started
for size in "800 600" "1024 768" "1280 720"; do
	check "resized to $size" host resize $size
	sleep 2
done
wait_for 50 flips_go_on virtio_gpu
check "frames come" flips_go_on virtio_gpu
finish "resized"
check_ledger "resize"

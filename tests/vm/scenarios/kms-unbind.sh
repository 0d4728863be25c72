#!/bin/sh
# virtio-gpu unbound and bound again: the same process shows again
# boots: exact x86 arm64
# needs: 
# faults: D10 D19
# timeout: 90
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=virtio_gpu
started
dev=$(basename /sys/bus/virtio/drivers/virtio_gpu/virtio*)
closed() { ! ls -l /proc/$program/fd | grep -q /dev/dri; }
echo "$dev" >/sys/bus/virtio/drivers/virtio_gpu/unbind
check "the program lets go of it" wait_for 30 closed
check "the program runs on" kill -0 $program
echo "$dev" >/sys/bus/virtio/drivers/virtio_gpu/bind
wait_for 50 card_of virtio_gpu
wait_for 30 flips_go_on virtio_gpu
check "frames come again" flips_go_on virtio_gpu
finish "after the unbind"
check_ledger "unbound"
check_value losses 1 2
check_value recoveries 1 2
check_display virtio_gpu

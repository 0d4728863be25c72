#!/bin/sh
# virtio-gpu unbound and bound again while a program uses it
# boots: x86 arm64
. /lab/lib.sh
device=$(basename "$(readlink -f /sys/bus/virtio/drivers/virtio_gpu/virtio*)")
check_text "unbind, bind, again" "open ok
modeset ok
flips 2 events 2
flip ENODEV
open ENOENT
open ok
modeset ok
flips 2 events 2" "$(kms_probe virtio_gpu <<END
modeset
flips 2
! echo $device >/sys/bus/virtio/drivers/virtio_gpu/unbind
flip
open virtio_gpu
! echo $device >/sys/bus/virtio/drivers/virtio_gpu/bind
open virtio_gpu
modeset
flips 2
END
)"

#!/bin/sh
# fault_unplug: every ioctl says ENODEV, the node goes; a new load serves again
# boots: exact rt
# needs: vkms
. /lab/lib.sh
check_text "unplug while in use" "open ok
modeset ok
flips 2 events 2
flip ENODEV
test ENODEV
status ENODEV
open ENOENT
open ok
modeset ok
flips 2 events 2" "$(kms_probe vkms <<'END'
modeset
flips 2
! echo 1 >/sys/module/vkms/parameters/fault_unplug
flip
test
status
open vkms
! modprobe -r vkms; modprobe vkms
open vkms
modeset
flips 2
END
)"

#!/bin/sh
# fault_check_errno: the driver refuses a commit with any errno, then takes it
# boots: exact rt
# needs: vkms
. /lab/lib.sh
check_text "EINVAL, ENOMEM, then none" "open ok
modeset ok
test EINVAL
flip EINVAL
flip ENOMEM
flips 2 events 2" "$(kms_probe vkms <<'END'
modeset
! echo 22 >/sys/module/vkms/parameters/fault_check_errno
test
flip
! echo 12 >/sys/module/vkms/parameters/fault_check_errno
flip
! echo 0 >/sys/module/vkms/parameters/fault_check_errno
flips 2
END
)"

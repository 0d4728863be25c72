#!/bin/sh
# A machine without a display has no /dev/dri at all
# boots: none
. /lab/lib.sh
check "no card" ! ls /dev/dri/card0
check_text "nothing opens" "open ENOENT" "$(kms_probe virtio_gpu </dev/null)"

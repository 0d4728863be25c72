#!/bin/sh
# fault_stall: the flip's event does not come, flips are busy, then it recovers
# boots: exact rt
# needs: vkms
. /lab/lib.sh
check_text "stall and recovery" "open ok
modeset ok
flips 3 events 3
flip ok
event timeout
flip EBUSY
test ok
event ok
flips 3 events 3" "$(kms_probe vkms <<'END'
modeset
flips 3
! echo 1 >/sys/module/vkms/parameters/fault_stall
flip
event 300
flip
test
! echo 0 >/sys/module/vkms/parameters/fault_stall
event 1000
flips 3
END
)"

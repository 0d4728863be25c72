#!/bin/sh
# fault_lose_event: the flip completes but its event never comes; no flip is busy
# boots: exact rt
# needs: vkms
. /lab/lib.sh
check_text "lost events, then recovery" "open ok
modeset ok
flip ok
event timeout
flip ok
event timeout
flip ok
event ok
flips 3 events 3" "$(kms_probe vkms <<'END'
modeset
! echo 1 >/sys/module/vkms/parameters/fault_lose_event
flip
event 300
flip
event 300
! echo 0 >/sys/module/vkms/parameters/fault_lose_event
flip
event 1000
flips 3
END
)"

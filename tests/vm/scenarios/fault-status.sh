#!/bin/sh
# fault_status: the connector goes and comes with a uevent; flips go on
# boots: exact rt
# needs: vkms
. /lab/lib.sh
uevents 5000 HOTPLUG=1 SUBSYSTEM=drm >events &
watcher=$!
wait_for 50 grep -q listening events
# Until a forced probe the kernel answers with the state it had before.
check_text "pulled, probed, plugged" "open ok
modeset ok
status connected
flips 2 events 2
status disconnected
flips 2 events 2
status connected" "$(kms_probe vkms <<'END'
modeset
status
! echo 2 >/sys/module/vkms/parameters/fault_status
flips 2
status
flips 2
! echo 1 >/sys/module/vkms/parameters/fault_status
status
END
)"
check "a uevent said HOTPLUG=1" wait $watcher

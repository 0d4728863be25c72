#!/bin/sh
# The machine sleeps and wakes while vkms flips: the pending event, then flips
# boots: none
# needs: vkms
# timeout: 60
# Only in a boot without virtio-gpu: the kernel's virtio-gpu and 9p do not live
# through a suspend, so /out is let go before and taken back after.
. /lab/lib.sh
umount /out
modprobe -r 9p 9pnet_virtio
check "suspend can be rehearsed" sh -c 'echo core >/sys/power/pm_test'
asleep=$(cat /sys/power/suspend_stats/success)
check_text "flip, sleep, event, flips" "open ok
modeset ok
flip ok
event ok
flips 3 events 3" "$(kms_probe vkms <<'END'
modeset
flip
! echo mem >/sys/power/state
event 1000
flips 3
END
)"
check_text "slept once" $((asleep + 1)) "$(cat /sys/power/suspend_stats/success)"
check "the host still answers" host qmp '{"execute":"query-status"}'
modprobe 9pnet_virtio
modprobe 9p
check "the shared folder comes back" mount_out

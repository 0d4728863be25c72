#!/bin/sh
# The machine sleeps and wakes while vkms flips: the pending event, then flips
# boots: none
# needs: vkms
# timeout: 60
. /lab/lib.sh
before_sleep
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
check "the shared folder comes back" after_sleep

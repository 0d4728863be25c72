#!/bin/sh
# fault_link_bad: flips go on; only a mode set with link-status=GOOD clears it
# boots: exact rt
# needs: vkms
. /lab/lib.sh
check_text "bad, flips, mode set, mode set with GOOD" "open ok
modeset ok
link good
link bad
flips 2 events 2
again ok
link bad
relink ok
link good
flips 2 events 2" "$(kms_probe vkms <<'END'
modeset
link
! echo 1 >/sys/module/vkms/parameters/fault_link_bad
link
flips 2
again
link
relink
link
flips 2
END
)"

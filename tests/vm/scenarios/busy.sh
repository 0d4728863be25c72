#!/bin/sh
# A second flip while one is pending: EBUSY, and the event still comes
# boots: exact rt
# needs: vkms
. /lab/lib.sh
check_text "flip, flip, event, flip" "open ok
modeset ok
flip ok
flip EBUSY
event ok
event timeout
flip ok
event ok" "$(kms_probe vkms <<'END'
modeset
flip
flip
event 1000
event 100
flip
event 1000
END
)"

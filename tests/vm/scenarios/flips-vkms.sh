#!/bin/sh
# 60 flips on vkms, each with its event, no two in one refresh
# boots: exact rt
# needs: vkms
. /lab/lib.sh
got=$(printf 'modeset\nflips 60\n' | kms_probe vkms)
check_text "60 flips, 60 events" "open ok
modeset ok
flips 60 events 60" "$got"
sequence=${got##*sequence +}
check "the refresh counter moved at least once a flip" test "$sequence" -ge 59

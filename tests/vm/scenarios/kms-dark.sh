#!/bin/sh
# Nothing plugged in: refused, or forced by name and mode
# boots: exact
# needs: vkms
# faults: D11
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
fault status 2
check_refusal "no connected connector" 69 "no connected connector" \
	"Virtual-.: disconnected" demo-480p --display kms,device=vkms
name=$(ls -d /sys/class/drm/"$(card_of vkms)"-Virtual-* | head -n1)
name=${name##*/card?-}
start demo-480p --display "kms,device=vkms,connector=$name" --mode 1280x720 \
	--ticks 60
finished "a mode forced on $name"
check_ledger "forced"
check "the mode was made" grep -q "1280x720@59.*centred" messages
check_value presented 5 60
fault status 1
check_display vkms

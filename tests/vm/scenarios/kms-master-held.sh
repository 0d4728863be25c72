#!/bin/sh
# Another program has the display: it is named, and not disturbed
# boots: exact
# needs: vkms
# faults: D1 D2 P3
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
check_refusal "a second instance" 69 "demo-480p (process $program)" "kill" \
	demo-480p --display kms,device=vkms --ticks 5
check "the first one's flips go on" flips_go_on vkms
finish "the first"
check_ledger "the first"
check_value losses 0 0
cp "$(command -v kms_probe)" ./weston
printf 'modeset\nhold\n' | ./weston vkms >held &
wait_for 50 grep -q ^modeset held
check_refusal "a display manager" 69 "weston (process" \
	"systemctl stop weston" \
	demo-480p --display kms,device=vkms --ticks 5

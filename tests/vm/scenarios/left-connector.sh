#!/bin/sh
# The only CRTC drives another connector: taken, told, given back
# boots: exact
# needs: vkms
# vkms: left_props=1 left_second=1
# faults: D20
# timeout: 200
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/left.sh
crtc()	# KIND -> whether a connector has the CRTC
{
	left_value "$1" CRTC_ID | grep -q -v ' = 0$' && echo on || echo off
}
printf '%s\n' "modeset 1024x768" attach \
	"show cursor 64x64 0 0 ffffffff" "set primary alpha=0x4000" drop hold \
	>script
kms_left vkms <script >first 2>&1 &
first=$!
wait_for 100 grep -q '^drop 0' first
check_text "a program shows on the second" "off on" \
	"$(crtc connector) $(crtc second)"
name=$(ls -d /sys/class/drm/"$(card_of vkms)"-Virtual-*)
name=${name##*/card?-}
start demo-480p --display "kms,device=vkms,connector=$name"
started
check_text "ours has the CRTC" "on off" "$(crtc connector) $(crtc second)"
check "frames come" flips_go_on vkms
finish "ends"
check_ledger "ends"
check_text "a line names the dark one" 1 "$(grep -c 'HDMI-A-.*dark' messages)"
check_text "the second has it back" "off on" \
	"$(crtc connector) $(crtc second)"
kill $first
wait
check_runs vkms

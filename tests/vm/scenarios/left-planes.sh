#!/bin/sh
# Cursor and overlay of a living program: off while we show, back at the end
# boots: exact
# needs: vkms
# faults: D20
# timeout: 300
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/left.sh
for plane in cursor overlay; do
	printf '%s\n' "modeset 1024x768" \
		"show $plane 64x64 100 100 ffff00ff" drop hold >script
	rm -f first
	kms_left vkms <script >first 2>&1 &
	first=$!
	wait_for 100 grep -q '^drop 0' first
	check_text "$plane is on" "show 0" "$(grep '^show' first)"
	show_shared
	check_text "$plane is off while we show" "$plane FB_ID = 0" \
		"$(left_value "$plane" FB_ID)"
	capture_is_ours "$plane of before"
	kill $first
	wait
done
# alone with its file: the end puts the plane back
printf '%s\n' "modeset 1024x768" "show overlay 64x64 100 100 ffff00ff" \
	drop hold >script
rm -f first
kms_left vkms <script >first 2>&1 &
first=$!
wait_for 100 grep -q '^drop 0' first
before=$(left_value overlay FB_ID)
start demo-480p --display kms,device=vkms
started
check_text "off" "overlay FB_ID = 0" "$(left_value overlay FB_ID)"
finish "ends"
check_ledger "ends"
check_text "the overlay is back" "$before" "$(left_value overlay FB_ID)"
kill $first
wait
check_display vkms

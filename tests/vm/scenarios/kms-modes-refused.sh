#!/bin/sh
# Modes that the driver refuses (a slow link) are passed over, unless asked for
# boots: exact
# needs: vkms
# vkms: left_edid=1
# faults: D7
# timeout: 400
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/mode.sh
limit()	# kHz
{
	echo "$1" >$modes/left_max_clock
}
edid_is 1080p5994 vic=16,5
limit 100000
check_mode "720p it is" 1280x720@60.00 demo-480p
check_lines "one line names the refused" 1 "the driver refuses .*1920x1080"
check_mode "720p by name" 1280x720@60.00 demo-480p --mode 1280x720
check_refusal "1080p by name" 78 "has it, but the driver refuses it" \
	"it has .*1280x720@60.00" \
	demo-480p --display kms,device=vkms --mode 1920x1080 --ticks 5
edid_is 2160p30 vic=97,16,4
limit 200000
check_mode "4K that is too much: the smallest" 1280x720@60.00 demo-480p
check_mode "4K that is too much: the frame's" 1920x1080@60.00 demo
limit 300000
check_mode "4K at 30 is not" 3840x2160@30.00 demo-480p
limit 1000
check_refusal "none" 78 "driver refuses" "choose another --mode" \
	demo-480p --display kms,device=vkms --ticks 5
limit 0
check_mode "a quick link again" 3840x2160@60.00 demo-480p
echo 300 >$modes/left_detect_ms
check_mode "a probe of 300 ms" 3840x2160@60.00 demo-480p
echo 0 >$modes/left_detect_ms
check_runs vkms

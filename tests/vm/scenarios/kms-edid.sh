#!/bin/sh
# Which mode for which EDID: progressive, the preferred size, the graph's rate
# boots: exact
# needs: vkms
# vkms: left_edid=1
# timeout: 600
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/mode.sh
edid_is 1080i60 vic=16,5,4
check_mode "1080i preferred" 1920x1080@60.00 demo
check_lines "it is quick enough" 0 "refreshes a second"
check_mode "1080i asked for" 1920x1080i@60.00 demo --mode 1920x1080i@60
check_mode "a graph of 59.94" 1920x1080@59.94 demo-5994
edid_is 1080i50 vic=20,31,19
check_mode "50 Hz, 1080i preferred" 1920x1080@50.00 demo
check_lines "slower than the graph, one line" 1 \
	"50.000 refreshes a second for the graph's 60.000"
edid_is 1080p5994 vic=16,5
check_mode "59.94 preferred, a graph of 60" 1920x1080@60.00 demo
check_mode "59.94 preferred, a graph of 59.94" 1920x1080@59.94 demo-5994
edid_is 2160p30 vic=97,16,4
check_mode "2160p30 preferred" 3840x2160@60.00 demo-480p
check_mode "2160p30 preferred, a frame of 1080" 1920x1080@60.00 demo
edid_is 2160p30 vic=4
check_mode "2160p30 is all of its size" 3840x2160@30.00 demo-480p
check_lines "a slow one is told" 1 "30.000 refreshes a second"
edid_is 1080i60 vic=5,4
check_mode "1080i alone holds the frame" 1920x1080i@60.00 demo
check_mode "720p holds it too" 1280x720@60.00 demo-480p
check_display vkms

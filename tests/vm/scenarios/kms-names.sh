#!/bin/sh
# Names that are not there: those that are get printed
# boots: exact
# needs: vkms
# faults: D7 D13
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
check_refusal "connector" 69 "no connector HDMI-A-9" "Virtual-.: connected" \
	demo-480p --display kms,device=vkms,connector=HDMI-A-9
check_refusal "mode" 78 "1234x777" "1024x768@60" \
	demo-480p --display kms,device=vkms --mode 1234x777
check_refusal "driver" 69 "no display device of driver nvidia" "(vkms)" \
	demo-480p --display kms,device=nvidia
check_refusal "path" 69 "/dev/dri/card9" "ls /dev/dri" \
	demo-480p --display kms,device=/dev/dri/card9
check_refusal "plane" 69 "no plane 999" "its planes are" \
	demo-480p --display kms,device=vkms,plane=999
check_refusal "setting" 64 "no setting colour" "connector" \
	demo-480p --display kms,colour=red
check_refusal "not a DRM device" 69 "/dev/null" "DRM device" \
	demo-480p --display kms,device=/dev/null
check_refusal "frame larger than the mode" 78 "larger than mode 640x480" \
	"smaller graph" demo --display kms,device=vkms --mode 640x480
check_refusal "rotation that the plane lacks" 78 "turn the picture" \
	"rotation=" demo-480p --display kms,device=vkms,rotation=90
check_display vkms
check_runs vkms

#!/bin/sh
# A headset is taken by name only; a panel that is mounted turned
# boots: exact
# needs: vkms
# vkms: left_edid=1 left_second=1 left_props=1
# timeout: 400
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/mode.sh
rotation()
{
	echo dump | kms_left vkms | sed -n 's/^primary rotation = //p'
}
taken()	# -> the connector that the line names
{
	sed -n 's/.*display: kms: [^ ]* [^ ]* \([^ ]*\) .*/\1/p' messages
}
edid_is 1080p60 vic=16 headset
start demo-480p --display kms,device=vkms --ticks 30
finished "a headset and a panel"
check_text "the panel is taken" HDMI-A-1 "$(taken)"
# of the boot's command line: HDMI-A-1 is mounted upside down
start demo-480p --display kms,device=vkms
started
check_text "turned as it is mounted" 4 "$(rotation)"
check_lines "and told" 1 "turned 180"
finish "a panel upside down"
start demo-480p --display kms,device=vkms,rotation=0
started
check_text "not where it was asked for otherwise" 1 "$(rotation)"
finish "rotation=0"
start demo-480p --display "kms,device=vkms,connector=$left_name" --ticks 30
finished "the headset by name"
check_text "it is taken" "$left_name" "$(taken)"
edid_is 1080p60 vic=16
start demo-480p --display kms,device=vkms --ticks 30
finished "a monitor and a panel"
check_text "the first one" "$left_name" "$(taken)"
modprobe -r vkms
modprobe vkms left_edid=1 left_second=1
start demo-480p --display kms,device=vkms,connector=HDMI-A-1 --ticks 30
finished "a plane that cannot turn"
check_lines "one line" 1 "HDMI-A-1: the panel is mounted turned"
check_display vkms

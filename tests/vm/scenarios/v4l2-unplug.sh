#!/bin/sh
# A camera is unplugged and comes back, with another number, another size, or not at all
# boots: exact
# needs: vivid vkms
# faults: V1 V5
# timeout: 300
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/camera.sh
load_vivid
start vm-camera --display kms,device=vkms --mode 640x480 \
	--source v4l2,device=vivid
started
sleep 1
knob disconnect
sleep 2
check "frames go on" flips_go_on vkms
finish "a disconnect"
check_ledger "a disconnect"
check_source_ledger "a disconnect"
check_text "state" running "$(source_value state)"
check_text "one loss" 1 "$(reason_value unplugged losses)"
check_source recoveries 1 1
check_source delivered 40 100

# gone for good: vivid cannot be unloaded before the program lets go of it
start vm-camera --display kms,device=vkms --mode 640x480 \
	--source v4l2,device=vivid
started
sleep 1
mv $camera /dev/away
knob() { v4l2_tool /dev/away control 0x00f0f041 0 | sed 's/^/# knob /'; }
knob
sleep 2
check "frames go on" flips_go_on vkms
modprobe -r vivid 2>&1 | sed 's/^/# /'
check "it is let go of" [ ! -d /sys/module/vivid ]
mknod /dev/video63 c 81 63
modprobe vivid node_types=1
sleep 2
finish "another number"
check_ledger "another number"
check_source_ledger "another number"
check_text "state" running "$(source_value state)"
check_source recoveries 1 1

# the signal of an HDMI input changes
camera=/dev/video0
start vm-camera --display kms,device=vkms --mode 640x480 \
	--source v4l2,device=vivid,input=3
started
sleep 1
v4l2_tool $camera control 0x00f0f03e 1 | sed 's/^/# signal: /'
sleep 2
v4l2_tool $camera control 0x00f0f03e 0 | sed 's/^/# signal: /'
sleep 2
finish "a signal that changes"
check_ledger "a signal that changes"
check_source_ledger "a signal that changes"
check "it was opened anew" [ "$(reason_value "another format" losses)" -ge 1 ]
check_text "state" running "$(source_value state)"
check_display vkms

#!/bin/sh
# A camera of 59.94 Hz on a plane: vivid fills the frames, each tick and frame is counted
# boots: exact
# needs: vivid vkms
# timeout: 300
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/camera.sh
load_vivid
knob reduced 1
start vm-camera --display kms,device=vkms --mode 640x480 \
	--source v4l2,device=vivid,input=3 --ticks 2400
finished "2400 ticks"
grep 'source camera' messages | sed 's/^/# /'
check "the device fills the frames" said "vivid (platform:vivid-000), XR24 640x480, 59.94[0-9]* Hz (not 60), filled by the device"
check_ledger "a camera"
check_source_ledger "a camera"
check_text "state" running "$(source_value state)"
check_source losses 0 0
# 2400 ticks of 60 Hz are 40 s: 2397.6 frames, and those around the ends
check_source delivered 2395 2400
# vivid numbers its frames: what is not delivered is lost, none is made up
check_source lost 0 3
check_source empty 1 12
check_value major 0 0
check_display vkms

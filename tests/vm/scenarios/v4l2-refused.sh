#!/bin/sh
# What a camera does not give, or is in use: one line that says what there is
# boots: exact
# needs: vivid vkms
# faults: V6 V7
# timeout: 200
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/camera.sh
load_vivid
check_refusal "no MJPG" 78 "has no XRGB8888" "it has YUYV" \
	vm-camera --display headless --source v4l2,format=MJPG
check_refusal "fields" 78 "640x480 interlaced" "it has YUYV" \
	vm-camera --display headless --source v4l2,input=1
check_refusal "no such input" 78 "has no input 9" "3 HDMI" \
	vm-camera --display headless --source v4l2,input=9
check_refusal "a setting that is none" 64 "colour=red" "it takes device=" \
	vm-camera --display headless --source v4l2,colour=red
v4l2_tool $camera hold >held &
holder=$!
wait_for 50 grep -q 'hold ok' held
check_refusal "in use" 69 "is in use by v4l2_tool ($holder)" "another device" \
	vm-camera --display headless --source v4l2,device=vivid
start vm-camera --display headless --source auto --ticks 10
finished "in use, auto"
check "auto says so" said "pattern, .*(not v4l2: .*in use by v4l2_tool"
kill $holder
wait $holder
# memory that has to be in one piece: not ours
load_vivid allocators=1
start vm-camera --display kms,device=vkms --mode 640x480 \
	--source v4l2,device=vivid --ticks 60
finished "a device with memory of its own"
check "is read from" said "XR24 640x480, 25 Hz (not 60), read in the device's memory"
check_ledger "read"
check_source_ledger "read"
check_source delivered 20 26
check_display vkms

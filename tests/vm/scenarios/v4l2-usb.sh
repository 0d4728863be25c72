#!/bin/sh
# A USB camera on the kernel's uvcvideo: MJPG, corrupt frames, a stall, unplugged and plugged in again
# boots: exact
# needs: vhci-hcd uvcvideo
# faults: V1 V2 V3
# timeout: 300
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/camera.sh
size=$((640 * 480 * 4))
mkfifo commands
plug()
{
	uvc_camera 0 640 480 25 <commands >usb.log 2>&1 &
	usb=$!
	exec 4>commands
	wait_for 100 test -c $camera || sed 's/^/# /' usb.log
}

unplug()
{
	kill $usb
	wait $usb 2>/dev/null
	exec 4>&-
	wait_for 100 test ! -e $camera
}

camera_run()
{
	start vm-formats "$@" --source "xrgb:v4l2,device=test cam,rate=25"
	started
	sleep 2
}

ended()	# WHAT
{
	finish "$1"
	check_ledger "$1"
	check_source_ledger "$1"
	check_text "$1: state at the end" running "$(source_value state)"
}

plug
vm-formats --probe >probe
check_text "its metadata node is passed over" 1 "$(grep -c 'driver uvcvideo' probe)"
check "--probe has both formats" grep -q 'YUYV MJPG 640x480 at 25 Hz' probe
vm-formats --display headless --source "xrgb:v4l2,device=test cam" --ticks 25 \
	--record xrgb_out:frames >report 2>messages
grep 'source ' messages | sed 's/^/# /'
check "decoded" said "test cam (usb-vhci_hcd.0-1), MJPG 640x480, 25 Hz, decoded by TurboJPEG"
check "the first takes it, the other finds it taken" said "source yuyv: pattern.*what source xrgb has already"
tail -c $size frames >last
check_text "each pixel of the last frame" "a frame" "$(v4l2_tool - grey 640x480 last)"

camera_run --display headless
echo error >&4
sleep 1
echo cut >&4
sleep 1
ended "two bad frames"
# uvcvideo keeps a frame with the error bit to itself
check_text "the one that uvcvideo lets through is passed over" 1 \
	"$(reason_value corrupt frames)"
check_source losses 0 0

camera_run --display headless
echo stall >&4
sleep 3
echo go >&4
sleep 3
ended "a stall"
check_source recoveries 1 1

camera_run --display headless
unplug
sleep 2
plug
sleep 4
ended "plugged in again"
check_text "one loss" 1 "$(reason_value unplugged losses)"
check_source recoveries 1 1
unplug
check_runs virtio_gpu

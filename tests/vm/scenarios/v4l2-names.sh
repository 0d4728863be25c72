#!/bin/sh
# A camera is found by any name that stays, by --source auto, and listed by --probe
# boots: exact
# needs: vivid
# faults: V10
# timeout: 200
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/camera.sh

runs()	# WHAT SETTINGS WORDS
{
	start vm-camera --display headless --ticks 10 --source "$2"
	finished "$1"
	check "$1: $3" said "$3"
}

vm-camera --probe >probe
check "--probe lists the card, bus and node" \
	grep -q 'v4l2 *vivid, platform:vivid-000, /dev/video0, driver vivid' probe
check "--probe lists formats, sizes and rates" \
	grep -q 'YUYV.*NV12.*XR24.* 640x480 at 1, 2, .*25 Hz' probe
check_text "vivid's other nodes are passed over" 1 "$(grep -c 'driver vivid' probe)"
check "there are some" [ "$(cat /sys/class/video4linux/*/name | wc -l)" -gt 4 ]
runs "by card" v4l2,device=vivid "v4l2, vivid (platform:vivid-000)"
runs "by bus" v4l2,device=platform:vivid-000 "v4l2, vivid (platform:vivid-000)"
runs "by path" v4l2,device=$camera "v4l2, vivid (platform:vivid-000)"
mkdir -p /dev/v4l/by-id
ln -s ../../video0 /dev/v4l/by-id/a-name
runs "by link" v4l2,device=a-name "v4l2, vivid (platform:vivid-000)"
runs "by any" v4l2 "v4l2, vivid (platform:vivid-000)"
runs "by auto" auto "v4l2, vivid (platform:vivid-000)"
rm -r /dev/v4l
check_refusal "a number" 64 "numbers change" '"vivid" (platform:vivid-000' \
	vm-camera --display headless --source v4l2,device=0
check_refusal "no such name" 69 "vivit: no camera of that name" \
	'"vivid" (platform:vivid-000' \
	vm-camera --display headless --source v4l2,device=vivit
other=$(grep -l 'vid-out' /sys/class/video4linux/*/name | head -n1)
other=/dev/$(basename "${other%/name}")
check_refusal "an output" 69 "$other is a node that takes no pictures" vivid \
	vm-camera --display headless --source v4l2,device=$other
check_refusal "no video device at all" 69 "is no V4L2 device" vivid \
	vm-camera --display headless --source v4l2,device=/dev/null
mkdir -p /etc && printf 'root:x:0:\nvideo:x:44:\n' >/etc/group
printf 'root:x:0:0::/:/bin/sh\nnobody:x:99:99::/:/bin/sh\n' >/etc/passwd
chown 0:44 /dev/video* && chmod 660 /dev/video*
check_refusal "a user outside the group" 77 "permission" "group video" \
	su nobody -c "/payload/vm-camera --display headless --source v4l2,device=vivid"
check_refusal "any camera" 77 "permission" "group video" \
	su nobody -c "/payload/vm-camera --display headless --source v4l2"
modprobe -r vivid
runs "no camera" auto "source camera: pattern, .*(not v4l2: there is no V4L2 camera here)"
check_refusal "no camera, named" 69 "no camera of that name" "no V4L2 camera here" \
	vm-camera --display headless --source v4l2,device=vivid
check_ledger "no camera"
check_runs virtio_gpu

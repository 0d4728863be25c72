#!/bin/sh
# Five formats from five cameras: each pixel is within 1 of the exact number
# boots: exact
# needs: vivid
# timeout: 300
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/camera.sh
command -v vm-formats >/dev/null || {
	skip "formats" "the lab was started without its payload"
	exit 0
}
load_vivid n_devs=5
n=0
set --
for format in xrgb nv12 yuyv uyvy grey; do
	camera=/dev/video$n
	wait_for 50 test -c $camera
	knob text 2
	set -- "$@" --source "$format:v4l2,device=platform:vivid-00$n" \
		--display "${format}_out:headless" --record "${format}_out:$format"
	n=$((n + 1))
done
start vm-formats "$@" --ticks 20
finished "five cameras"
check_ledger "five cameras"
check_source_ledger "five cameras"
grep 'source ' messages | sed 's/^/# /'
check "colours are told" said "NV12 640x480, BT.601 limited"
n=0
for format in XR24 NV12 YUYV UYVY GREY; do
	name=$(echo $format | tr 'A-Z' 'a-z')
	[ $name != xr24 ] || name=xrgb
	v4l2_tool /dev/video$n capture $format 640x480 0 raw | sed 's/^/# /'
	tail -c $((640 * 480 * 4)) $name >last
	check_text "$format" equal "$(v4l2_tool - compare $format 640x480 raw last)"
	n=$((n + 1))
done

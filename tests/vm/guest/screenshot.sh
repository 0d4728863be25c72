# shellcheck shell=dash
# Not a scenario: what `lab.sh screenshot` runs. /out/command is what the
# guest shall show, /out/device whose picture to take; the picture is left as
# /out/screen.ppm, or as raw XRGB8888 in /out/screen.raw with /out/size.
. /lab/lib.sh
device=$(cat /out/device)
if [ "$device" = vkms ]; then
	modprobe vkms enable_overlay=1 enable_writeback=1
	kms_share vkms sock /bin/sh /out/command >/out/log 2>&1 &
else
	sh /out/command >/out/log 2>&1 &
fi
sleep "$(cat /out/seconds)"
if [ "$device" = vkms ]; then
	printf 'size\ncapture /out/screen.raw\n' | kms_probe -s sock >answer
	sed -n 's/^size //p' answer >/out/size
	check "capture" grep -qx "capture ok" answer
else
	check "screen dump" host screendump "$device" screen.ppm
fi

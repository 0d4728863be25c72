#!/bin/sh
# Each card of this boot opens by the name of its driver, and no other does
# boots: x86 rt arm64 none
# needs: vgem
. /lab/lib.sh

opens()	# DRIVER
{
	check_text "$1 opens" "open ok
info $1 connected no-writeback" "$(echo info | kms_probe "$1")"
}

absent()	# DRIVER
{
	check_text "$1 is not here" "open ENOENT" "$(kms_probe "$1" </dev/null)"
}

case $(tr ' ' '\n' </proc/cmdline | sed -n 's/^lab.boot=//p') in
x86)      opens virtio_gpu; opens bochs-drm ;;
rt|arm64) opens virtio_gpu; absent bochs-drm ;;
none)     absent virtio_gpu; absent bochs-drm ;;
esac
check_text "a node without CRTCs (vgem) is told apart" "open EOPNOTSUPP" \
	"$(kms_probe vgem </dev/null)"

#!/bin/sh
# Each card of this boot opens by the name of its driver, and no other does
# boots: x86 rt arm64 none
# needs: vgem
. /lab/lib.sh

probe()	# DRIVER
{
	echo info | kms_probe "$1"
}

present()
{
	check_text "$1 opens" "open ok
info $1 connector connected writeback no" "$(probe "$1")"
}

absent()
{
	check_text "$1 is not here" "open ENOENT
info  connector disconnected writeback no" "$(probe "$1")"
}

case $(uname -m)/$(ls /sys/class/drm | grep -c '^card[0-9]*-') in
*/0) absent virtio_gpu && absent bochs-drm ;;
*/1) present virtio_gpu && absent bochs-drm ;;
x86_64/2) present virtio_gpu && present bochs-drm ;;
*) not_ok "connectors" "$(ls /sys/class/drm)" ;;
esac
check_text "a node without CRTCs (vgem) is told apart" "open EOPNOTSUPP" \
	"$(probe vgem | head -n1)"

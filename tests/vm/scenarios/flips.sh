#!/bin/sh
# An atomic mode set and 60 flips, each with its event, on every driver
# boots: x86 rt arm64
# needs: vkms
# timeout: 60
. /lab/lib.sh

flips()	# DRIVER
{
	check_text "$1: 60 flips, 60 events" "open ok
modeset ok
flips 60 events 60" "$(printf 'modeset\nflips 60\n' | kms_probe "$1")"
}

flips virtio_gpu
[ "$(card_of bochs-drm)" ] && flips bochs-drm
[ "$(uname -m)" = aarch64 ] || flips vkms

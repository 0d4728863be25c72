#!/bin/sh
# A mode set and 60 flips, each with its event, where flips complete at once
# boots: x86 rt arm64
# timeout: 60
. /lab/lib.sh

flips()	# DRIVER
{
	check_text "$1: 60 flips, 60 events" "open ok
modeset ok
flips 60 events 60" "$(printf 'modeset\nflips 60\n' | kms_probe "$1")"
}

flips virtio_gpu
grep -q lab.boot=x86 /proc/cmdline && flips bochs-drm
true

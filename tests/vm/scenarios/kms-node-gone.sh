#!/bin/sh
# The node goes away between start and start: 69, then it runs
# boots: exact
# needs: vkms
# faults: D10
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
modprobe -r vkms
check_refusal "driver not loaded" 69 "no display device of driver vkms" \
	"virtio_gpu" demo-480p --display kms,device=vkms
modprobe vkms
start demo-480p --display kms,device=vkms --ticks 30
finished "loaded again"
check_ledger "loaded again"
check_display vkms

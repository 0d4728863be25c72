#!/bin/sh
# A format that the plane lacks: those it has are printed
# boots: exact
# needs: vkms
# faults: D7
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
check_refusal "RGB565 on virtio-gpu" 78 "does not show RGB565" "XR24" \
	demo-480p --display kms,device=virtio_gpu,format=RGB565
check_display virtio_gpu
check_runs virtio_gpu

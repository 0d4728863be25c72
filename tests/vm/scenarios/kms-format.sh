#!/bin/sh
# A format that the plane lacks: those it has are printed
# boots: x86
# needs: vkms
# faults: D7
# timeout: 60
. /lab/lib.sh
. /lab/program.sh
check_refusal "RGB565 on virtio-gpu" 78 "does not show RGB565" "XR24" \
	demo-480p --display kms,device=virtio_gpu,format=RGB565
check_display virtio_gpu

#!/bin/sh
# A device that only renders is refused
# boots: exact
# needs: vgem
# faults: D7
# timeout: 30
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
card=/dev/dri/$(card_of vgem)
check_refusal "vgem" "69" "no CRTC\|no atomic" "$card" \
	demo-480p --display "kms,device=$card"
check_runs virtio_gpu

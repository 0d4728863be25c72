#!/bin/sh
# A clean end puts back what was on view before
# boots: exact
# needs:
# faults: P1 D17
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
before=$(plane_fb virtio_gpu)
start demo-480p --display kms,device=virtio_gpu
started
# while another program has the device open the kernel puts nothing back; the
# first to open it would be its master
sleep 100 <"/dev/dri/$(card_of virtio_gpu)" &
check "our picture" changed_from virtio_gpu "$before"
finish "ends"
check_ledger "ends"
check_text "the console's framebuffer is back" "$before" \
	"$(plane_fb virtio_gpu)"
check_display virtio_gpu

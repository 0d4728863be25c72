#!/bin/sh
# Several cards: the one with the monitor, at the start and after a loss
# boots: exact
# needs: vkms
# faults: D10 D11
# timeout: 400
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
taken()
{
	sed -n 's/.*display: kms: [^ ]* (\(.*\)) .*/\1/p' messages
}
connector()	# DRIVER off|detect
{
	for file in /sys/class/drm/"$(card_of "$1")"-Virtual-*/status; do
		echo "$2" >"$file"
	done
}
for driver in virtio_gpu bochs-drm; do
	connector $driver off
done
start demo-480p --display kms --ticks 30
finished "the only one with a monitor"
check_text "it is taken" vkms "$(taken)"
connector virtio_gpu detect
fault status 2
start demo-480p --display kms --ticks 30
finished "another one has it now"
check_text "that is taken" virtio_gpu "$(taken)"
fault status 1
connector virtio_gpu off
start demo-480p --display kms
started
fault status 2
connector virtio_gpu detect
check "unplugged here, plugged there" wait_for 200 plane_fb virtio_gpu
check "frames there" flips_go_on virtio_gpu
finish "ends"
check_ledger "ends"
check_text "told" 1 "$(grep -c 'kms: now .*virtio_gpu' messages)"
fault status 1
connector virtio_gpu off
start demo-480p --display kms,device=vkms
started
fault status 2
connector virtio_gpu detect
sleep 5
check_text "what was named is not left" 0 "$(grep -c 'kms: now' messages)"
fault status 1
check "it comes back" flips_go_on vkms
finish "named"
check_ledger "named"
connector virtio_gpu off
fault status 2
check_refusal "no monitor at all" 69 "no connected connector" "connector=" \
	demo-480p --display kms --ticks 5
fault status 1
connector virtio_gpu detect
connector bochs-drm detect
check_display virtio_gpu

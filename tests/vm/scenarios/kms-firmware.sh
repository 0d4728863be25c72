#!/bin/sh
# The firmware's picture is taken last, and left when the real driver comes
# boots: exact
# faults: D10
# timeout: 400
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
# vkms under the name of one: simpledrm is not in Debian's kernel as a module
firmware()	# NAME
{
	modprobe -r vkms 2>/dev/null
	modprobe vkms left_name="$1"
}
taken()
{
	sed -n 's/.*display: kms: [^ ]* (\(.*\)) .*/\1/p' messages
}
modprobe -r virtio_gpu
modprobe -r bochs
for name in simpledrm efidrm; do
	firmware $name
	start demo-480p --display kms --ticks 30
	finished "$name alone"
	check_text "$name alone is taken" $name "$(taken)"
	modprobe virtio-gpu
	start demo-480p --display kms --ticks 30
	finished "$name first, and the real one"
	check_text "the real one is taken before $name" virtio_gpu "$(taken)"
	start demo-480p --display "kms,device=$name" --ticks 30
	finished "$name by name"
	check_text "$name by name is taken" $name "$(taken)"
	modprobe -r virtio_gpu
	start demo-480p --display kms
	started
	modprobe virtio-gpu
	check "$name is left when the real one comes" \
		wait_for 200 plane_fb virtio_gpu
	check "frames on the real one" flips_go_on virtio_gpu
	finish "ends"
	check_ledger "ends"
	modprobe -r virtio_gpu
	start demo-480p --display kms
	started
	fault unplug 1
	sleep 2
	modprobe virtio-gpu
	check "also where $name goes first" wait_for 200 plane_fb virtio_gpu
	check "frames there too" flips_go_on virtio_gpu
	finish "ends too"
	check_ledger "ends too"
	modprobe -r virtio_gpu
done
modprobe -r vkms
modprobe virtio-gpu
modprobe bochs
check_display virtio_gpu

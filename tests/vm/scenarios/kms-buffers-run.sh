#!/bin/sh
# Slots that CUDA draws in: ledgers over 600 ticks, and through unbinding
# boots: exact
# needs: vkms
# timeout: 300
# faults: D10
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/cuda.sh

# Graphs are done without being drawn, in no time: the lab's CPU is no GPU.
gpu="export FAKE_CUDA_SKIP=1000000"

run()	# SETTINGS ARGUMENT...
{
	settings=$1
	shift
	cuda_program --display "kms,$settings" "$@" '"$@"' >program
	chmod 755 program
	start ./program
}

for buffers in dumb dumb-hostreg dumb-import; do
	run "device=vkms,buffers=$buffers" --ticks 600
	finished "$buffers, 600 ticks"
	check_ledger "$buffers"
	check_value ticks 600 600
	check_value errors 0 0
	check_text "$buffers: each frame that was accepted came on view" \
		"$(($(value presented) + $(value late)))" "$(value flips)"
	check_value flips 200 600
	check_text "$buffers: it was" "$buffers" "$(value buffers)"
done

dev=$(basename /sys/bus/virtio/drivers/virtio_gpu/virtio*)
closed() { ! ls -l /proc/$program/fd | grep -q /dev/dri; }
for buffers in dumb-hostreg dumb-import; do
	run "device=virtio_gpu,buffers=$buffers"
	started
	echo "$dev" >/sys/bus/virtio/drivers/virtio_gpu/unbind
	check "$buffers: the program lets go of it" wait_for 50 closed
	check "$buffers: no dma-buf is left" \
		! sh -c "ls -l /proc/$program/fd | grep -q dmabuf"
	check "$buffers: the program runs on" kill -0 $program
	echo "$dev" >/sys/bus/virtio/drivers/virtio_gpu/bind
	wait_for 50 card_of virtio_gpu
	wait_for 50 flips_go_on virtio_gpu
	check "$buffers: frames come again" flips_go_on virtio_gpu
	finish "$buffers, after the unbind"
	check_ledger "$buffers, unbound"
	check_value recoveries 1 2
	check_text "$buffers: it was" "$buffers" "$(value buffers)"
done
check_display virtio_gpu

# shellcheck shell=dash
# Programs that draw with the fake libcuda (tests/fakes/cuda): ". /lab/cuda.sh"
# after program.sh. Its kernels are the program's own, compiled for the CPU.

[ -x /payload/cuda/demo-480p ] || {
	skip "the fake libcuda" "it is not in the payload"
	exit 0
}

# As a GPU that imports dma-bufs: a Thor, as cuda.h has it; $gpu says otherwise.
cuda_program()	# ARGUMENT... -> ./program's text
{
	echo "#!/bin/sh
export LD_LIBRARY_PATH=/payload/cuda FAKE_CUDA_KERNELS=%e.kernels.so
export FAKE_CUDA_INTEGRATED=1 FAKE_CUDA_CAPABILITY=110
$gpu
exec /payload/cuda/demo-480p --backend cuda $*"
}

# What the report says was turned down, one a line.
rejected()
{
	sed -n 's/^ *"what": "\([^"]*\)".*/\1/p' report
}

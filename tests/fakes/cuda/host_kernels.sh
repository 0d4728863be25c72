#!/bin/sh
# tests/fakes/cuda/host_kernels.sh SOURCE.cu OUT.so [FLAGS...]: the kernels of a
# CUDA source as host functions, for FAKE_CUDA_KERNELS. See host_grid.h.
set -eu
source=$1 out=$2
shift 2
symbols=$(tr '\n\t' '  ' <"$source" | sed 's/__launch_bounds__([^)]*)//g' |
	grep -o '__global__[^(]*(' | sed 's/ *($//; s/.*[ *]//' | sort -u)
grep -q 'graph/kernel.cuh' "$source" && symbols="$symbols graph_done graph_mark"
[ -n "$symbols" ] || { echo "$source: no kernels" >&2; exit 1; }
unit=$out.cc
{
	echo '#include "tests/fakes/cuda/host_grid.h"'
	echo "#include \"$source\""
	for symbol in $symbols; do
		echo "FAKE_KERNEL($symbol)"
	done
} >"$unit"
compile() {
	${CXX:-c++} -std=gnu++17 -O2 -g -I. -Ibuild/generated \
		-fPIC -ffp-contract=off -fno-strict-aliasing \
		-fvisibility=hidden "$@" "$unit"
}

# Threads that wait for each other are coroutines, which take their time.
wait=
compile "$@" -DFAKE_THREADS_WAIT -E | grep '__syncthreads()' >/dev/null &&
	wait=-DFAKE_THREADS_WAIT
compile "$@" $wait -shared -o "$out"

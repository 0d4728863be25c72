#!/bin/sh
# tests/gpu/random.sh OUT FIRST LAST: random graphs as modules for gpu_random,
# OUT/gpu/random/SEED/{graph.so,graph.cubin}. What is newer than its sources is
# kept.
# JOBS=2 at once. KERNELS=1: in OUT/gpu/random-fake and without nvcc, with the
# kernels on the host: graph.cubin names them for the fake libcuda.
# shellcheck disable=SC2086,SC2046 # lists of words
set -eu
out=$1 first=$2 last=$3
nodes="tests/graph/nodes tests/nodes"
random=$out/gpu/random
[ "${KERNELS:-0}" = 1 ] && random=$random-fake
graphc=${GRAPHC:-build/tools/graphc}
mkdir -p "$random"

# Whether nothing that a module is made of is newer.
is_new() { # FOLDER
	[ -e "$1/graph.cubin" ] &&
		! find kernel graph $nodes tests/graph/files "$graphc" "$out/gpu/print_random_graph" \
			-newer "$1/graph.cubin" -type f | grep -q .
}

one() { # SEED
	dir=$random/$1
	is_new "$dir" && return
	rm -rf "$dir"
	mkdir -p "$dir"
	ln -s "$PWD/tests/graph/files" "$dir/files"
	"$out/gpu/print_random_graph" "$1" $nodes >"$dir/graph.yaml"
	"$graphc" -b boards/host/board.yaml $(printf -- '-n %s ' $nodes) \
		-o "$dir" "$dir/graph.yaml"
	${CC:-cc} -std=gnu11 -O1 -I. -Ibuild/generated -ffp-contract=off \
		-fno-strict-aliasing $(printf -- '-iquote %s ' $nodes) -fPIC \
		-shared -s -DGRAPH_SYMBOL=graph_module \
		-o "$dir/graph.so" "$dir/random-$1.c" -lm
	if ! grep -q __global__ "$dir/random-$1.cu"; then
		echo none >"$dir/graph.cubin" # it has no plan that loads it
	elif [ "${KERNELS:-0}" = 1 ]; then
		tests/fakes/cuda/host_kernels.sh "$dir/random-$1.cu" \
			"$dir/kernels.so" $(printf -- '-I%s ' $nodes)
		echo "FAKE$PWD/$dir/kernels.so" >"$dir/graph.cubin"
	else
		"$NVCC" -cubin -arch="${GPU_ARCH:-sm_90}" -I. \
			-Ibuild/generated $(printf -- '-I%s ' $nodes) \
			-o "$dir/graph.cubin" "$dir/random-$1.cu"
	fi
}

if [ "$first" = one ]; then
	one "$last"
	exit
fi
export NVCC="${NVCC:-/usr/local/cuda/bin/nvcc}"
seq "$first" "$last" | xargs -P "${JOBS:-2}" -I{} "$0" "$out" one {}

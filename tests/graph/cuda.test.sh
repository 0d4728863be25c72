#!/bin/sh
# tests/graph/cuda.test.sh: nvcc compiles the NAME.cu of every graph in the
# tree, for GPUs from Turing to Thor, without a warning, and no kernel keeps
# anything in local memory. No GPU is needed. The same with CUDA 11.8 for Xavier
# and Orin, where Debian's package of it can be fetched (cuda-11.8.sh, kept in
# build/cuda-11.8); TICKLINE_CUDA_11_8=0: do not try. One TAP line a graph.
# BUILD is the build folder (build/host). GRAPH and NODES: a description and a
# folder of node types, in place of all these.
# shellcheck disable=SC2086,SC2231 # lists of words, a pattern of folders
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build/host}
work=$build/cuda
old=build/cuda-11.8
folders="tests/graph/nodes tests/nodes tests/gpu/graphs ${NODES:-}"
graphs=${GRAPH:-"graph/*.yaml tests/graph/golden/*.yaml tests/gpu/graphs/cpu-*.yaml
	tools/nodedoc/marks.yaml"}
include="-I. -Ibuild/generated"
options=
for folder in $folders; do
	include="$include -I$folder"
	options="$options -n $folder"
done
least=40 # kernels there must be, lest nothing was tried
[ -z "${GRAPH:-}" ] || least=1
rm -rf "$work"
mkdir -p "$work"

n=0 failed=0
result() { # STATUS NAME
	n=$((n + 1))
	[ "$1" -eq 0 ] || failed=1
	[ "$1" -eq 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}
skip() { # NAME REASON
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# Compiles $1 for all architectures; ptxas says what each kernel needs.
compile() { # FILE.cu NVCC WITH OPTIONS
	"$nvcc" $include $code -Xptxas -v -Werror all-warnings $2 -fatbin \
		-o "$work/fatbin" "$1" >"$work/log" 2>&1 || {
		sed 's/^/# /' "$work/log"
		return 1
	}
	kernels=$(grep -c 'stack frame' "$work/log")
	wanted=$(($(grep -c '__global__' "$1") * architectures))
	if grep -q graph/kernel.cuh "$1"; then # with its own
		wanted=$((wanted + 2 * architectures))
	fi
	[ "$kernels" -eq "$wanted" ] || {
		echo "# $kernels kernels compiled of $wanted"
		return 1
	}
	if grep 'stack frame' "$work/log" | grep -qv ' 0 bytes stack frame, 0 bytes spill'; then
		grep -B1 'stack frame' "$work/log" | sed 's/^/# /'
		return 1
	fi
	kernel_count=$((kernel_count + kernels))
}

# With $nvcc, for each architecture in $arches, all graphs or those NAMED so.
compile_all() { # WHAT OPTIONS LEAST_KERNELS [NAMED]
	code=
	architectures=0
	kernel_count=0
	for arch in $arches; do
		code="$code -gencode arch=compute_$arch,code=sm_$arch"
		architectures=$((architectures + 1))
	done
	for file in "$work"/${4:-*}/*.cu; do
		compile "$file" "$2"
		result $? "$1: $(basename "$file")"
	done
	[ $kernel_count -ge $(($3 * architectures)) ]
	result $? "$1: $kernel_count kernels for sm $arches, none with a stack frame"
}

for graph in $graphs; do
	build/tools/graphc $options -o "$work/$(basename "$graph" .yaml)" "$graph" ||
		failed=1
done

nvcc=${NVCC:-$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)}
if [ -x "$nvcc" ]; then
	known=$("$nvcc" --list-gpu-arch)
	arches=
	for arch in 75 87 90 110; do
		if echo "$known" | grep -qx "compute_$arch"; then
			arches="$arches $arch"
		else
			skip "nvcc: sm_$arch" "$nvcc does not know it"
		fi
	done
	compile_all "nvcc $("$nvcc" --version | sed -n 's/.*release \([0-9.]*\).*/\1/p')" "" $least
else
	skip "nvcc" "no nvcc here: install CUDA, or set NVCC"
fi

if [ "${TICKLINE_CUDA_11_8:-1}" = 0 ]; then
	skip "CUDA 11.8" "TICKLINE_CUDA_11_8=0"
elif reason=$(tests/graph/cuda-11.8.sh $old); then
	nvcc=$old/bin/nvcc
	arches="72 87"
	# 11.8 knows gcc up to 11 and clang up to 14.
	host="-ccbin clang++-14"
	command -v clang++-14 >/dev/null || host=-allow-unsupported-compiler
	compile_all "CUDA 11.8" "$host" $least
	[ -z "${GRAPH:-}" ] || { echo "1..$n"; exit $failed; }
	# Before 11.7 a block by value is copied to the stack where a kernel
	# indexes into it in some ways; the demo's does not.
	compile_all "CUDA 11.8 as 11.4" "$host -DGRAPH_IN_PLACE=" 8 'demo*'
else
	skip "CUDA 11.8" "$(echo "$reason" | tail -1)"
fi
echo "1..$n"
exit $failed

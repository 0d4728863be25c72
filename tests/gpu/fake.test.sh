#!/bin/sh
# tests/gpu/fake.test.sh [FIRST LAST]: what tests/gpu/run.sh runs on a GPU, on
# the fake libcuda: random graphs through drivers/cuda, and each benchmark for
# one round, which compares its frames with the CPU's before it measures. Times
# mean nothing here. BUILD is the build folder (build/host).
set -u
cd "$(dirname "$0")/../.." || exit 1
out=${BUILD:-build/host}
first=${1:-1} last=${2:-12}
work=$out/gpu/fake
n=0 bad=0
rm -rf "$work"
mkdir -p "$work"
export FAKE_CUDA_REPORT="$work/report" FAKE_CUDA_DELAY_US=0 \
	FAKE_CUDA_MEMORY=200000000

check() { # NAME COMMAND...
	name=$1
	shift
	n=$((n + 1))
	if LD_LIBRARY_PATH=$out/tests/fakes/cuda "$@" >"$work/log" 2>&1; then
		echo "ok $n - $name"
	else
		bad=1
		sed 's/^/# /' "$work/log"
		echo "not ok $n - $name"
	fi
}

for graph in demo-480p demo demo-apart; do
	mkdir -p "$work/$graph"
	cp "$out/gpu/$graph/graph.so" "$work/$graph"
	echo "FAKE$PWD/$out/gpu/$graph/kernels.so" >"$work/$graph/graph.cubin"
done
check "gpu_fused" "$out/gpu/gpu_fused" 1 "$work/demo-480p"
check "gpu_tick" "$out/gpu/gpu_tick" 5 "$work/demo-480p"
check "gpu_ladder" "$out/gpu/gpu_ladder" 1 "$work/demo-apart" "$work/demo"
check "gpu_buffers" "$out/gpu/gpu_buffers" "$work/demo-480p" 30

if ! KERNELS=1 tests/gpu/random.sh "$out" "$first" "$last" >"$work/log" 2>&1; then
	cat "$work/log"
	exit 1
fi
for seed in $(seq "$first" "$last"); do
	check "random graph $seed" "$out/gpu/gpu_random" "$out/gpu/random-fake/$seed"
done
echo "1..$n"
exit $bad

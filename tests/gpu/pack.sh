#!/bin/sh
# tests/gpu/pack.sh [PACK]: build everything that tests/gpu/run.sh runs and put
# it, with the libraries that it needs, into PACK (build/gpu-pack): at most 60
# MiB, for a machine with a GPU and nothing else. BOARD=host; needs nvcc.
#   SEEDS=200   random graphs        JOBS=2   at once
# shellcheck disable=SC2086 # lists of words
set -eu
cd "$(dirname "$0")/../.."
pack=${1:-build/gpu-pack}
out=build/host
seeds=${SEEDS:-200} jobs=${JOBS:-2}
limit_kb=$((60 * 1024))

make --no-print-directory "-j$jobs" programs gpu-benches \
	$out/demo/demo-trap $out/gpu/print_random_graph
JOBS=$jobs tests/gpu/random.sh $out 1 "$seeds"

rm -rf "$pack"
mkdir -p "$pack/bin" "$pack/lib" "$pack/modules" "$pack/random"
for file in graph/*.yaml; do
	name=$(basename "$file" .yaml)
	cp "$out/$name/$name" "$pack/bin"
	echo "$name"
done >"$pack/graphs"
cp $out/cpu-middle/cpu-middle $out/live/live "$pack/bin"
echo cpu-middle >>"$pack/graphs"
cp $out/demo/demo-trap $out/gpu-fault/gpu-fault $out/gpu/demo-other "$pack/bin"
for tool in fused tick ladder live random buffers watch gles; do
	cp "$out/gpu/gpu_$tool" "$pack/bin"
done
for module in "$out"/gpu/*/graph.cubin; do
	dir=$(dirname "$module")
	mkdir -p "$pack/modules/$(basename "$dir")"
	cp "$dir/graph.so" "$module" "$pack/modules/$(basename "$dir")"
done
cp "$out/gpu/convert.cubin" "$pack/modules"
for seed in $(seq 1 "$seeds"); do
	mkdir -p "$pack/random/$seed"
	cp "$out/gpu/random/$seed/graph.so" "$out/gpu/random/$seed/graph.cubin" \
		"$pack/random/$seed"
done
strip "$pack"/bin/* "$pack"/modules/*/graph.so

# What is not part of every system.
for program in "$pack"/bin/*; do
	ldd "$program"
done | sed -n 's/.*=> \(\/[^ ]*lib\(drm\|png16\|xxhash\|turbojpeg\|z\)\.so[^ ]*\).*/\1/p' |
	sort -u | xargs -I{} cp -L {} "$pack/lib"
sanitizer=${CUDA_HOME:-/usr/local/cuda}/compute-sanitizer
[ -d "$sanitizer" ] && cp -r "$sanitizer" "$pack"
git rev-parse HEAD >"$pack/commit"
kb=$(du -sk "$pack" | cut -f1)
echo "$pack: $((kb / 1024)) MiB, $(wc -l <"$pack/graphs") graphs, $seeds random ones"
[ "$kb" -le $limit_kb ] || { echo "pack.sh: more than 60 MiB" >&2; exit 1; }

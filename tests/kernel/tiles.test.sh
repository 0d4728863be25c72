#!/bin/sh
# tests/kernel/tiles.test.sh: foo_tile against foo_frame for every frame type
# with a CUDA form, those in NODES too: a graph of that type alone, fed by
# sources of random bytes, at random sizes, its kernels on the CPU
# (tests/graph/emulate.test.sh). SEED=n repeats a run. BUILD is the build folder
# (build/host). One TAP line a type and size.
set -u
cd "$(dirname "$0")/../.." || exit 1
export BUILD="${BUILD:-build/host}"
command -v "${CXX:-g++}" >/dev/null || {
	echo "no ${CXX:-g++}: apt-get install g++"
	exit 77
}
sizes=${SIZES:-2}
seed=${SEED:-$(date +%s)}
work=$BUILD/tiles
echo "# SEED=$seed repeats this run"
rm -rf "$work"
mkdir -p "$work"
n=0 bad=0

below() { # COUNT: the next random number, in $random
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	random=$((seed / 65536 % $1))
}

graph() { # TYPE FILE: a description on stdout
	size=$((16 + width))x$((16 + height))
	printf 'graph: tiles\nsize: %s\nrate: 60\nnodes:\n' "$size"
	printf '  tile: {type: %s}\n  out: {type: headless}\n' "$1"
	ports=$(sed -n 's/^inputs: *\[\(.*\)\].*/\1/p' "$2" | tr ',' ' ')
	for port in $ports; do
		printf '  in-%s: {type: source, format: XRGB8888, size: %s}\n' \
			"$port" "$size"
	done
	echo links:
	for port in $ports; do
		echo "  - in-$port -> tile.$port"
	done
	echo '  - tile -> out'
}

try() { # TYPE FILE FOLDER
	below 180 && width=$random
	below 90 && height=$random
	n=$((n + 1))
	graph "$1" "$2" >"$work/tiles.yaml"
	name="$1 at $((16 + width))x$((16 + height)): foo_tile draws what foo_frame does"
	if GRAPH=$work/tiles.yaml NODES=$3 tests/graph/emulate.test.sh \
		>"$work/log" 2>&1; then
		echo "ok $n - $name"
	else
		sed 's/^/# /' "$work/log"
		echo "not ok $n - $name"
		bad=1
	fi
}

for folder in kernel tests/graph/nodes ${NODES:-}; do
	for file in "$folder"/*.yaml; do
		grep -q '^kind: *frame' "$file" || continue
		grep -q '^cuda: *{' "$file" || continue
		other=$folder
		case $folder in kernel | tests/graph/nodes) other= ;; esac
		for _ in $(seq "$sizes"); do
			try "$(basename "$file" .yaml)" "$file" "$other"
		done
	done
done
echo "1..$n"
exit $bad

#!/bin/sh
# tests/graph/emulate.test.sh [FIRST LAST]: without a GPU, do the kernels that
# graphc writes draw what the cpu plan draws? g++ compiles NAME.cu with a header
# that stands in for CUDA (tests/graph/emulate), and every thread of every
# kernel runs on the CPU, for each graph in the tree and for random ones, fused
# and not. One TAP line a graph. BUILD is the build folder (build/host). GRAPH
# and NODES: a description and a folder of node types, in place of all these.
# shellcheck disable=SC2086 # flags and kernels are lists of words
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build/host}
first=${1:-1} last=${2:-24}
work=$build/emulate
graphc=build/tools/graphc
nodes=tests/graph/nodes
gpu=tests/gpu/graphs
check="-fsanitize=address,undefined -fno-sanitize-recover=all"
include="-I. -Ibuild/generated -iquote $nodes -iquote tests/nodes -iquote $gpu
	${NODES:+-iquote $NODES}"
c="${CC:-cc} -std=gnu11 -O1 -Wall -Wextra -Werror -ffp-contract=off $check
	$include"
# gnu++17: structs that end in an array of any length; anything else is C++.
cxx="${CXX:-g++} -std=gnu++17 -O1 -Wall -Wextra -Werror -Wno-unknown-pragmas
	-Wno-missing-field-initializers
	$check $include"
command -v ${CXX:-g++} >/dev/null || {
	echo "no ${CXX:-g++}: apt-get install g++"
	exit 77
}
rm -rf "$work"
mkdir -p "$work"
ln -s "$PWD/tests/graph/files" "$work/files" # of random graphs
$c -c -o "$work/compare.o" tests/graph/emulate/compare_backends.c || exit 1

sources="runtime/base/text.c tools/bakefont/faces.c"
for file in tools/graphc/*.c; do
	[ "$file" = tools/graphc/main.c ] || sources="$sources $file"
done
freetype=$(pkg-config --cflags --libs freetype2)
${CC:-cc} -std=gnu11 -O1 -I. -o "$work/print" tests/graph/print_random_graph.c \
	tests/graph/random_graph.c $sources -lyaml -lpng -lm \
	$freetype || exit 1

emulate() { # YAML TICKS [OPTION]
	rm -rf "$work/out"
	"$graphc" ${3:+"$3"} -n $nodes -n tests/nodes -n $gpu \
		${NODES:+-n "$NODES"} -o "$work/out" "$1" ||
		return 1
	name=$(basename "$work"/out/*.cu .cu)
	kernels=$(sed -n 's/^\(step_[0-9]*\)(.*/KERNEL(\1)/p' "$work/out/$name.cu" |
		tr '\n' ' ')
	$c -c -o "$work/graph.o" "$work/out/$name.c" || return 1
	if [ -n "$kernels" ]; then
		$cxx "-DSOURCE=\"$work/out/$name.cu\"" "-DKERNELS=$kernels" \
			-c -o "$work/launch.o" tests/graph/emulate/launch.cc
	else
		echo 'void emulate_launch(void); void emulate_launch(void) {}' |
			$c -xc -c -o "$work/launch.o" -
	fi || return 1
	${CXX:-g++} $check -o "$work/run" "$work/compare.o" "$work/graph.o" \
		"$work/launch.o" -lm && "$work/run" "$2"
}

failed=0 n=0
try() { # WHAT EMULATE'S ARGUMENTS
	what=$1
	shift
	n=$((n + 1))
	if said=$(emulate "$@" 2>&1); then
		echo "ok $n - $what: $(echo "$said" | tail -1)"
	else
		echo "$said" | head -12 | sed 's/^/# /'
		echo "not ok $n - $what"
		failed=1
	fi
}

if [ -n "${GRAPH:-}" ]; then
	try "$GRAPH" "$GRAPH" 4
	try "$GRAPH, not fused" "$GRAPH" 4 --no-fuse
	echo "1..$n"
	exit $failed
fi
for file in graph/*.yaml tests/graph/golden/*.yaml "$gpu"/cpu-*.yaml \
	tools/nodedoc/marks.yaml; do
	try "$file" "$file" 2
done
for seed in $(seq "$first" "$last"); do
	"$work/print" "$seed" $nodes >"$work/$seed.yaml" || exit 1
	try "seed $seed" "$work/$seed.yaml" 4
	[ $((seed % 4)) -ne 0 ] ||
		try "seed $seed, not fused" "$work/$seed.yaml" 4 --no-fuse
done
echo "1..$n"
exit $failed

#!/bin/sh
# tests/graph/fused.test.sh [FIRST LAST]: random graphs draw the same pictures
# fused and not fused, byte for byte, into slots of every kind. One TAP line a
# seed. BUILD is the build folder (build/host).
# shellcheck disable=SC2086 # $cc, $flags and $sources are lists of words
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build/host}
first=${1:-1} last=${2:-24}
work=$build/fused
graphc=build/tools/graphc
nodes=tests/graph/nodes
cc=${CC:-cc}
flags="-std=gnu11 -O1 -Wall -Wextra -Werror -ffp-contract=off
	-fsanitize=address,undefined -fno-sanitize-recover=all
	-I. -Ibuild/generated -iquote $nodes"
rm -rf "$work"
mkdir -p "$work"
ln -s "$PWD/tests/graph/files" "$work/files" # of random graphs

# The generator needs all of graphc but its main().
sources="runtime/base/text.c tools/bakefont/faces.c"
for file in tools/graphc/*.c; do
	[ "$file" = tools/graphc/main.c ] || sources="$sources $file"
done
freetype=$(pkg-config --cflags --libs freetype2)
$cc -std=gnu11 -O1 -I. -o "$work/print" tests/graph/print_random_graph.c \
	tests/graph/random_graph.c $sources -lyaml -lpng -lm \
	$freetype || exit 1

# Compiles graph $1, fused or with option $3, as graph_$2 into folder $2.
compile() { # SEED KIND [OPTION]
	"$graphc" ${3:+"$3"} -n $nodes -o "$work/$2" "$work/$1.yaml" &&
		$cc $flags "-DGRAPH_SYMBOL=graph_$2" -c \
			-o "$work/$2.o" "$work/$2/random-$1.c"
}

compare() { # SEED
	"$work/print" "$1" $nodes >"$work/$1.yaml" &&
		compile "$1" fused && compile "$1" plain --no-fuse &&
		$cc $flags -o "$work/run" tests/graph/compare_plans.c \
			"$work/fused.o" "$work/plain.o" -lm &&
		"$work/run"
}

failed=0 n=0
for seed in $(seq "$first" "$last"); do
	n=$((n + 1))
	if said=$(compare "$seed" 2>&1); then
		echo "ok $n - seed $seed: $said"
	else
		echo "$said" | sed 's/^/# /'
		echo "not ok $n - seed $seed: $work/$seed.yaml"
		failed=1
	fi
done
echo "1..$n"
exit $failed

#!/bin/sh
# tests/graph/names.test.sh: whose program `make program` builds. Every graph has
# its own, whatever it is called and wherever it is; what a change concerns is
# built again; what cannot be built has one line and no program. BUILD is the
# build folder (build/host).
set -u
cd "$(dirname "$0")/../.." || exit 1
out=${BUILD:-build/host}
unset WERROR # of a make around this
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work" "$out"/names-*' EXIT
n=0 bad=0
result() { # STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		[ -s "$work/log" ] && tail -5 "$work/log" | sed 's/^/# /'
		echo "not ok $n - $2"
		bad=1
	fi
}

program() { # VARIABLE...: the program's path in $program
	make --no-print-directory program "$@" >"$work/log" 2>&1 </dev/null
	status=$?
	program=$(tail -n 1 "$work/log")
	return $status
}

# One line of ours, beside make's own, and no program.
refused() { # NAME WORDS VARIABLE...
	name=$1 words=$2
	shift 2
	! program "$@" && [ "$(grep -cF "$words" "$work/log")" = 1 ] &&
		[ "$(grep -vc '^make[^ ]* \*\*\*\|^  [A-Z]' "$work/log")" -le 1 ]
	result $? "$name"
}

first_pixel() {
	"$program" --display headless --ticks 1 --report none \
		--record "$work/frame.raw" >"$work/log" 2>&1 &&
		od -An -tx4 -N4 "$work/frame.raw" | tr -d ' '
}

graph() { # FILE NAME COLOUR
	cat >"$1" <<-EOF
	graph: $2
	size: 16x16
	rate: 60
	nodes:
	  paper: {type: solid, color: "$3"}
	  out: {type: headless}
	links: [paper -> out]
	EOF
}

# ---- again -------------------------------------------------------------------
make --no-print-directory programs suites >"$work/log" 2>&1 </dev/null
make --no-print-directory programs suites >"$work/log" 2>&1 </dev/null &&
	! grep '^  [A-Z]' "$work/log" >&2
result $? "what is built is not built again"
for board in boards/*/board.mk; do
	board=$(basename "$(dirname "$board")")
	make -q "BOARD=$board" build/tools/graphc >"$work/log" 2>&1
	result $? "nor are the tools for another board: $board"
done

# ---- two files, one name -----------------------------------------------------
mkdir "$work/a" "$work/b"
graph "$work/a/one.yaml" names-one '#112233'
graph "$work/b/one.yaml" names-one '#445566'
program "GRAPH=$work/a/one.yaml" && [ "$(first_pixel)" = ff112233 ]
result $? "a graph's program is its own"
program "GRAPH=$work/b/one.yaml" && [ "$(first_pixel)" = ff445566 ]
result $? "another file with the same name has its own, too"
program "GRAPH=$work/a/one.yaml" && [ "$(first_pixel)" = ff112233 ]
result $? "and the first one in its turn"

# ---- names, paths ------------------------------------------------------------
mkdir -p "$work/my nodes, \$1"
cp tests/graph/nodes/plain.yaml tests/graph/nodes/plain.h "$work/my nodes, \$1"
cat >"$work/it's a (graph).yml" <<-'EOF'
{"graph": 'names-odd', size: 16x16, rate: 60,
 nodes: {a: {type: plain}, b: {type: headless}}, links: [a -> b]}
EOF
odd="GRAPH=$work/it's a (graph).yml"
program "$odd" "NODES=$work/my nodes, \$\$1" && before=$(first_pixel) &&
	[ -n "$before" ]
result $? "a quoted name in flow style, a .yml, spaces in both paths"
sed -i 's/return /return ~/' "$work/my nodes, \$1/plain.h"
program "$odd" "NODES=$work/my nodes, \$\$1" && [ "$(first_pixel)" != "$before" ]
result $? "a node's header that changes is compiled again"
program "$odd" NODES=tests/graph/nodes && [ "$(first_pixel)" = "$before" ]
result $? "and so is another folder's"
refused "a type that has gone with its folder" unknown-type "$odd"

program GRAPH=graph/demo-480p.yaml && [ "$program" = "$out/demo-480p/demo-480p" ]
result $? "a graph of the tree by its path is the tree's"
for name in demo tests obj chain-1 cuda-small; do
	graph "$work/taken.yaml" $name '#000000'
	refused "a name that is taken: $name" "build/ has another '$name'" \
		"GRAPH=$work/taken.yaml"
done
refused "a mistyped name" "no graph 'demmo': GRAPH is one of " GRAPH=demmo
refused "a file that is not there" "none.yaml:1:1: error: file-open:" \
	"GRAPH=$work/none.yaml"
refused "a folder of node types that is not there" "no folder '/none'" \
	"GRAPH=$work/a/one.yaml" NODES=/none
sed 's/^size.*/size: huge/' "$work/a/one.yaml" >"$work/bad.yaml"
refused "a description that is refused" "bad.yaml:2:7: error: size-syntax" \
	"GRAPH=$work/bad.yaml"

# ---- files that parameters name --------------------------------------------------
mkdir "$work/my # files, \$1"
cp tests/graph/files/dot.png "$work/my # files, \$1/a 100% logo.png"
cat >"$work/my # files, \$1/logo.yaml" <<-'EOF'
graph: names-logo
size: 16x16
rate: 60
nodes:
  paper: {type: solid}
  logo: {type: logo, image: "a 100% logo.png", size: [16, 16], anchor: top_left, offset: [0, 0]}
  out: {type: headless}
links: [paper -> logo -> out]
EOF
logo="GRAPH=$work/my # files, \$\$1/logo.yaml"
program "$logo" && [ "$(first_pixel)" = ffff8000 ]
result $? "a file is found from the description's folder"
cp tests/graph/bad/files/good.png "$work/my # files, \$1/a 100% logo.png"
program "$logo" && [ "$(first_pixel)" = ffff0000 ]
result $? "a file that changes is baked again"
rm "$work/my # files, \$1/a 100% logo.png"
refused "a file that is gone is missed" "a 100% logo.png" "$logo"

# ---- names that the preprocessor knows, and those of generated code ------------
{
	printf 'graph: names-macros\nsize: 64x64\nrate: 60\nnodes:\n'
	printf '  first: {type: ball}\n  last: {type: headless}\n'
	set -- INT32_MAX M_PI NODE_RUN errno stdin stdout EOF assert offsetof AT \
		GRAPH_ABI graph image tick params work value block y x in out \
		row0 defaults steps step_0 DEFINED memcpy
	for name; do
		echo "  $name: {type: waveform}"
	done
	echo "links: [first -> $(echo "$@" | sed 's/ / -> /g') -> last]"
} >"$work/macros.yaml"
program "GRAPH=$work/macros.yaml" && "$program" --display headless --ticks 2 \
	--report none --set errno.amplitude=3 >"$work/log" 2>&1
result $? "names of macros and of generated code, in C"
tests/fakes/cuda/host_kernels.sh "$out/names-macros/names-macros.cu" \
	"$work/kernels.so" >"$work/log" 2>&1
result $? "and in C++, as CUDA compiles them"

# ---- make itself ---------------------------------------------------------------
for ending in c h cu txt dot; do
	rm -f "$out/null/null.$ending"
	make generated >"$work/log" 2>&1 && [ -s "$out/null/null.$ending" ]
	result $? "make graphs brings back null.$ending"
done
object=$out/obj/runtime/app/isa.o
make "$object" >"$work/log" 2>&1 && make -q "$object"
result $? "what is built is up to date"
planned() { # VARIABLE...: what would be run
	make -n V=1 "$object" "$@" >"$work/log" 2>&1
}
for change in CFLAGS=-O1 CPPFLAGS=-DOTHER CC=clang; do
	(export "${change%%=*}=${change#*=}" && planned) &&
		grep -q -- "${change#*=} .*isa\.c" "$work/log"
	result $? "the environment's $change is used, and compiles again"
	planned "$change" &&
		grep -q -- "${change#*=} .*-std=gnu11.*isa\.c" "$work/log"
	result $? "make $change, beside the flags that the code needs"
done
make -q "$object"
result $? "and nothing of that was kept"
LDFLAGS=-Wl,-z,now make -n V=1 "$out/null/null" >"$work/log" 2>&1 &&
	grep -q -- "-Wl,-z,now .*-o $out/null/null " "$work/log"
result $? "the environment's LDFLAGS are used"
! env -u MAKEFLAGS make -n V=1 -B "$object" | grep -q -- -Werror &&
	make -n V=1 -B WERROR=1 "$object" | grep -q -- ' -Werror '
result $? "warnings are errors with WERROR=1 only"
make -j2 program GRAPH=null >"$work/log" 2>&1 &&
	! grep -q 'warning:' "$work/log"
result $? "make -j2 has nothing to say about its jobs"
make -j2 run GRAPH=null SECONDS=0 ARGS='--ticks 3 --report json' \
	>"$work/log" 2>&1 && grep -q '"presented": *3' "$work/log"
result $? "make run ARGS= are the program's options"
echo "1..$n"
exit $bad

#!/bin/sh
# tests/kernel/doc_example.test.sh: the example of docs/writing-a-node.md, taken
# out of the page as it stands, runs outside the tree and draws what it says.
#
# Files are the fenced blocks marked file=NAME. Every pixel is checked with
# awk, from the words of the page. BUILD is the build folder (build/host).
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build/host}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0 bad=0
result() { # STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		bad=1
	fi
}

mkdir "$work/nodes"
awk -v dir="$work" '
	/^```/ { to = ""
		if (match($0, /file=[^ ]+/))
			to = dir "/" substr($0, RSTART + 5, RLENGTH - 5)
		next }
	to != "" { print > to }' docs/writing-a-node.md
[ -s "$work/scan.yaml" ] && [ -s "$work/nodes/scanlines.yaml" ] &&
	[ -s "$work/nodes/scanlines.h" ]
result $? "the page has the three files"

make run "GRAPH=$work/scan.yaml" "NODES=$work/nodes" SECONDS=1 \
	>"$work/log" 2>&1
status=$?
[ $status -ne 0 ] && tail -20 "$work/log" | sed 's/^/# /'
result $status "make run GRAPH= NODES= runs it"
[ -s "$build/scan/scan.png" ]
result $? "and writes a snapshot"

# Frames of 320x180 #4080c0; rows y with y % SPACING == int(20 t) % SPACING are
# halved. 120 ticks: the dark rows go round more than once.
pixels() { # SPACING [OPTION...]
	spacing=$1
	shift
	"$build/scan/scan" --display headless --clock free --ticks 120 \
		--record "$work/frames.raw" "$@" >"$work/log" 2>&1 || return 1
	[ "$(wc -c <"$work/frames.raw")" -eq $((320 * 180 * 4 * 120)) ] || return 1
	od -An -v -tx4 -w1280 "$work/frames.raw" | awk -v spacing="$spacing" '
		function row(pixel,   i, text) {
			for (i = 0; i < 320; i++)
				text = text " " pixel
			return text
		}
		BEGIN { light = row("ff4080c0"); dark = row("ff204060") }
		{ frame = int((NR - 1) / 180); y = (NR - 1) % 180
		  first = int(20 * (frame / 60)) % spacing
		  if ($0 != (y % spacing == first ? dark : light)) {
			print "# frame " frame " row " y " is wrong"
			bad = 1; exit 1 } }
		END { if (NR != 180 * 120) bad = 1; exit bad }'
}
pixels 5
result $? "every pixel of 120 ticks"
pixels 9 --set lines.spacing=9
result $? "and with --set lines.spacing=9"

# As make check NODES= does, in a folder of its own.
# shellcheck disable=SC2046 # options
make "$build/tests/kernel/make_node_table" >"$work/log" 2>&1 &&
	"$build/tests/kernel/make_node_table" tests/nodes "$work/nodes" \
		>"$work/table.c" &&
	grep -q scanlines_any_span "$work/table.c" &&
	${CC:-cc} -std=gnu11 -O1 -I. -Ibuild/generated -Itests/nodes \
		"-I$work/nodes" -o "$work/test_nodes" tests/kernel/test_nodes.c \
		"$work/table.c" $(pkg-config --cflags --libs check) -lm \
		>"$work/log" 2>&1 && "$work/test_nodes" >"$work/log" 2>&1
status=$?
[ $status -ne 0 ] && tail -20 "$work/log" | sed 's/^/# /'
result $status "and it passes the test of all node types"
rm -rf "$build/scan"
echo "1..$n"
exit $bad

#!/bin/sh
# tests/graph/fuzz.sh RUNS: fuzz the graph compiler under ASan and UBSan, then
# measure what the corpus reaches. Prints runs, findings and line coverage;
# fails on a finding, or under 90 % of the lines of parse, bind or check.
#
# The corpus is the descriptions in the tree, good and bad; what libFuzzer adds
# stays in build/fuzz/corpus and is used again. A finding is left in build/fuzz.
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-1000000}
out=build/fuzz
least=90
cc=$(command -v clang || command -v clang-14) || {
	echo "fuzz.sh: clang is missing: apt-get install clang libclang-rt-14-dev" >&2
	exit 77
}
version=$("$cc" -dumpversion | cut -d. -f1)
llvm() { # TOOL ARGS...: LLVM's tool of clang's version
	tool=$1
	shift
	"$(command -v "llvm-$tool-$version" || echo "llvm-$tool")" "$@"
}

mkdir -p "$out/corpus" "$out/seed"
rm -f "$out"/seed/* "$out"/crash-* "$out"/leak-* "$out"/timeout-* "$out"/oom-*
for file in graph/*.yaml kernel/*.yaml drivers/display/*.yaml boards/*/board.yaml \
	tests/graph/nodes/*.yaml tests/graph/golden/*.yaml tests/graph/bad/*.yaml \
	tests/graph/bad/boards/*.yaml tests/graph/bad/nodes/*.yaml \
	tests/graph/files/* tests/graph/bad/files/*; do
	# Short ones are quick; bindings are read as those of type foo.
	[ "$(wc -c <"$file")" -gt 2048 ] ||
		LC_ALL=C sed 's/^type: [a-z][A-Za-z0-9_]*$/type: foo/' "$file" \
			>"$out/seed/$(echo "$file" | tr / _)"
done

sources="tests/graph/fuzz_graphc.c tests/graph/fixture.c runtime/base/text.c tools/bakefont/faces.c"
for file in tools/graphc/*.c; do
	[ "$file" = tools/graphc/main.c ] || sources="$sources $file"
done
flags="-std=gnu11 -g -I. -fno-omit-frame-pointer"
freetype=$(pkg-config --cflags --libs freetype2)
# shellcheck disable=SC2086 # lists of words
"$cc" $flags -O2 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	-o "$out/fuzz_graphc" $sources -lyaml -lpng -lm \
	$freetype
# shellcheck disable=SC2086
"$cc" $flags -O1 -fsanitize=fuzzer -fprofile-instr-generate -fcoverage-mapping \
	-o "$out/cover_graphc" $sources -lyaml -lpng -lm \
	$freetype

findings=0
start=$(date +%s)
ASAN_OPTIONS=quarantine_size_mb=16:malloc_context_size=0 \
	"$out/fuzz_graphc" "-runs=$runs" -max_len=2048 -timeout=10 -seed=1 \
	-dict=tests/graph/graph.dict "-artifact_prefix=$out/" \
	"$out/corpus" "$out/seed" >"$out/log" 2>&1 || findings=1
spent=$(($(date +%s) - start))
done_runs=$(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$out/log")
[ "$findings" -eq 0 ] || tail -40 "$out/log"

# What the seeds alone reach, and what the grown corpus reaches.
cover() { # FOLDER...: "file percent" lines of the sources in question
	LLVM_PROFILE_FILE="$out/profraw" "$out/cover_graphc" -runs=0 \
		-max_len=2048 "$@" >/dev/null 2>&1
	llvm profdata merge -o "$out/profdata" "$out/profraw"
	llvm cov export -summary-only -instr-profile "$out/profdata" \
		"$out/cover_graphc" | tr '{' '\n' | awk '
		/"filename":/ { n = split($0, part, "\""); file = "" }
		/"filename":/ { for (i = 1; i <= n; i++)
				if (part[i] == "filename") file = part[i + 2]
			sub(/.*\//, "", file) }
		/^"count"/ && last ~ /"lines":$/ && file != "" {
			split($0, part, /[:,}]/); print file, part[6]; file = "" }
		{ last = $0 }'
}

status=0
echo "runs $done_runs, findings $findings, ${spent} s"
for set in seed "seed corpus"; do
	folders=
	for part in $set; do folders="$folders $out/$part"; done
	# shellcheck disable=SC2086
	cover $folders >"$out/coverage"
	echo "line coverage of: $set"
	for file in parse.c bind.c check.c; do
		percent=$(awk -v f="$file" '$1 == f { print $2 }' "$out/coverage")
		printf '  %-10s %6.2f %%\n' "$file" "${percent:-0}"
		awk -v p="${percent:-0}" -v least=$least 'BEGIN { exit !(p < least) }' &&
			status=1
	done
done
[ "$status" -eq 0 ] || echo "under $least % in parse, bind or check"
[ "$findings" -eq 0 ] || status=1
[ "${done_runs:-0}" -ge "$runs" ] || status=1
exit $status

#!/bin/sh
# tests/drivers/fuzz.sh RUNS: fuzz what the file source reads (YUV4MPEG2 and PNG)
# under ASan and UBSan. Prints runs and findings; fails on a finding. A finding
# and what libFuzzer adds to the seeds stay in build/fuzz-file.
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-1000000}
out=build/fuzz-file
cc=$(command -v clang || command -v clang-14) || {
	echo "fuzz.sh: clang is missing: apt-get install clang libclang-rt-14-dev" >&2
	exit 77
}
mkdir -p "$out/corpus" "$out/seed"
rm -f "$out"/seed/* "$out"/crash-* "$out"/leak-* "$out"/timeout-* "$out"/oom-*

# Files of 5x3 pixels; the first byte is the format that the source has.
samples=$(printf '%0200d' 7)
n=0
for chroma in 420jpeg 420mpeg2 422 444 mono 420p10; do
	for format in 0 1 2 3 4 5 6 7 8 9 10; do
		n=$((n + 1))
		{
			# shellcheck disable=SC2059 # the format is a number
			printf "\\$(printf %o $format)"
			printf 'YUV4MPEG2 W5 H3 F25:1 Ip A1:1 C%s XCOLORRANGE=FULL\n' \
				"$chroma"
			case $chroma in
			420*) bytes=27 ;;
			422) bytes=33 ;;
			444) bytes=45 ;;
			mono) bytes=15 ;;
			esac
			printf 'FRAME\n%.*s' "$bytes" "$samples"
			[ $((format % 2)) = 0 ] || printf 'FRAME Ip\n%.*s' "$bytes" "$samples"
		} >"$out/seed/y4m$n"
	done
done
# 5x3: grey, colours, an interlaced palette, 16 bits with alpha.
png() { # NAME BASE64: after the format's byte, an XRGB8888 and an ARGB8888
	for format in 0 3; do
		{
			# shellcheck disable=SC2059
			printf "\\$(printf %o $format)"
			echo "$2" | base64 -d
		} >"$out/seed/$1$format"
	done
}
png grey iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAAAAAB+XZokAAAAGklEQVR42mNgUPXKn8LAbRBaNZ9BzDqhdRUAJfsE/PIKpWUAAAAASUVORK5CYII=
png rgb iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAIAAADUVFKvAAAAO0lEQVR42gEwAM//AAAlSm+Uud4DKE1yl7zhBgALMFV6n8TpDjNYfaLH7BEAFjtgharP9Bk+Y4it0vccxkcUd4IWdNEAAAAASUVORK5CYII=
png palette iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAMAAAEb7wVcAAAADFBMVEUAAQIDBAUGBwgJCgvcTDicAAAAAnRSTlMAgJsrThgAAAAUSURBVHjaY2CAAEYmIGZgBrOYGQAAcAAO0bjWRwAAAABJRU5ErkJggg==
png deep iVBORw0KGgoAAAANSUhEUgAAAAUAAAADEAYAAAALphm7AAAAhklEQVR42gF7AIT/AAAlSm+Uud4DKE1yl7zhBitQdZq/5AkuU3idwucMMVZ7oMXqDzRZfqMACzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar0PUaP2SJrgAWO2CFqs/0GT5jiK3S9xxBZouw1fofRGmOs9j9IkdskbbbACVKb5S5Pdo5XY7eXYoAAAAASUVORK5CYII=

# shellcheck disable=SC2086 # words
"$cc" -std=gnu11 -g -O2 -I. -Ibuild/generated -fno-omit-frame-pointer \
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	-o "$out/fuzz_file" tests/drivers/fuzz_file.c drivers/source/file/clip.c \
	drivers/source/file/still.c drivers/source/file/stream.c \
	runtime/base/text.c -lpng -lm
findings=0
ASAN_OPTIONS=quarantine_size_mb=16:malloc_context_size=0 \
	"$out/fuzz_file" "-runs=$runs" -max_len=2048 -timeout=10 -seed=1 \
	-dict=tests/drivers/file.dict "-artifact_prefix=$out/" \
	"$out/corpus" "$out/seed" >"$out/log" 2>&1 || findings=1
done_runs=$(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$out/log")
[ "$findings" -eq 0 ] || tail -40 "$out/log"
echo "runs ${done_runs:-0}, findings $findings"
[ "$findings" -eq 0 ] && [ "${done_runs:-0}" -ge "$runs" ]

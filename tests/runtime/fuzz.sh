#!/bin/sh
# tests/runtime/fuzz.sh RUNS: fuzz the requests of the control socket under ASan
# and UBSan. Prints runs and findings; fails on a finding. A finding and what
# libFuzzer adds to the seeds stay in build/fuzz-control.
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-1000000}
out=build/fuzz-control
cc=$(command -v clang || command -v clang-14) || {
	echo "fuzz.sh: clang is missing: apt-get install clang libclang-rt-14-dev" >&2
	exit 77
}
mkdir -p "$out/corpus" "$out/seed"
rm -f "$out"/seed/* "$out"/crash-* "$out"/leak-* "$out"/timeout-* "$out"/oom-*
n=0
while read -r request; do
	n=$((n + 1))
	printf '\001%s' "$request" >"$out/seed/$n"
done <<'EOF'
{"verb":"params","id":[1,{"a":null}]}
{"verb":"params","node":"ball","from":"back.mode"}
{"verb":"get","params":["ball.radius","/back/text"]}
{"verb":"set","set":{"ball.radius":60,"ball.velocity":[1.5,-2e3]},"over":25,"ease":"sine"}
{"verb":"set","set":{"back.text":"\u00c4, ","back.mode":"slow"},"at":"+3","hold":5}
{"verb":"set","set":{"back.color":"#010203","back.veil":"#01020304"},"over":"500ms"}
{"verb":"set","set":{"back.weights":"1,2,3"},"at":"2026-11-27T18:00:00.5Z"}
{"verb":"toggle","params":["ball.on"],"at":7,"late":"refuse"}
EOF

# shellcheck disable=SC2086 # words
"$cc" -std=gnu11 -g -O2 -I. -Ibuild/generated -fno-omit-frame-pointer -pthread \
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	-o "$out/fuzz_control" tests/runtime/fuzz_control.c \
	runtime/control/server.c runtime/control/verbs_look.c \
	runtime/control/verbs_set.c runtime/control/value.c \
	runtime/control/when.c runtime/control/editor.c \
	runtime/control/set_param.c runtime/cycle/changes.c runtime/cycle/ease.c \
	runtime/base/text.c runtime/base/message.c runtime/base/write_all.c \
	runtime/base/pool.c runtime/base/thread.c -ljansson -lm
findings=0
ASAN_OPTIONS=quarantine_size_mb=16:malloc_context_size=0 \
	"$out/fuzz_control" "-runs=$runs" -max_len=1024 -timeout=10 -seed=1 \
	-dict=tests/runtime/control.dict "-artifact_prefix=$out/" \
	"$out/corpus" "$out/seed" >"$out/log" 2>&1 || findings=1
done_runs=$(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$out/log")
[ "$findings" -eq 0 ] || tail -40 "$out/log"
echo "runs ${done_runs:-0}, findings $findings"
[ "$findings" -eq 0 ] && [ "${done_runs:-0}" -ge "$runs" ]

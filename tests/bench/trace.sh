#!/bin/sh
# tests/bench/trace.sh OUT: a minute of demo-480p at 1 kHz, without and with
# --trace: the tick thread's CPU time, the size of the trace, how long protoc takes
# to decode it. Nothing here asserts a time.
#   QUICK=1   a tenth of it, for trying the script
set -eu
out=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
seconds=60
[ "${QUICK:-0}" = 1 ] && seconds=6

run() { # OPTIONS...
	"$out/demo-1khz/demo-1khz" --backend cpu --display headless --workers 1 \
		--seconds "$seconds" --report json "$@" >"$work/report"
	jq -r '"  CPU \(.cpu_ns / (.ticks - .skipped) / 10 | round / 100) us a tick, " +
		"cycle p50 \(.cycle.p50 / 1000) us, p99 \(.cycle.p99 / 1000); " +
		"\(.skipped) of \(.ticks) skipped" +
		(if .trace then "; \(.trace.records) records, \(.trace.lost) lost" else "" end)' \
		"$work/report"
}

echo "demo-480p, 1000 Hz, $seconds s"
echo "without --trace"
run
echo "with --trace"
run --trace "$work/trace"
printf '  %s bytes' "$(stat -c %s "$work/trace")"
started=$(date +%s%N)
protoc -Itests/runtime --decode=tickline.Trace trace.proto <"$work/trace" >"$work/text"
printf ', decoded by protoc in %s ms\n' $((($(date +%s%N) - started) / 1000000))

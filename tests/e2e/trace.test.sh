#!/bin/sh
# tests/e2e/trace.test.sh: --trace of whole programs, decoded by protoc with the
# field numbers of tests/runtime/trace.proto: slices that begin and end in turn,
# times that never go back on a track, and counts that are the report's. BUILD is
# the build folder (build/host).
# shellcheck disable=SC2317 # functions that result calls by their name
set -u
cd "$(dirname "$0")/../.." || exit 1
out=${BUILD:-build/host}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0 bad=0
if ! command -v protoc >/dev/null; then
	echo "1..0 # SKIP no protoc: install protobuf-compiler"
	exit 0
fi

result() { # NAME COMMAND...
	name=$1
	shift
	n=$((n + 1))
	if "$@" >"$work/log" 2>&1; then
		echo "ok $n - $name"
	else
		bad=1
		sed 's/^/# /' "$work/log"
		echo "not ok $n - $name"
	fi
}

# One line an event: TIME TYPE TRACK NAME NOTE=VALUE...; blanks in names are "_".
decode() { # TRACE
	protoc -Itests/runtime --decode=tickline.Trace trace.proto <"$1" |
		awk '
	function word(text) { gsub(/^"|"$/, "", text); gsub(/ /, "_", text); return text }
	{ line = $0; sub(/^ +/, "", line); key = $1; sub(/:$/, "", key)
	  value = line; sub(/^[a-z_]+: /, "", value) }
	key == "packet" { time = type = track = name = notes = ""; depth = 0 }
	key == "timestamp" { time = value }
	key == "event_names" || key == "debug_annotation_names" { kind = key }
	key == "debug_annotations" { kind = key }
	key == "track_descriptor" || key == "track_event" { kind = key }
	key == "iid" { iid = value }
	key == "uuid" { iid = value }
	key == "name" && kind == "event_names" { names[iid] = word(value) }
	key == "name" && kind == "debug_annotation_names" { note[iid] = word(value) }
	key == "name" && kind == "track_descriptor" { tracks[iid] = word(value) }
	key == "name_iid" && kind == "debug_annotations" { at = note[value] }
	key == "int_value" { notes = notes " " at "=" value; kind = "track_event" }
	key == "name_iid" && kind == "track_event" { name = names[value] }
	key == "type" { type = value }
	key == "track_uuid" { track = tracks[value] }
	$0 == "}" && type != "" { print time, type, track, (name == "" ? "-" : name) notes }
	'
}

report() { # KEY: its first number in the report
	grep -o "\"$1\": *[0-9]*" "$work/report" | head -n 1 | grep -o '[0-9]*$'
}

count() { # TYPE TRACK NAME: how many there are
	awk -v type="TYPE_$1" -v track="$2" -v name="$3" \
		'$2 == type && $3 == track && (name == "" || $4 == name)' \
		"$work/events" | wc -l
}

same() { # WHAT NUMBER NUMBER
	[ -n "$2" ] && [ "$2" -eq "$3" ] && return
	echo "$1: $2, not $3"
	return 1
}

in_order() {
	awk '
	$1 < last[$3] { print "back in time: " $0; bad = 1 }
	{ last[$3] = $1 }
	$2 == "TYPE_SLICE_BEGIN" { if (open[$3]++) { print "overlaps: " $0; bad = 1 } }
	$2 == "TYPE_SLICE_END" { if (--open[$3]) { print "ends nothing: " $0; bad = 1 } }
	END { for (t in open) if (open[t]) { print "open: " t; bad = 1 }
	      exit bad || !NR }' "$work/events"
}

run() { # PROGRAM OPTIONS...
	program=$1
	shift
	"$out/$program" --display headless --report json --trace "$work/trace" "$@" \
		>"$work/report" 2>"$work/err" || return 1
	decode "$work/trace" >"$work/events"
}

ticks() {
	started=$(($(report ticks) - $(report skipped)))
	flips=$(($(report presented) + $(report late)))
	same "tick slices" "$(count SLICE_BEGIN tick tick)" "$started" &&
		same "wake slices" "$(count SLICE_BEGIN wake wake)" "$started" &&
		same uniforms "$(count SLICE_BEGIN uniforms uniforms)" "$started" &&
		same present "$(count SLICE_BEGIN present present)" "$started" &&
		same steps "$(count SLICE_BEGIN steps "")" \
			$((started * $(grep -o '"name"' "$work/steps" | wc -l))) &&
		same flips "$(count INSTANT "${1}_flips" flip)" "$flips" &&
		same late "$(count INSTANT "${1}_late_and_dropped" late)" "$(report late)"
}

# The steps' part of the report.
steps() {
	tr -d '\n' <"$work/report" | sed 's/.*"steps"//; s/"sinks".*//' >"$work/steps"
}

records() { # all that was written is in the trace, and the trace says so
	same "end of the trace" "$(sed -n 's/.* trace end_of_the_trace records=\([0-9]*\) lost=0$/\1/p' \
		"$work/events")" "$(report records)"
}

refused() { # STATUS WORDS OPTIONS...: one line, and the file as it was
	status=$1 words=$2
	shift 2
	echo "of before" >"$work/kept"
	"$out/demo-480p/demo-480p" --display headless --ticks 2 "$@" \
		>"$work/out" 2>"$work/err"
	[ $? -eq "$status" ] && grep -q "$words" "$work/err" &&
		[ "$(cat "$work/kept")" = "of before" ] && return
	cat "$work/err"
	return 1
}

result "demo-480p runs with --trace" run demo-480p/demo-480p --ticks 200 --workers 2
steps
result "its tracks are in order" in_order
result "its ticks are the report's" ticks screen
result "its records are the report's" records
result "the worker drew" test "$(count SLICE_BEGIN worker_1 "")" -gt 0

result "camera runs with --trace" run camera/camera --source pattern --ticks 120
steps
result "its tracks are in order" in_order
result "its ticks are the report's" ticks screen
result "its frames came" same arrived "$(count INSTANT camera_arrived arrived)" \
	"$(report delivered)"
result "and were exposed" same exposed "$(count INSTANT camera_exposed exposed)" \
	"$(report delivered)"

result "an empty name is refused" refused 64 "file name is empty" --trace ""
result "a folder that is not there is refused" refused 64 "no such folder" \
	--trace "$work/none/trace"
result "a refused start leaves the file" refused 64 "no such folder" \
	--trace "$work/kept" --snapshot "$work/none/a.png"
result "a refused start makes no file" refused 64 "no such folder" \
	--trace "$work/new" --snapshot "$work/none/a.png"
result "none is there" test ! -e "$work/new"
result "no second output goes into it" refused 64 "both write" \
	--trace "$work/kept" --record "$work/kept"
result "standard output has room for one" refused 64 "standard output" \
	--trace - --report json
result "a full disk ends the trace, not the run" refused 71 \
	"trace /dev/full: ends after .* bytes: No space" --trace /dev/full
result "a pipe takes it" sh -c "'$out/demo-480p/demo-480p' --display headless \
	--ticks 30 --trace - 2>/dev/null >'$work/trace'"
decode "$work/trace" >"$work/events"
result "whole" same ticks "$(count SLICE_BEGIN tick tick)" \
	"$(count SLICE_BEGIN uniforms uniforms)"

# On demand, from a program that runs: without details, and with them.
on_demand() { # OPTIONS...
	"$out/demo-480p/demo-480p" --backend cpu --display headless --workers 1 --ticks 60 \
		--hold --control "$work/control" "$@" >/dev/null 2>"$work/err" &
	pid=$!
	until "$out/tickline" stats "$work/control" --json 2>/dev/null |
		grep -q '"ticks": *60'; do
		kill -0 "$pid" 2>/dev/null || return 1
		sleep 0.1
	done
	"$out/tickline" trace "$work/control" "$work/now" 2>"$work/said"
	is=$?
	decode "$work/now" >"$work/events"
	cat "$work/said"
	return "$is"
}

ended() {
	kill "$pid"
	wait "$pid"
}

result "a trace on demand" on_demand --control "$work/control"
result "says what it lacks" grep -q "without steps and workers" "$work/said"
result "and has each frame" same flips "$(count INSTANT screen_flips flip)" 60
result "0 seconds are refused" sh -c "! '$out/tickline' trace '$work/control' '$work/now' \
	--seconds 0 2>'$work/said' && grep -q 'seconds 0: must be' '$work/said'"
result "as many as there are not" sh -c "! '$out/tickline' trace '$work/control' '$work/now' \
	--seconds 3601 2>'$work/said' && grep -q 'from 1 to 3600' '$work/said'"
result "no file is refused" sh -c "! '$out/tickline' trace 2>'$work/said' &&
	grep -q 'takes a file' '$work/said'"
result "a folder is refused" sh -c "! '$out/tickline' trace '$work/control' '$work' \
	2>'$work/said' && grep -q 'directory' '$work/said'"
result "into a pipe" sh -c "'$out/tickline' trace '$work/control' - 2>/dev/null |
	cmp -s -n 8 - '$work/now'"
ended
result "a trace on demand with details" on_demand --flight-recorder "$work"
result "lacks nothing" test ! -s "$work/said"
result "has each tick" same ticks "$(count SLICE_BEGIN tick tick)" 60
result "in order" in_order
ended

# On the fake GPU, a frame ahead.
if [ -x "$out/tests/cuda/cuda-pipeline" ]; then
	export FAKE_CUDA_KERNELS=%e.kernels.so \
		LD_LIBRARY_PATH="$PWD/$out/tests/fakes/cuda" \
		TICKLINE_GPU_PATIENCE_MS=60000
	result "a pipelined graph runs with --trace" \
		run tests/cuda/cuda-pipeline --backend cuda --ticks 60
	result "its tracks are in order" in_order
	result "the GPU's track has its frames" same GPU \
		"$(count SLICE_BEGIN GPU "")" "$(count SLICE_BEGIN present present)"
fi
echo "1..$n"
exit $bad

#!/bin/sh
# tests/e2e/flight_recorder.test.sh: --flight-recorder writes when something goes
# wrong and not else, no more files than were asked for, each whole; and never
# touches what is not its own. BUILD is the build folder (build/host).
# shellcheck disable=SC2317 # functions that result calls by their name
set -u
cd "$(dirname "$0")/../.." || exit 1
out=${BUILD:-build/host}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0 bad=0

result() { # NAME COMMAND...
	name=$1
	shift
	n=$((n + 1))
	if "$@" >"$work/log" 2>&1; then
		echo "ok $n - $name"
	else
		bad=1
		sed 's/^/# /' "$work/log" "$work/err"
		echo "not ok $n - $name"
	fi
}

run() { # OPTIONS...
	"$out/demo-480p/demo-480p" --backend cpu --display headless "$@" \
		>"$work/out" 2>"$work/err"
}

files() {
	find "$1" -name 'demo-480p-*.perfetto' | wc -l
}

# The program stands still for a while: the ticks meanwhile are skipped.
stumble() { # OPTIONS...
	"$out/demo-480p/demo-480p" --backend cpu --display headless --status \
		--seconds 6 "$@" >"$work/out" 2>"$work/err" &
	pid=$!
	until grep -q "tick [1-9]" "$work/err"; do
		kill -0 "$pid" 2>/dev/null || return 1
		sleep 0.1
	done
	kill -STOP "$pid"
	sleep 1
	kill -CONT "$pid"
	wait "$pid"
}

# --clock free: no tick has a time, so that none is late, however busy it is here.
mkdir "$work/well"
result "a run that goes well" run --clock free --ticks 300 \
	--flight-recorder "$work/well"
result "leaves no file" test "$(files "$work/well")" -eq 0

mkdir "$work/d" && cd "$work/d" || exit 1
touch demo-480p-20200101T000000Z-1-1.perfetto demo-480p-20200101T000001Z-1-2.perfetto \
	demo-480p-20200102T000000Z-1-3.perfetto demo-480p-notes.perfetto \
	demo-480p-20200101T000000Z-1-1.perfetto.kept demo-20200101T000000Z-1-1.perfetto
cd "$OLDPWD" || exit 1
result "a run that stands still for a second" stumble \
	--flight-recorder "$work/d,seconds=60,files=2"
result "says what went wrong, and where it is" grep -q \
	"flight recorder: .*\(late\|skipped\|dropped\).*: $work/d/demo-480p-.*-1.perfetto" "$work/err"
result "writes one file in the seconds of a file" test \
	"$(grep -c "flight recorder: " "$work/err")" -eq 1
result "of its files the newest stay" test "$(ls "$work/d")" = "$(printf '%s\n' \
	demo-20200101T000000Z-1-1.perfetto \
	demo-480p-20200101T000000Z-1-1.perfetto.kept \
	demo-480p-20200102T000000Z-1-3.perfetto \
	"$(basename "$(find "$work/d" -name "demo-480p-*-$pid-1.perfetto")")" \
	demo-480p-notes.perfetto)"
if command -v protoc >/dev/null; then
	find "$work/d" -name "demo-480p-*-$pid-1.perfetto" -exec cat {} + |
		protoc -Itests/runtime --decode=tickline.Trace trace.proto >"$work/text" 2>"$work/log"
	result "the file is a trace" grep -q TYPE_SLICE_BEGIN "$work/text"
	# the track of skipped ticks
	result "with what went wrong in it" grep -q "track_uuid: 8$" "$work/text"
fi

# Whatever the disk says, ticks go on.
result "a folder that goes away costs no tick" sh -c "
	mkdir '$work/gone'
	'$out/demo-480p/demo-480p' --backend cpu --display headless --status --seconds 4 \
		--report json --flight-recorder '$work/gone' >'$work/out' 2>'$work/err' &
	pid=\$!
	until grep -q 'tick [1-9]' '$work/err'; do kill -0 \$pid || exit; sleep 0.1; done
	rm -rf '$work/gone'
	kill -STOP \$pid; sleep 0.5; kill -CONT \$pid
	wait \$pid"
result "and is said" grep -q "flight-recorder $work/gone/.*: no such folder" "$work/err"

refused() { # WORDS SETTINGS
	run --ticks 1 --flight-recorder "$2"
	[ $? -eq 64 ] && [ "$(wc -l <"$work/err")" -eq 1 ] && grep -q -- "$1" "$work/err"
}
touch "$work/file"
result "no name" refused "folder's name is empty" ""
result "no folder" refused "no such folder" "$work/none"
result "a file" refused "no such folder" "$work/file"
result "0 seconds" refused "seconds=N takes a whole number from 1 to 60" "$work,seconds=0"
result "61 seconds" refused "from 1 to 60" "$work,seconds=61"
result "no number" refused "files=N takes a whole number from 1 to 1000" "$work,files=many"
result "another setting" refused "come seconds=N and files=N, not size=3" "$work,size=3"
result "an empty setting" refused "come seconds=N and files=N" "$work,"
result "a name that is too long" refused "too long" "$(printf '%02000d' 0)"
echo "1..$n"
exit $bad

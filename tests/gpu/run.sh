#!/bin/sh
# tests/gpu/run.sh [-p PACK] [-o RESULTS] [PART]...: the tests and benchmarks
# that need a GPU, from what tests/gpu/pack.sh packed (build/gpu-pack). Parts:
# equality live random buffers inputs allocations faults leaks sanitizer bench torch two
# eglstream gles; all of them without. One line a check, a table at the end, logs and JSON in
# RESULTS (build/gpu-results); ends with "N passed, N failed, N skipped".
set -u
cd "$(dirname "$0")/../.." || exit 1
pack=build/gpu-pack results=build/gpu-results
while getopts p:o: option; do
	case $option in
	p) pack=$OPTARG ;;
	o) results=$OPTARG ;;
	*) exit 64 ;;
	esac
done
shift $((OPTIND - 1))
parts=${*:-equality live random buffers inputs allocations faults leaks sanitizer bench torch two eglstream gles}
mkdir -p "$results"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
system_libraries=${LD_LIBRARY_PATH:-}
export LD_LIBRARY_PATH="$PWD/$pack/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
passed=0 failed=0 skipped=0 began=$(date +%s)
bin=$pack/bin
quiet="--display headless --report none"
: >"$work/table"

pass() { # NAME
	passed=$((passed + 1))
	printf 'ok    %s\n' "$1"
}
fail() { # NAME WHY
	failed=$((failed + 1))
	printf 'FAIL  %s: %s\n' "$1" "$2"
}
skip() { # NAME WHY
	skipped=$((skipped + 1))
	printf 'skip  %s: %s\n' "$1" "$2"
}
row() { # LABEL VALUE: of the table at the end
	printf '%-58s %s\n' "$1" "$2" >>"$work/table"
}
said() { # FILE: its last line, for messages
	tail -n 1 "$1" 2>/dev/null
}
# A number at the top of a report, or its string.
key() { # NAME FILE
	sed -n "s/^  \"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$2" | head -1
}
run_graph() { # NAME OPTIONS...: stdout and stderr in $work/out, $work/err
	program=$1
	shift
	timeout 120 "$bin/$program" "$@" >"$work/out" 2>"$work/err"
}

# The sinks of graph null are of type null: no display is chosen for them.
screen() { # GRAPH
	[ "$1" = null ] || echo "--display headless"
}

# ---- the same bytes ----------------------------------------------------------
# shellcheck disable=SC2086 # options are words
equal() { # GRAPH TICKS OPTIONS...
	graph=$1 ticks=$2
	shift 2
	name="equality: $graph, $ticks ticks${1:+ ($*)}"
	for backend in cpu cuda; do
		rm -f "$work/$backend"
		# shellcheck disable=SC2046 # none or two words
		if ! run_graph "$graph" $(screen "$graph") --report json \
			--clock free --ticks "$ticks" --backend $backend \
			--digest "$work/$backend" "$@"; then
			if grep -q 'no node of this graph runs there' "$work/err"; then
				skip "$name" "all of it runs on the CPU"
			else
				fail "$name" "$backend: $(said "$work/err")"
			fi
			return
		fi
		[ "$(key backend "$work/out")" = $backend ] ||
			{ fail "$name" "not drawn by $backend"; return; }
	done
	lines=$(wc -l <"$work/cuda")
	if [ "$lines" -ne "$ticks" ]; then
		fail "$name" "$lines frames"
	elif cmp -s "$work/cpu" "$work/cuda"; then
		pass "$name"
	else
		fail "$name" "tick $(cmp "$work/cpu" "$work/cuda" | sed 's/.*line //') differs"
	fi
}

# A number anywhere in a report, the first of that name.
nested() { # NAME FILE
	sed -n "s/^ *\"$1\": \([0-9]*\),\{0,1\}\$/\1/p" "$2" | head -1
}

# A source's pictures do not follow the ticks: no two runs are alike. Equality is
# what the random graphs hold, whose sources stand still; here: it runs, at one
# upload a launch.
sourced() { # GRAPH TICKS
	name="source: $1, $2 ticks"
	if ! run_graph "$1" --display headless --report json --backend cuda --ticks "$2"; then
		fail "$name" "$(said "$work/err")"
		return
	fi
	uploads=$(nested 'cuMemcpy2DAsync[_v2]*' "$work/out")
	launches=$(nested cuGraphLaunch "$work/out")
	taken=$(nested taken "$work/out")
	if [ "${uploads:-0}" -gt 0 ] && [ "${uploads:-0}" = "$launches" ] &&
		[ "${taken:-0}" -gt 0 ]; then
		pass "$name: $taken pictures, $uploads uploads for $launches launches"
	else
		fail "$name" "${taken:-no} pictures, ${uploads:-no} uploads for ${launches:-no} launches"
	fi
}

part_equality() {
	for graph in demo-480p demo demo-2160p; do
		equal $graph 600
	done
	# those with sources: see live
	grep -v -x -e demo -e demo-480p -e demo-2160p -e pattern -e camera \
		-e studio -e wall -e player "$pack/graphs" >"$work/others"
	while read -r other; do
		equal "$other" 60
	done <"$work/others"
	sourced pattern 120
}

# Files, taken frame by frame: the same ones for both backends, every sink.
part_live() {
	name="live: four files, 600 ticks, three sinks"
	sources=""
	for file in wide:345600 close:115920 third:1382400 rgb:60000; do
		head -c $((8 * ${file#*:})) /dev/urandom >"$work/${file%:*}.raw"
		sources="$sources --source ${file%:*}:file,path=$work/${file%:*}.raw,loop"
	done
	for backend in cpu cuda; do
		# shellcheck disable=SC2086 # options are words
		if ! run_graph live $quiet --nominal --clock free --ticks 600 \
			--backend $backend $sources --digest "a:$work/a.$backend" \
			--digest "b:$work/b.$backend" --digest "c:$work/c.$backend"; then
			fail "$name" "$backend: $(said "$work/err")"
			return
		fi
	done
	for sink in a b c; do
		if [ "$(wc -l <"$work/$sink.cuda")" -ne 600 ] ||
			! cmp -s "$work/$sink.cpu" "$work/$sink.cuda"; then
			fail "$name" "sink $sink differs"
			return
		fi
	done
	pass "$name"
}

# Four at once: opening a GPU takes longer than the frames.
part_random() {
	wanted=$(find "$pack/random" -mindepth 1 -maxdepth 1 | wc -l)
	name="random: $wanted graphs x 5 ticks, into device slots and staged"
	find "$pack/random" -mindepth 1 -maxdepth 1 | sort |
		xargs -P 4 -n $(((wanted + 3) / 4)) "$bin/gpu_random" \
			>"$results/random.txt" 2>&1
	equal_graphs=$(awk '/passed,/ { n += $1 } END { print n + 0 }' "$results/random.txt")
	row "random graphs equal, of $wanted" "$equal_graphs"
	if [ "$equal_graphs" -eq "$wanted" ] && [ "$wanted" -gt 0 ]; then
		pass "$name"
	else
		fail "$name" "$equal_graphs equal: $(grep -v passed, "$results/random.txt" | head -1)"
	fi
}

# CUDA's half of --display kms,buffers=, on pages that stand for a screen's.
part_buffers() {
	if ! timeout 60 "$bin/gpu_buffers" "$pack/modules/demo" 2000 >"$work/out" 2>&1; then
		fail "buffers" "$(grep -v '^ok' "$work/out" | head -1)"
		return
	fi
	pass "buffers: $(said "$work/out"), $(grep -c '^ok' "$work/out") checks"
	grep '^{' "$work/out" >"$results/buffers.json"
	row "1080p, launch to frame in the screen's pages: stored, us" \
		"$(sed -n 's/.*"stored_us":\([0-9.]*\).*/\1/p' "$work/out")"
	row "the same, copied there, us" \
		"$(sed -n 's/.*"copied_us":\([0-9.]*\).*/\1/p' "$work/out")"
	refused "buffers: no screen" 69 'kms' "$bin/demo" --report none --ticks 3 \
		--backend cuda --display kms,buffers=dumb-import
}

# ---- refusals ------------------------------------------------------------------
refused() { # NAME STATUS PATTERN COMMAND...
	name=$1 wanted=$2 pattern=$3
	shift 3
	timeout 60 "$@" >"$work/out" 2>"$work/err"
	status=$?
	if [ $status -ne "$wanted" ]; then
		fail "$name" "status $status, not $wanted: $(said "$work/err")"
	elif [ "$(wc -l <"$work/err")" -ne 1 ]; then
		fail "$name" "$(wc -l <"$work/err") lines on stderr"
	elif grep -q "$pattern" "$work/err"; then
		pass "$name: $(said "$work/err")"
	else
		fail "$name" "$(said "$work/err")"
	fi
}

# shellcheck disable=SC2086 # options are words
part_inputs() {
	refused "input: device=7" 69 'device=7' \
		"$bin/demo-480p" $quiet --ticks 3 --backend cuda,device=7
	refused 'input: CUDA_VISIBLE_DEVICES=""' 69 'NO_DEVICE' env CUDA_VISIBLE_DEVICES= \
		"$bin/demo-480p" $quiet --ticks 3 --backend cuda
	refused "input: code for another GPU" 78 'sm_75' \
		"$bin/demo-other" $quiet --ticks 3 --backend cuda
	if CUDA_VISIBLE_DEVICES='' run_graph demo-480p $quiet --ticks 3 &&
		[ "$(grep -c 'backend: cpu, not cuda' "$work/err")" -eq 1 ]; then
		pass "input: auto without a GPU: $(grep 'backend: cpu' "$work/err")"
	else
		fail "input: auto without a GPU" "$(said "$work/err")"
	fi
	for graph in demo-480p demo demo-2160p; do
		run_graph $graph $quiet --ticks 3
		row "auto, $graph" "$(sed -n "s/^$graph: backend: //p" "$work/err" | head -1)"
	done
}

# shellcheck disable=SC2086
part_allocations() {
	name="allocations: none in the tick thread, 2000 ticks"
	if run_graph demo-trap $quiet --clock free --ticks 2000 --backend cuda; then
		pass "$name"
	elif grep -q alloc_trap "$work/err"; then
		# ours alone: tests/drivers/test_cuda_ticks, with the fake
		skip "$name" "libcuda allocates: $(grep alloc_trap "$work/err")"
	else
		fail "$name" "$(said "$work/err")"
	fi
}

# ---- faults while running ------------------------------------------------------
# shellcheck disable=SC2086
lost() { # KIND PATTERN TICKS: at 60 a second, from the 30th on until it is over
	name="fault: $1"
	run_graph gpu-fault --display headless --report json --backend cuda \
		--seconds 20 --set "fault.kind=$1" --set fault.at=30
	status=$?
	ticks=$(key ticks "$work/out")
	if [ $status -ne 75 ]; then
		fail "$name" "status $status, not 75: $(said "$work/err")"
	elif ! grep -q "$2" "$work/err"; then
		fail "$name" "$(said "$work/err")"
	elif [ -z "$ticks" ]; then
		fail "$name" "no report"
	elif [ "$ticks" -gt $((30 + $3)) ]; then
		fail "$name" "$((ticks - 30)) ticks after the fault, not $3"
	else
		pass "$name: $(said "$work/err") (after $((ticks - 30)) ticks)"
	fi
}

# shellcheck disable=SC2086
part_faults() {
	# the driver tells of a fault of the MMU late, a few frames later
	lost null 'ILLEGAL_ADDRESS' 30
	lost misaligned 'MISALIGNED_ADDRESS' 3
	lost trap 'ILLEGAL_INSTRUCTION\|LAUNCH_FAILED' 3
	lost assert 'ASSERT' 3
	lost hang 'has not answered' 66
	"$bin/gpu-fault" $quiet --backend cuda --seconds 20 --set fault.kind=hang \
		--set fault.at=10 >/dev/null 2>&1 &
	pid=$!
	sleep 2
	kill -KILL $pid 2>/dev/null
	wait $pid 2>/dev/null
	if run_graph demo-480p $quiet --clock free --ticks 20 --backend cuda; then
		pass "fault: killed in the middle of a kernel; the next program runs"
	else
		fail "fault: killed in the middle of a kernel" "$(said "$work/err")"
	fi
}

# ---- leaks ------------------------------------------------------------------------
part_leaks() {
	ticks=${LEAK_TICKS:-1000000}
	name="leaks: 1080p --clock free, $ticks ticks"
	if ! timeout 120 "$bin/gpu_watch" 0 "$bin/demo" --display headless --report none \
		--clock free --backend cuda --ticks "$ticks" >"$work/out" 2>"$work/err"; then
		fail "$name" "$(said "$work/err")"
		return
	fi
	# samples N rss_kb FIRST LAST MAX device_kb FIRST LAST MAX
	# shellcheck disable=SC2046 # words
	set -- $(cat "$work/out")
	row "resident memory, a third in and at the end, kB" "$4 $5"
	row "device memory in use, a third in and at the end, kB" "$8 $9"
	if [ "$5" -le $(($4 + 64)) ] && [ "$9" -le "$8" ]; then
		pass "$name: $*"
	else
		fail "$name" "$*"
	fi
}

# ---- compute-sanitizer -----------------------------------------------------------
part_sanitizer() {
	sanitizer=$(command -v compute-sanitizer || echo "$pack/compute-sanitizer/compute-sanitizer")
	for tool in memcheck racecheck; do
		name="sanitizer: $tool"
		if ! [ -x "$sanitizer" ]; then
			skip "$name" "no compute-sanitizer here"
			continue
		fi
		# shellcheck disable=SC2046 # folders are words
		timeout 60 "$sanitizer" --tool $tool --error-exitcode 9 \
			"$bin/gpu_random" $(printf "$pack/random/%s " 1 2 3 4 5 6) \
			>"$work/out" 2>&1
		status=$?
		cp "$work/out" "$results/$tool.txt"
		if [ $status -eq 0 ] && grep -q 'ERROR SUMMARY: 0 errors\|0 hazards' "$work/out"; then
			pass "$name: 6 random graphs"
		elif [ $status -eq 9 ]; then
			fail "$name" "$(grep -m1 '=========' "$work/out")"
		else
			skip "$name" "it does not work here: status $status, $(grep -m1 'Error\|error\|not supported' "$work/out")"
		fi
	done
	if [ -x "$sanitizer" ]; then
		# a check of the checker: the null store must be found
		timeout 60 "$sanitizer" --tool memcheck --error-exitcode 9 "$bin/gpu-fault" \
			--display headless --report none --backend cuda --clock free \
			--ticks 20 --set fault.kind=null --set fault.at=5 >"$work/out" 2>&1
		if grep -q 'Invalid __global__ write' "$work/out"; then
			pass "sanitizer: memcheck finds a planted null store"
		else
			skip "sanitizer: a planted null store" "not found: it does not work here"
		fi
	fi
}

# ---- benchmarks ------------------------------------------------------------------
bench() { # NAME PROGRAM ARGUMENTS...: JSON lines in $work/NAME.json
	name=$1 program=$2
	shift 2
	if timeout 120 "$bin/$program" "$@" >"$work/$name.json" 2>"$work/$name.txt"; then
		pass "bench: $name"
	else
		fail "bench: $name" "$(said "$work/$name.txt")"
	fi
	cat "$work/$name.txt"
}

part_bench() {
	modules=$pack/modules
	bench fused gpu_fused "${ROUNDS:-100}" "$modules/demo-480p" "$modules/demo" \
		"$modules/demo-2160p"
	bench tick gpu_tick "${TICKS:-5000}" "$modules/demo-480p" "$modules/demo" \
		"$modules/demo-2160p"
	bench ladder gpu_ladder "${FRAMES:-300}" "$modules/demo-apart" "$modules/demo"
	bench live gpu_live "${ROUNDS:-100}" "$modules/convert.cubin" \
		"$modules/fit-1080p" "$modules/camera-1080p" "$modules/studio"
	run_graph demo --display headless --report json --backend cuda --ticks 300
	cp "$work/out" "$results/demo.json"
	sed -n 's/.*"graph":"\([^"]*\)".*"frame_us":\([0-9.]*\),"memset_us":\([0-9.]*\),"ratio":\([0-9.]*\),"gb_per_s":\([0-9.]*\).*"single".*/\1 \2 \3 \4 \5/p' \
		"$work/fused.json" | while read -r g f m r b; do
		row "$g: frame, memset, us in a graph of 200; ratio; GB/s" "$f $m $r $b"
	done
	sed -n 's/.*"graph":"\([^"]*\)".*"uniforms_us":\([0-9.]*\).*"host_us":\([0-9.]*\).*/\1 \3 \2/p' \
		"$work/tick.json" | while read -r g h u; do
		row "$g: launch to seen less GPU, us p50; uniforms beside it" "$h $u"
	done
	sed -n 's/.*"graph":"\([^"]*\)".*"frame_us":\([0-9.]*\),"convert_us":\([0-9.]*\),"ratio":\([0-9.]*\).*/\1 \2 \3 \4/p' \
		"$work/live.json" | while read -r g f c r; do
		row "$g: frame, NV12 1080p conversion alone, us; ratio" "$f $c $r"
	done
	sed -n 's/{"row":"\([^"]*\)","us":\([0-9.]*\)}/\2 \1/p' "$work/ladder.json" |
		while read -r us what; do
			row "ladder: $what" "$us us"
		done
}

# Ours is the last row of the ladder: measure it in the same run.
part_torch() {
	name="torch: the same five stages at 1080p"
	if ! LD_LIBRARY_PATH=$system_libraries python3 -c 'import torch, sys; sys.exit(not torch.cuda.is_available())' 2>/dev/null; then
		skip "$name" "no torch with a GPU"
		return
	fi
	[ -s "$work/ladder.json" ] || bench ladder gpu_ladder "${FRAMES:-300}" \
		"$pack/modules/demo-apart" "$pack/modules/demo"
	name="torch: the same five stages at 1080p" # bench has its own
	if ! LD_LIBRARY_PATH=$system_libraries timeout 180 python3 tests/gpu/seed_pipeline.py >"$work/torch.json" 2>"$work/err"; then
		fail "$name" "$(said "$work/err")"
		return
	fi
	ours=$(sed -n 's/.*"us":\([0-9.]*\)}/\1/p' "$work/ladder.json" | tail -1)
	for way in eager pooled; do
		us=$(sed -n "s/.*\"way\": \"$way\", \"us\": \([0-9.]*\).*/\1/p" "$work/torch.json")
		row "torch $way, us a frame; ours; times" \
			"$us $ours $(echo "$us $ours" | awk '{ printf "%.0f", $1 / $2 }')"
		if echo "$us $ours" | awk '{ exit !($2 > 0 && $1 >= 100 * $2) }'; then
			pass "$name: ours at least 100x faster than $way"
		else
			fail "$name" "$way $us us, ours $ours us: less than 100x"
		fi
	done
}

# ---- two GPUs ----------------------------------------------------------------------
rate() { # GRAPH DEVICE FILE: ticks a second, one line more; a CPU of its own
	timeout 60 "$bin/$1" --display headless --report json --clock free \
		--ticks "${PAIR_TICKS:-200000}" --backend "cuda,device=$2" \
		--cpu $((2 + $2 * $(nproc) / 2)) >"$3.json" 2>"$3.err"
	key fps_average "$3.json" >>"$3"
}

middle() { # FILE of three lines
	sort -n "$1" | sed -n 2p
}

# In turn, three times, and the middle ones: hosts are shared.
pair() { # GRAPH
	rm -f "$work"/alone? "$work"/both?
	for _ in 1 2 3; do
		rate "$1" 0 "$work/alone0"
		rate "$1" 1 "$work/alone1"
		rate "$1" 0 "$work/both0" &
		rate "$1" 1 "$work/both1"
		wait $!
	done
	for device in 0 1; do
		alone=$(middle "$work/alone$device")
		both=$(middle "$work/both$device")
		row "$1, device $device: ticks/s alone, both at once" "$alone $both"
		if echo "${both:-0} ${alone:-0}" | awk '{ exit !($2 > 0 && $1 >= 0.97 * $2) }'; then
			pass "$name: $1, device $device, $both of $alone"
		else
			fail "$name" "$1, device $device, $both of $alone"
		fi
	done
}

part_two() {
	name="two GPUs: each at least 97 % of its rate alone"
	if [ "$("$bin/demo" --probe 2>/dev/null | grep -c 'device [0-9]*: ')" -lt 2 ]; then
		skip "$name" "one GPU"
		return
	fi
	pair demo
	pair demo-2160p
}

# ---- EGLStreams --------------------------------------------------------------------
# CUDA or GLES -> EGLStream -> a consumer in the same process. What the consumer got,
# each 100th frame, against the CPU's frame of that tick.
streamed() { # FRAMES SETTINGS OPTIONS...: the consumer gets FRAMES at least
	frames=$1 settings=$2
	shift 2
	name="eglstream: $settings, $*"
	if ! run_graph demo --report json --backend cuda --nominal "$@" --display \
		"eglstream,$settings,digest=$work/got,nth=100"; then
		fail "$name" "$(said "$work/err")"
		return
	fi
	cp "$work/out" "$results/eglstream-$settings.json"
	flips=$(nested flips "$work/out")
	lines=$(wc -l <"$work/got")
	other=$(grep -vxcFf "$work/streams.cpu" "$work/got")
	troubles=$(nested stalls "$work/out"),$(nested losses "$work/out"),$(nested errors "$work/out")
	if [ "${flips:-0}" -lt "$frames" ] || [ "$lines" -ne $(((flips + 99) / 100)) ]; then
		fail "$name" "the consumer got ${flips:-no} frames, $lines were compared"
	elif [ "$other" -ne 0 ]; then
		fail "$name" "$other of $lines pictures are not the tick's"
	elif [ "$troubles" != 0,0,0 ]; then
		fail "$name" "stalls, losses, errors: $troubles"
	else
		pass "$name: $flips frames, $lines compared"
	fi
}

# The stream is ended and built again while it runs; ticks go on.
renewed() { # SETTINGS
	name="eglstream: $1, built again after each 100 frames"
	if ! run_graph demo --report json --backend cuda --nominal --ticks 900 --display \
		"eglstream,$1,fifo=1,renew=100,digest=$work/got"; then
		fail "$name" "$(said "$work/err")"
		return
	fi
	again=$(nested recoveries "$work/out")
	other=$(grep -vxcFf "$work/streams.cpu" "$work/got")
	lost=$(nested display_lost "$work/out")
	if [ "${again:-0}" -lt 2 ]; then
		fail "$name" "${again:-no} times"
	elif [ "$other" -ne 0 ]; then
		fail "$name" "$other of $(wc -l <"$work/got") pictures are not the tick's"
	else
		pass "$name: $again times, ${lost:-0} of 900 frames were lost"
	fi
}

# What is recorded beside the stream, frame by frame, and a snapshot of its end.
# A frame that the FIFO had no room for is in neither.
kept() { # SETTINGS
	name="eglstream: $1, recording and snapshot"
	if ! run_graph demo --report none --nominal --clock free --ticks 60 --backend cuda \
		--display "eglstream,$1,fifo=1" --digest "$work/kept" \
		--record "$work/cuda.raw" --snapshot "$work/cuda.png"; then
		fail "$name" "$(said "$work/err")"
		return
	fi
	run_graph demo --report none --display headless --nominal --clock free \
		--ticks $(($(tail -n 1 "$work/kept" | cut -d' ' -f1) + 1)) --backend cpu \
		--record "$work/cpu.raw" --snapshot "$work/cpu.png"
	frames=$(wc -l <"$work/kept")
	if [ "$frames" -lt 50 ]; then
		fail "$name" "$frames frames of 60"
	elif ! cut -d' ' -f1 "$work/kept" | while read -r tick; do
		dd if="$work/cpu.raw" bs=$((1920 * 1080 * 4)) skip="$tick" count=1 2>/dev/null
	done | cmp -s - "$work/cuda.raw"; then
		fail "$name" "the recording is another"
	elif ! cmp -s "$work/cpu.png" "$work/cuda.png"; then
		fail "$name" "the snapshot is another"
	else
		pass "$name: $frames frames"
	fi
	rm -f "$work/cpu.raw" "$work/cuda.raw"
}

# The CPU's frames, to compare with.
drawn() {
	[ -s "$work/streams.cpu" ] && return
	run_graph demo --display headless --report none --nominal --clock free \
		--ticks 10010 --backend cpu --digest "$work/streams.cpu" && return
	fail "eglstream: the CPU's digests" "$(said "$work/err")"
	return 1
}

# Nothing of ours asks for memory in the ticks; what a driver's library does is
# told.
unallocated() { # SETTINGS
	name="eglstream: $1, nothing is allocated in the tick thread, 2000 ticks"
	if run_graph demo-trap --report none --clock free --ticks 2000 --backend cuda \
		--display "eglstream,$1"; then
		pass "$name"
	elif grep -q alloc_trap "$work/err"; then
		skip "$name" "libcuda or libEGL allocates: $(grep alloc_trap "$work/err")"
	else
		fail "$name" "$(said "$work/err")"
	fi
}

# mean, share, %, p50, p99, max of a present, us
present() { # SETTINGS
	run_graph demo --report text --backend cuda --clock free --ticks 5000 \
		--display "eglstream,$1"
	sed -n 's/^ *present  *//p' "$work/out"
}

# GLES as an end of the stream. Its present is a copy, a draw and a swap: with a
# bare draw and swap of the same size, in the same run, it is compared.
part_gles() {
	drawn || return
	for ends in consumer=gles consumer=cuda,producer=gles \
		consumer=gles,producer=gles; do
		streamed 10000 "$ends,fifo=1" --clock free --ticks 10010
		for fifo in 0 3; do
			streamed 2000 "$ends,fifo=$fifo" --clock free --ticks 2010
			streamed 600 "$ends,fifo=$fifo,every=3" --clock free --ticks 2400
		done
		streamed 590 "$ends,fifo=1,every=1" --clock timer --ticks 600
		renewed "$ends"
		kept "$ends"
		unallocated "$ends"
		row "$ends, present: mean, share, p50, p99, max us" "$(present "$ends")"
	done
	name="gles: a present is at most 1.1x of a bare draw and swap"
	if ! "$bin/gpu_gles" 1920 1080 3000 >"$work/gles.json" 2>"$work/err"; then
		fail "$name" "$(said "$work/err")"
		return
	fi
	bare=$(sed -n 's/.*"draw_swap_us":\([0-9.]*\).*/\1/p' "$work/gles.json")
	ours=$(present consumer=cuda,producer=gles | awk '{ print $4 }')
	cp "$work/gles.json" "$results"
	row "1080p, GLES's draw and swap alone; a present: p50, us" "$bare $ours"
	row "a surface's row that a CUDA consumer has first" \
		"$(sed -n 's/.*"first_row":"\([a-z]*\)".*/\1/p' "$work/gles.json")"
	if echo "$ours $bare" | awk '{ exit !($2 > 0 && $1 > 0 && $1 <= 1.1 * $2) }'; then
		pass "$name: $ours of $bare us"
	else
		fail "$name" "${ours:-no} of ${bare:-no} us"
	fi
}

part_eglstream() {
	drawn || return
	for fifo in 0 1 3; do
		streamed 10000 "consumer=cuda,fifo=$fifo" --clock free --ticks 10010
		streamed 2000 "consumer=cuda,fifo=$fifo,every=3" --clock free --ticks 8000
	done
	streamed 590 "consumer=cuda,fifo=1,every=1" --clock timer --ticks 600
	renewed consumer=cuda
	kept consumer=cuda
	refused "eglstream: without a screen" 69 'no output layer' \
		"$bin/demo" --report none --ticks 3 --backend cuda --display eglstream
	refused "eglstream: frames of the CPU" 78 'backend cuda' \
		"$bin/demo" --report none --ticks 3 --backend cpu \
		--display eglstream,consumer=cuda
	row "present into an EGLStream: mean, share, p50, p99, max us" \
		"$(present consumer=cuda)"
	row "--probe" "$("$bin/demo" --probe | sed -n 's/^ *eglstream *//p')"
	unallocated consumer=cuda
}

for part in $parts; do
	start=$(date +%s)
	"part_$part"
	printf '      %s: %d s\n' "$part" $(($(date +%s) - start))
done
{
	"$bin/demo" --probe 2>/dev/null | sed -n 's/^ *\(device [0-9]*: .*\)/\1/p'
	cat "$work/table"
} >"$results/table.txt"
# One object: a member a benchmark, the lines of each as an array.
for name in fused tick ladder live torch; do
	[ -s "$work/$name.json" ] || continue
	printf '%s"%s":[%s]' "${comma:-}" "$name" "$(paste -s -d, "$work/$name.json")"
	comma=,
done | sed 's/^/{/; s/$/}/' >"$results/results.json"
echo
cat "$results/table.txt"
printf '%d s; commit %s\n' $(($(date +%s) - began)) "$(cat "$pack/commit")"
printf '%d passed, %d failed, %d skipped\n' $passed $failed $skipped
[ $failed -eq 0 ] && [ $passed -gt 0 ]

#!/bin/sh
# tests/bench/run.sh OUT RESULT.json: every benchmark, as tables on stdout and as
# one JSON file. Peers are measured in turn with ours, in this run, on this
# machine; nothing here asserts a time.
#   QUICK=1   a tenth of the samples, for trying the script
set -eu
out=$1
result=$2
work=$out/bench
mkdir -p "$work"
started=$(date +%s)
div=1
[ "${QUICK:-0}" = 1 ] && div=10
cpu=$(($(nproc) - 1))

frame() { # GRAPH FRAMES: one JSON line
	taskset -c "$cpu" "$work/frame-$1" "$2"
}

# ---- one whole frame, next to the floor -------------------------------------
printf 'One tick of the whole demo, one core (us)\n'
printf '%-12s %10s %9s %9s %9s %9s %9s %7s\n' graph size p50 p99 \
	'memset50' 'store50' 'floor99' ratio
: >"$work/frames.json"
for spec in demo-480p:6000 demo:1500 demo-2160p:400; do
	frame "${spec%:*}" $((${spec#*:} / div)) | tee -a "$work/frames.json" |
		jq -r '[.graph, "\(.width)x\(.height)", .tick_us.p50, .tick_us.p99,
		.memset_us.p50, .store_us.p50,
		(if .memset_us.p50 < .store_us.p50 then .memset_us.p99 else .store_us.p99 end),
		.ratio] | @tsv' |
		while IFS="	" read -r g s a b c d e r; do
			printf '%-12s %10s %9.1f %9.1f %9.1f %9.1f %9.1f %7.2f\n' \
				"$g" "$s" "$a" "$b" "$c" "$d" "$e" "$r"
		done
done

# ---- sources, next to libyuv ----------------------------------------------------
# CPU time of one tick and of libyuv with the same frame, in turn; two pictures in
# one next to a tick of each alone. AVX2 too, which is what most have.
printf '\nNV12 into a 1080p slot, one core, next to libyuv with the same frame alone (us, p50)\n'
printf '%-34s %7s %9s %9s %7s  %s\n' 'graph' isa tick peer ratio 'the peer'
: >"$work/sources.json"
for graph in nv12 scale pip; do
	for isa in avx2 auto; do
		taskset -c "$cpu" "$work/source-$graph" $((600 / div)) "$isa" |
			tee -a "$work/sources.json" | jq -r '[.isa, .tick_us,
			.peer_us // 0, .ratio // 0,
			.peer // "no libyuv.so.0: apt-get install libyuv0"] | @tsv' |
			while IFS="	" read -r i t p r how; do
				case $graph in
				nv12) what='1080p, fit, markers, label' ;;
				scale) what='720p, fit: scaled, bilinear' ;;
				*) what='1080p, in it 720p as 480x270' ;;
				esac
				printf '%-34s %7s %9.1f %9.1f %7.2f  %s\n' \
					"$what" "$i" "$t" "$p" "$r" "$how"
			done
	done
done

# ---- cost of a node ----------------------------------------------------------
printf '\nChains of markers nodes, 16x16, fused (ns a node and tick)\n'
printf '%-12s %9s %9s %12s\n' nodes 'tick p50' 'tick p99' 'ns a node'
: >"$work/chains.json"
for n in 1 10 100; do
	frame "chain-$n" $((20000 / div)) | jq -c ". + {chain: $n}" |
		tee -a "$work/chains.json" | jq -r \
		'[.chain, .tick_us.p50 * 1000, .tick_us.p99 * 1000, .tick_us.p50 * 1000 / .chain] | @tsv' |
		while IFS="	" read -r c a b e; do
			printf '%-12s %9.0f %9.0f %12.1f\n' "$c" "$a" "$b" "$e"
		done
done

# ---- threads -----------------------------------------------------------------
# The same program with one thread and with two, in turn, round by round; the
# ratio is of the least of the rounds' medians. With SCHED_FIFO, where it is to be
# had, what else runs on the CPUs is kept out.
first=
chrt -f 80 true 2>/dev/null && first='chrt -f 80'
head -c 3110400 /dev/urandom >"$work/wide.nv12"
head -c 1382400 /dev/urandom >"$work/close.nv12"
threads() { # GRAPH THREADS
	graph=$1 count=$2
	set --
	[ "$graph" = studio ] && set -- --source "wide:file,path=$work/wide.nv12" \
		--source "close:file,path=$work/close.nv12"
	# shellcheck disable=SC2086 # words or none
	$first "$out/$graph/$graph" --backend cpu --display headless \
		--clock free --ticks $((200 / div)) --workers "$count" \
		--report json "$@" 2>/dev/null |
		jq -c "{threads: $count, us: (.cycle.p50 / 1000)}"
}
printf '\nOne tick with two threads against one (us, least of the rounds\047 p50)\n'
printf '%-12s %9s %9s %9s\n' graph 'one' 'two' ratio
: >"$work/threads.json"
for graph in blur-1080p studio demo; do
	: >"$work/threads-$graph.json"
	for _ in 1 2 3 4 5; do
		threads "$graph" 1 >>"$work/threads-$graph.json"
		threads "$graph" 2 >>"$work/threads-$graph.json"
	done
	jq -c -s "{graph: \"$graph\",
		one_us: map(select(.threads == 1).us) | min,
		two_us: map(select(.threads == 2).us) | min}
		| .ratio = .two_us / .one_us" "$work/threads-$graph.json" |
		tee -a "$work/threads.json" |
		jq -r '[.graph, .one_us, .two_us, .ratio] | @tsv' |
		while IFS="	" read -r g a b r; do
			printf '%-12s %9.1f %9.1f %9.2f\n' "$g" "$a" "$b" "$r"
		done
done

# ---- wake-up lateness, next to cyclictest -------------------------------------
# Both pinned to the same CPU at the same priority, in turn, round by round.
ours() { # NAME GRAPH TICKS OPTIONS...: one report a round
	file=$work/$1.json
	program=$out/$2/$2
	limit=$3
	shift 3
	"$program" --ticks "$limit" --cpu "$cpu" --priority 80 --report json \
		"$@" >>"$file"
}

peer() { # NAME PERIOD_US LOOPS: appends "us count" lines
	cyclictest -q -m -t1 -a "$cpu" -p 80 -i "$2" -l "$3" -h 20000 2>/dev/null |
		awk '/^[0-9]/ && $2 > 0 { print $1 + 0, $2 + 0 }
			/^# Histogram Overflows/ { if ($4 + 0) print 20000, $4 + 0 }
			/^# Max Latencies/ { print "max", $4 + 0 }' >>"$work/$1.hist"
}

# Quantiles of pooled rounds: JSON {samples, p50_us, p99_us, max_us, over_1ms}.
pool_ours() {
	jq -s '{samples: map(.lateness.count) | add,
		over_1ms: map(.wakes_over_1ms) | add,
		max_us: (map(.lateness.max) | max / 1000),
		cpu_percent: ((map(.cpu_ns) | add) * 100 / (map(.duration_ns) | add)),
		skipped: map(.skipped) | add, late: map(.late) | add,
		buckets: (map(.lateness.buckets[]) | group_by(.[0]) | map([.[0][0], (map(.[1]) | add)]))}
		| . as $all | def q(share): reduce $all.buckets[] as $b ({sum: 0, at: null};
			.sum += $b[1] | if .at == null and .sum >= share * $all.samples
			then .at = $b[0] else . end) | .at / 1000;
		{samples, p50_us: q(0.5), p99_us: q(0.99), max_us, over_1ms, cpu_percent, skipped, late}' "$work/$1.json"
}

pool_peer() {
	sort -n "$work/$1.hist" | awk '$1 == "max" { if ($2 > max) max = $2; next }
		{ n[$1] += $2; all += $2; if ($1 > 1000) over += $2 }
		END { for (us = 0; us <= 20000; us++) { if (!(us in n)) continue
				sum += n[us]
				if (p50 == "" && sum >= 0.5 * all) p50 = us
				if (p99 == "" && sum >= 0.99 * all) p99 = us }
			printf "{\"samples\":%d,\"p50_us\":%d,\"p99_us\":%d,\"max_us\":%d,\"over_1ms\":%d}\n",
				all, p50, p99, max, over }'
}

rm -f "$work"/wake-*.json "$work"/*.hist
rounds=3 ticks=$((360 / div)) fast=$((2000 / div))
if command -v cyclictest >/dev/null 2>&1 && chrt -f 80 true 2>/dev/null; then
	for _ in $(seq $rounds); do
		peer peer-60 16667 "$ticks"
		ours wake-60 demo "$ticks" --backend cpu --display headless
		ours wake-60-spin demo "$ticks" --backend cpu --display headless --spin-us 250
		peer peer-1000 1000 "$fast"
		ours wake-1000 null "$fast" --backend cpu
	done
	row() { # LABEL JSON
		echo "$2" | jq -r '[.samples, .p50_us, .p99_us, .max_us, .over_1ms, (.cpu_percent // "-")] | @tsv' |
			while IFS="	" read -r n a b m o c; do
				printf '%-34s %7s %8.1f %8.1f %9.1f %6s %6.5s\n' "$1" \
					"$n" "$a" "$b" "$m" "$o" "$c"
			done
	}
	p60=$(pool_peer peer-60) w60=$(pool_ours wake-60)
	s60=$(pool_ours wake-60-spin) p1k=$(pool_peer peer-1000)
	w1k=$(pool_ours wake-1000)
	printf '\nWake-up lateness, SCHED_FIFO 80, CPU %s, %s rounds in turn (us)\n' \
		"$cpu" "$rounds"
	printf '%-34s %7s %8s %8s %9s %6s %6s\n' '' samples p50 p99 max '>1ms' 'CPU%'
	row 'cyclictest 60 Hz' "$p60"
	row 'demo 60 Hz' "$w60"
	row 'demo 60 Hz, --spin-us 250' "$s60"
	row 'cyclictest 1 kHz' "$p1k"
	row 'null graph 1 kHz' "$w1k"
	jq -n --argjson p60 "$p60" --argjson w60 "$w60" --argjson p1k "$p1k" \
		--argjson w1k "$w1k" -r '"p99 against cyclictest: 60 Hz \($w60.p99_us / $p60.p99_us * 100 | round / 100)x, 1 kHz \($w1k.p99_us / $p1k.p99_us * 100 | round / 100)x"'
	wake=$(jq -n --argjson a "$p60" --argjson b "$w60" --argjson c "$s60" \
		--argjson d "$p1k" --argjson e "$w1k" \
		'{cyclictest_60: $a, demo_60: $b, demo_60_spin: $c, cyclictest_1000: $d, null_1000: $e}')
else
	printf '\nWake-up lateness: not measured, SCHED_FIFO 80 or cyclictest is not to be had\n'
	wake=null
fi

# ---- start, memory, size -------------------------------------------------------
# From exec to the end of a run of one tick: the first frame is out before that.
: >"$work/start.txt"
for _ in $(seq 20); do
	before=$(date +%s%N)
	"$out/demo/demo" --backend cpu --display headless --ticks 1 --report none
	echo $((($(date +%s%N) - before) / 1000)) >>"$work/start.txt"
done
rss=$("$out/demo/demo" --backend cpu --display headless --ticks 120 --report json | jq .rss_bytes)
cp "$out/demo/demo" "$work/demo-stripped"
strip "$work/demo-stripped"
start=$(sort -n "$work/start.txt" | jq -sc "{one_tick_ms_p50: (.[9] / 1000),
	one_tick_ms_max: (.[19] / 1000), rss_mb: ($rss / 1e6),
	slots_mb: (3 * 1920 * 1080 * 4 / 1e6),
	stripped_kb: ($(stat -c %s "$work/demo-stripped") / 1000)}")
printf '\nStart, memory, size (demo 1080p headless)\n'
echo "$start" | jq -r '"exec to exit of one tick: median \(.one_tick_ms_p50) ms, most of 20 \(.one_tick_ms_max) ms
peak resident \(.rss_mb) MB, of which 3 slots \(.slots_mb) MB; stripped program \(.stripped_kb) kB"'

jq -n --slurpfile frames "$work/frames.json" --slurpfile chains "$work/chains.json" \
	--slurpfile threads "$work/threads.json" \
	--slurpfile sources "$work/sources.json" \
	--argjson wake "$wake" --argjson start "$start" \
	'{frames: $frames, sources: $sources, chains: $chains, threads: $threads, wake: $wake, start: $start}' >"$result"
printf '\nwritten: %s, in %s s; load average %s\n' "$result" \
	$(($(date +%s) - started)) "$(cut -d' ' -f1-3 /proc/loadavg)"

#!/bin/sh
# tests/e2e/top.test.sh: tickline top on a running program: the table, JSON, the
# file for Prometheus by its format's rules, sysfs' sensors, and what is said where
# there is nothing to show. BUILD is the build folder (build/host).
# shellcheck disable=SC2317,SC2016 # functions that result calls; awk's own
set -u
cd "$(dirname "$0")/../.." || exit 1
out=${BUILD:-build/host}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
tickline=$out/tickline socket=$work/control.sock
n=0 bad=0

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

refused() { # STATUS WORDS ARGUMENTS...: one line
	status=$1 words=$2
	shift 2
	"$tickline" "$@" >"$work/out" 2>"$work/err"
	is=$?
	cat "$work/err"
	[ "$is" -eq "$status" ] && [ "$(wc -l <"$work/err")" -eq 1 ] &&
		grep -q -- "$words" "$work/err"
}

top() { # ARGUMENTS...
	"$tickline" top "$socket" "$@" >"$work/table"
	is=$?
	cat "$work/table"
	return "$is"
}

# Until its last tick; then it stands still, and so do the figures.
"$out/camera/camera" --backend cpu --display headless --source pattern --workers 1 \
	--control "$socket" --ticks 60 --hold >/dev/null 2>"$work/program" &
pid=$!
until "$tickline" top "$socket" --count 1 --json 2>/dev/null |
	grep -q '"last_tick":59'; do
	kill -0 $pid 2>/dev/null || break
	sleep 0.2
done

if grep -q "lacks memfd seals" "$work/program"; then
	kill $pid
	wait $pid
	echo "1..0 # SKIP no memfd seals here"
	exit 0
fi
result "the table" top --count 1
result "has its sink, whose ticks add up" awk '/^sink screen:/ { sum = $3 + $5 + $7 }
	/skipped/ { for (i = 1; i <= NF; i++) if ($i == "skipped") sum += $(i + 1) }
	END { exit sum != 60 }' "$work/table"
result "its source" grep -q "^source camera: .* taken, .* repeats" "$work/table"
result "its steps" grep -q "^step.0.full+name  *[0-9.]*  *[0-9.]* .* %" "$work/table"
result "twice, when asked" sh -c "'$tickline' top '$socket' --count 2 | grep -c ^lateness | grep -qx 2"
result "JSON has the page's entries" sh -c "'$tickline' top '$socket' --count 1 --json |
	grep -q '\"ticks\":60,.*\"cycle\":{\"count\":.*\"step.0.full+name.time\":{'"

# Prometheus' text format: a type before each name, once; samples of a name
# together; label values in quotes; a number at the end.
result "a file for Prometheus" "$tickline" top "$socket" --count 1 --prometheus "$work/prom"
result "is in its format" awk '
	/^# TYPE [a-z_0-9]+ (counter|gauge|summary)$/ {
		if (seen[$3]++) { print "twice: " $3; exit bad = 1 }
		name = $3; next }
	{ metric = $0; sub(/[{ ].*/, "", metric); base = metric
	  if (name ~ /_seconds$/) sub(/_(sum|count)$/, "", base)
	  if (base != name) { print "not " name ": " $0; exit bad = 1 } }
	!/^[a-z_0-9]+\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\} [0-9.]+$/ {
		print "what is " $0; exit bad = 1 }
	END { exit bad || NR < 100 }' "$work/prom"
result "with the ticks" grep -qx 'tickline_ticks_total{graph="camera"} 60' "$work/prom"
result "and the source's" grep -q \
	'^tickline_source_taken_total{graph="camera",source="camera"} [1-9]' "$work/prom"
result "nothing lies beside it" test -z "$(find "$work" -name 'prom.*')"
result "a folder that is not there" refused 71 "prometheus $work/none/prom: No such" \
	top "$socket" --count 1 --prometheus "$work/none/prom"

sys=$work/sys
mkdir -p "$sys/devices/system/cpu/cpu0/cpufreq" "$sys/devices/system/cpu/cpu1/cpufreq" \
	"$sys/devices/system/cpu/cpu0/thermal_throttle" "$sys/class/devfreq/17000000.ga10b" \
	"$sys/class/thermal/thermal_zone0" "$sys/class/thermal/thermal_zone1" \
	"$sys/class/thermal/cooling_device0"
echo 1190400 >"$sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq"
echo 2201600 >"$sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq"
echo 7 >"$sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count"
echo 918000000 >"$sys/class/devfreq/17000000.ga10b/cur_freq"
echo CPU-therm >"$sys/class/thermal/thermal_zone0/type"
echo 48500 >"$sys/class/thermal/thermal_zone0/temp"
echo GPU-therm >"$sys/class/thermal/thermal_zone1/type"
echo rubbish >"$sys/class/thermal/thermal_zone1/temp"
result "with sensors" top --count 1 --sys "$sys"
result "clocks, temperatures, throttling" grep -qx \
	"CPUs 1190 to 2202 MHz  17000000.ga10b 918 MHz  CPU-therm 48.5 C  throttled 7" \
	"$work/table"
result "and for Prometheus" "$tickline" top "$socket" --count 1 --sys "$sys" \
	--prometheus "$work/prom"
result "in degrees" grep -qx 'tickline_temperature_celsius{zone="CPU-therm"} 48.500' "$work/prom"
result "without any there is no such line" sh -c "'$tickline' top '$socket' --count 1 \
	--sys '$work/none' | sed -n 2p | grep -q '^sink'"

result "a count that is none" refused 64 "count x: must be a whole number" top --count x
result "a name that is none" refused 64 "no program of that name" top nobody.here
result "a socket that is none" refused 64 "$work/none.sock: no program" top "$work/none.sock"
result "another command's option" refused 64 "count: stats does not take it" \
	stats "$socket" --count 1

# It ends, and top with it.
"$tickline" top "$socket" >"$work/table" 2>"$work/err" &
watcher=$!
until grep -q "^present" "$work/table"; do
	kill -0 $watcher 2>/dev/null || break
	sleep 0.1
done
kill $pid
wait $pid
wait $watcher
result "top ends with the program" test $? -eq 0
result "and says so" grep -q "camera has ended" "$work/err"
echo "1..$n"
exit $bad

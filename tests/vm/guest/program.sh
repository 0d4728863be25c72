# shellcheck shell=dash
# Running our programs in a scenario: ". /lab/program.sh" after lib.sh. One
# program at a time, its report in ./report, its ledger of flips in ./ledger,
# its messages in ./messages; `start` leaves it running as $program.

# shellcheck disable=SC2034
modes=/sys/module/vkms/parameters

command -v demo-480p >/dev/null || {
	skip "the program" "the lab was started without its payload"
	exit 0
}

# In the background, with a report at its end.
start()	# PROGRAM ARGUMENT...
{
	rm -f report ledger messages
	"$@" --report json --ledger ledger >report 2>messages &
	program=$!
}

# Until its tick thread runs: the first frame is on view then.
started()
{
	wait_for 100 tick_thread || {
		not_ok "the program starts" "$(tail -n1 messages)"
		exit 1
	}
}

tick_thread()
{
	grep -q '^tick$' /proc/"$program"/task/*/comm
}

# Ends the program and checks its exit status.
finish()	# WHAT [STATUS]
{
	kill -TERM "$program" 2>/dev/null
	finished "$1" "${2:-0}"
}

finished()	# WHAT [STATUS]
{
	local status=0

	wait "$program" || status=$?
	if [ $status = "${2:-0}" ]; then
		ok "$1: exit status $status"
	else
		not_ok "$1: exit status $status, not ${2:-0}" \
			"$(tail -n1 messages)"
	fi
}

# A number or word of the report, the first of that name.
value()	# KEY
{
	sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\).*/\1/p" report | head -n1
}

# Every tick in one class: the identity, from what was reported.
check_ledger()	# WHAT
{
	local sum

	sum=$(($(value presented) + $(value late) + $(value dropped) + \
		$(value skipped)))
	if [ "$(value ticks)" -gt 0 ] && [ "$(value ticks)" = $sum ]; then
		ok "$1: $(value ticks) ticks = $(value presented) presented + $(value late) late + $(value dropped) dropped + $(value skipped) skipped"
	else
		not_ok "$1: $(value ticks) ticks are not $sum" "$(cat messages)"
	fi
}

# A value of the report lies within bounds.
check_value()	# KEY MIN MAX
{
	local got

	got=$(value "$1")
	if [ -n "$got" ] && [ "$got" -ge "$2" ] && [ "$got" -le "$3" ]; then
		ok "$1 is $got, within $2 and $3"
	else
		not_ok "$1 within $2 and $3" "got ${got:-nothing}"
	fi
}

# The live state of a running program, asked with a signal-free look at what
# it does: flips go on when the CRTC's plane changes its framebuffer.
plane_fb()	# DRIVER -> id of the framebuffer on view
{
	local minor

	minor=$(minor_of "$1") || return
	awk '/^plane/ { plane = 1 } /fb=/ && plane {
		sub(".*fb=", ""); if ($0 + 0) { print $0 + 0; exit } }' \
		"/sys/kernel/debug/dri/$minor/state"
}

# The minor number of a driver's card, by the name that the driver gives
# itself; fails where there is none.
minor_of()	# DRIVER
{
	local name

	[ -d /sys/kernel/debug/dri ] || mount -t debugfs debug /sys/kernel/debug
	for name in /sys/kernel/debug/dri/*/name; do
		[ "$(cut -d' ' -f1 "$name")" = "$1" ] || continue
		name=${name%/name}
		[ -e "/dev/dri/card${name##*/}" ] || continue
		echo "${name##*/}"
		return
	done
	return 1
}

card_of()	# DRIVER
{
	local minor

	minor=$(minor_of "$1") && echo "card$minor"
}

# Frames keep coming: the framebuffer on view changes within a second.
flips_go_on()	# DRIVER
{
	local first

	first=$(plane_fb "$1")
	wait_for 20 changed_from "$1" "$first"
}

changed_from()	# DRIVER FB
{
	[ "$(plane_fb "$1")" ] && [ "$(plane_fb "$1")" != "$2" ]
}

# The display is usable after all that: the lab's own program sets a mode.
check_display()	# DRIVER
{
	check_text "$1 is fine afterwards" "open ok
modeset ok
flips 5 events 5" "$(printf 'modeset\nflips 5\n' | kms_probe "$1")"
}

# The program can use it afterwards.
check_runs()	# DRIVER
{
	start demo-480p --display "kms,device=$1" --ticks 20
	finished "$1 afterwards"
	check_ledger "$1 afterwards"
	check_value ticks 20 20
}

# The most lines of a kind that the tick thread has in a trace (strace -f -y) from
# one arm of its timer to the next.
most_in_a_tick()	# TRACE PATTERN
{
	awk -v pattern="$2" '
		/timerfd_settime\(/ { tick = $1; n = 0 }
		$1 == tick && $0 ~ pattern && !/resumed>/ { if (++n > most)
			most = n }
		END { print most + 0 }' "$1"
}

# A line of /proc/PID/status of the thread "tick".
tick_status()	# KEY
{
	local task

	for task in /proc/"$program"/task/*; do
		[ "$(cat "$task/comm")" = tick ] || continue
		sed -n "s/^$1:[[:space:]]*//p" "$task/status"
	done
}

# The frame of one tick, from the program without a display.
golden()	# PROGRAM TICK BYTES FILE
{
	"$1" --display headless --nominal --clock free --ticks $(($2 + 1)) \
		--record /proc/self/fd/1 2>/dev/null | tail -c "$3" >"$4"
}

# The tick on view at the end, from the ledger.
last_tick()
{
	tail -n1 ledger | cut -d' ' -f1
}

# A program that must refuse: status, and words of its one line.
check_refusal()	# WHAT STATUS WORD WORD COMMAND...
{
	local what=$1 expect=$2 a=$3 b=$4 status=0 line

	shift 4
	line=$("$@" 2>&1 >/dev/null) || status=$?
	if [ $status = "$expect" ] && [ "$(echo "$line" | wc -l)" = 1 ] &&
	   echo "$line" | grep -q "$a" && echo "$line" | grep -q "$b"; then
		ok "$what: $line"
	else
		not_ok "$what" "status $status, not $expect: $line"
	fi
}

# shellcheck shell=dash
# Cameras in a scenario: ". /lab/camera.sh" after program.sh. The knobs are
# controls of vivid's capture node (drivers/media/test-drivers/vivid).

# shellcheck disable=SC2034
camera=/dev/video0

command -v vm-camera >/dev/null || {
	skip "the camera's program" "the lab was started without its payload"
	exit 0
}

# Without the nodes that take no pictures.
load_vivid()	# PARAMETER...
{
	modprobe -r vivid
	modprobe vivid node_types=1,1,1,1,1 "$@"
	wait_for 50 test -c $camera
}

knob()	# NAME [VALUE]
{
	case $1 in
	text)	     set -- 0x00f0f001 "$2" ;; # in the picture: 2 none
	reduced)     set -- 0x00f0f02a "$2" ;; # 59.94 instead of 60
	signal)	     set -- 0x00f0f03e "$2" ;; # of HDMI: 0 as set, 1 none
	dropped)     set -- 0x00f0f040 "$2" ;; # percent
	disconnect)  set -- 0x00f0f041 0 ;;
	corrupt)     set -- 0x00f0f042 0 ;; # the next buffer
	no_prepare)  set -- 0x00f0f044 0 ;; # the next QBUF
	no_stream)   set -- 0x00f0f045 0 ;; # the next STREAMON
	queue_error) set -- 0x00f0f046 0 ;;
	esac
	v4l2_tool $camera control "$1" "$2" | sed "s/^/# knob $1: /"
}

# A number or word of the first source in the report, or of the one of that name.
source_value()	# KEY [NAME]
{
	sed -n '/"sources"/,$p' report | sed -n "/\"name\": \"${2:-}/,\$p" |
		sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\).*/\1/p" | head -n1
}

# A number of an object in it.
source_part()	# OBJECT KEY [NAME]
{
	sed -n '/"sources"/,$p' report | sed -n "/\"name\": \"${3:-}/,\$p" |
		sed -n "/\"$1\": {/,/}/s/^ *\"$2\": \([0-9]*\).*/\1/p" |
		head -n1
}

# Of losses for a reason: how many losses, how many frames; 0: none.
reason_value()	# REASON KEY
{
	local got

	got=$(sed -n "/\"reason\": \"$1\"/,/}/s/^ *\"$2\": \([0-9]*\).*/\1/p" \
		report | head -n1)
	echo "${got:-0}"
}

# A source's value lies within bounds.
check_source()	# KEY MIN MAX [NAME]
{
	local got

	got=$(source_value "$1" "${4:-}")
	check "$1 of the source ${4:+$4 }is ${got:-nothing}, within $2 and $3" \
		[ "${got:--1}" -ge "$2" -a "${got:--1}" -le "$3" ]
}

# Both identities of the source's ledger.
check_source_ledger()	# WHAT [NAME]
{
	check_text "$1: each started tick has one class" \
		$(($(value ticks) - $(value skipped))) \
		$(($(source_value taken "${2:-}") + \
		$(source_value repeats "${2:-}") + \
		$(source_value empty "${2:-}") + $(source_value card "${2:-}")))
	check_text "$1: each frame has one class" \
		"$(source_value delivered "${2:-}")" \
		$(($(source_value taken "${2:-}") + \
		$(source_value passed_over "${2:-}") + \
		$(source_value waiting "${2:-}")))
}

# What the kernel says of DQBUF from here on, of every device.
trace_frames()
{
	[ -d /sys/kernel/tracing/events ] ||
		mount -t tracefs tracefs /sys/kernel/tracing
	echo >/sys/kernel/tracing/trace
	echo 1 >/sys/kernel/tracing/events/v4l2/v4l2_dqbuf/enable
}

# Of /dev/videoN's last stream: how many frames, and how many of the driver's
# numbers between the first and the last have none.
traced_frames()	# N
{
	sed -n "s/.*v4l2_dqbuf: minor = $1, .*sequence = \([0-9]*\).*/\1/p" \
		/sys/kernel/tracing/trace | awk '
		NR == 1 || $1 <= last { first = $1; count = 0 }
		{ count++; last = $1 }
		END { print count, last - first + 1 - count }'
}

# A line of the program's so far.
said()	# PATTERN
{
	grep -q "$1" messages
}

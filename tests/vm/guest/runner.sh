# shellcheck shell=dash
# Runner: runs the scenarios of /lab/list one after the other, as init, and
# sends their lines to the host. "begin NAME" and "end NAME STATUS SECONDS" frame
# each, so that the host knows of a guest that dies in between.
# Each scenario is a process of its own with a time limit, and starts with the
# modules it needs freshly loaded; what it leaves running is killed.

header()	# FILE KEY -> the value in "# KEY: value"
{
	sed -n "s/^# $2: *//p" "$1" | head -n1
}

# vkms with every connector and plane that the kernel offers, no fault, and
# what the scenario asks for.
load_fresh()	# MODULE FILE
{
	modprobe -r "$1" 2>/dev/null
	case $1 in
	vkms) # shellcheck disable=SC2046
	      modprobe vkms enable_overlay=1 enable_writeback=1 \
		      $(header "$2" vkms) ;;
	*)    modprobe "$1" ;;
	esac
}

prepare()	# FILE
{
	for module in $(header "$1" needs); do
		load_fresh "$module" "$1" || return 1
	done
}

# Lines of TAP pass; everything else is a comment.
report()	# LOG STATUS
{
	awk -v status="$2" '
		/^(ok|not ok) - / { print; lines++; next }
		/^#/ { print; next }
		{ print "# " $0 }
		END {
			if (status != 0)
				print "not ok - it ends with status " status
			else if (!lines)
				print "not ok - it reports nothing"
		}' "$1"
}

# What counts as hung. Where time is the host's, a busy host has its share of it.
limit_s()	# FILE
{
	local limit

	limit=$(header "$1" timeout)
	case $(cat /proc/cmdline) in
	*lab.boot=exact*) echo "${limit:-30}" ;;
	*)		  echo $((4 * ${limit:-30})) ;;
	esac
}

# One run of a scenario; its lines in /tmp/report.
attempt()	# FILE
{
	local log=/tmp/log limit status=0

	limit=$(limit_s "$1")
	if prepare "$1" >$log 2>&1; then
		mkdir -p /tmp/work
		cd /tmp/work || exit
		timeout -s KILL "$limit" setsid sh "$1" \
			>$log 2>&1 3>&- </dev/null || status=$?
		cd /
	else
		status=69
	fi
	kill -9 -1 2>/dev/null
	for module in $(header "$1" needs); do
		modprobe -r "$module" 2>/dev/null
	done
	report $log $status >/tmp/report
	rm -rf /tmp/work
	return $status
}

# How often a scenario may try. Where time is the host's, one that measures may
# meet a busy host; each attempt that failed is told. In boot exact a failure
# is one.
attempts()	# FILE
{
	case $(cat /proc/cmdline) in
	*lab.boot=exact*) echo 1 ;;
	*)		  header "$1" attempts ;;
	esac
}

run_scenario()	# NAME
{
	local file=/lab/scenarios/$1.sh begin left status=0

	[ -f "$file" ] || file=/lab/$1.sh
	left=$(attempts "$file")
	begin=$(cut -d. -f1 /proc/uptime)
	echo "begin $1" >&3
	while attempt "$file" || status=$?; grep -q '^not ok' /tmp/report; do
		left=$((${left:-1} - 1))
		[ $left -gt 0 ] || break
		sed -n 's/^not ok/# tried again: not ok/p' /tmp/report >&3
		status=0
	done
	cat /tmp/report >&3
	echo "end $1 $status $(($(cut -d. -f1 /proc/uptime) - begin))" >&3
}

exec 3>/dev/lab.results
while read -r scenario; do
	run_scenario "$scenario"
done </lab/list
exec 3>&-

# shellcheck shell=dash
# Runner: runs the scenarios of /lab/list one after the other, as init, and
# sends their lines to the host. "begin NAME" and "end NAME STATUS" frame each,
# so that the host knows of a guest that dies in between.
# Each scenario is a process of its own with a time limit, and starts with the
# modules it needs freshly loaded; what it leaves running is killed.

header()	# FILE KEY -> the value in "# KEY: value"
{
	sed -n "s/^# $2: *//p" "$1" | head -n1
}

# vkms with every connector and plane that the kernel offers, and no fault.
load_fresh()	# MODULE
{
	modprobe -r "$1" 2>/dev/null
	case $1 in
	vkms) modprobe vkms enable_overlay=1 enable_writeback=1 ;;
	*)    modprobe "$1" ;;
	esac
}

prepare()	# FILE
{
	for module in $(header "$1" needs); do
		load_fresh "$module" || return 1
	done
}

# Lines of TAP pass, named after their scenario; everything else is a comment.
report()	# NAME LOG STATUS
{
	awk -v name="$1" -v status="$3" '
		/^(ok|not ok) - / {
			at = index($0, " - ")
			print substr($0, 1, at) "- " name ": " \
				substr($0, at + 3)
			lines++
			next
		}
		/^#/ { print; next }
		{ print "# " $0 }
		END {
			if (status != 0)
				print "not ok - " name \
					": ends with status " status
			else if (!lines)
				print "not ok - " name ": reports nothing"
		}' "$2"
}

run_scenario()	# NAME
{
	local name=$1 file=/lab/scenarios/$1.sh log=/tmp/log limit status=0

	[ -f "$file" ] || file=/lab/$name.sh
	limit=$(header "$file" timeout)
	echo "begin $name" >&3
	if prepare "$file" >$log 2>&1; then
		mkdir -p /tmp/work
		cd /tmp/work || exit
		timeout -s KILL "${limit:-30}" setsid sh "$file" \
			>$log 2>&1 3>&- </dev/null || status=$?
		cd /
	else
		status=69
	fi
	kill -9 -1 2>/dev/null
	for module in $(header "$file" needs); do
		modprobe -r "$module" 2>/dev/null
	done
	report "$name" $log "$status" >&3
	echo "end $name $status" >&3
	rm -rf /tmp/work
}

exec 3>/dev/lab.results
while read -r scenario; do
	run_scenario "$scenario"
done </lab/list
exec 3>&-

# shellcheck shell=dash
# What a scenario uses: ". /lab/lib.sh". Every check prints one line of TAP;
# the host numbers them.

ok()	# WHAT
{
	echo "ok - $1"
}

not_ok()	# WHAT WHY
{
	echo "not ok - $1 # $2"
}

skip()	# WHAT WHY
{
	echo "ok - $1 # SKIP $2"
}

# Two texts must be the same; comment lines in what came are left out.
check_text()	# WHAT EXPECTED GOT
{
	local got

	got=$(echo "$3" | grep -v '^#')
	if [ "$got" = "$2" ]; then
		ok "$1"
	else
		not_ok "$1" "expected and got:"
		echo "$2" | sed 's/^/#   expected: /'
		echo "$got" | sed 's/^/#   got:      /'
	fi
	echo "$3" | grep '^#'
	return 0
}

# A command must succeed (or, with !, fail).
check()	# WHAT COMMAND...
{
	local what=$1 status=0

	shift
	if [ "$1" = ! ]; then
		shift
		"$@" >/tmp/check 2>&1 && status=1
	else
		"$@" >/tmp/check 2>&1 || status=$?
	fi
	if [ $status = 0 ]; then
		ok "$what"
	else
		not_ok "$what" "$*: $(tail -n1 /tmp/check)"
	fi
}

# Wait until a command succeeds, for at most that many tenths of a second.
wait_for()	# TENTHS COMMAND...
{
	local left=$1

	shift
	until "$@" >/dev/null 2>&1; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		sleep 0.1
	done
}

# The vkms fault knobs: fault stall 1, fault check_errno 22, ...
fault()	# KNOB VALUE
{
	echo "$2" >"/sys/module/vkms/parameters/fault_$1"
}

# The folder that is build/vm/run/BOOT/out on the host.
mount_out()
{
	mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288 out /out
}

# The boot that this is: boot.sh's table.
boot_is()	# BOOT
{
	grep -q "lab.boot=$1\( \|\$\)" /proc/cmdline
}

# Around a suspend, which the kernel's virtio-gpu and 9p do not live through:
# only in boot none, and with /out let go before and taken back after.
before_sleep()
{
	umount /out
	modprobe -r 9p 9pnet_virtio
}

after_sleep()
{
	modprobe 9pnet_virtio && modprobe 9p && mount_out
}

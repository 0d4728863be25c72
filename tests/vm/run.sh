# shellcheck shell=bash
# Run: scenarios in their boots, one boot at a time, as one stream of TAP; and
# the two things a developer asks for, a shell and a screenshot.

scenarios()
{
	local file

	for file in "$LAB"/scenarios/*.sh; do
		basename "$file" .sh
	done
}

scenario_runs_in()	# SCENARIO BOOT
{
	grep -q "^# boots:.* $2\( \|\$\)" "$LAB/scenarios/$1.sh"
}

run_list()
{
	local scenario

	echo "boots: $(boots | tr '\n' ' ')"
	for scenario in $(scenarios); do
		printf '%-20s %-18s %s\n' "$scenario" \
			"$(sed -n 's/^# boots: *//p' "$LAB/scenarios/$scenario.sh")" \
			"$(sed -n '2s/^# *//p' "$LAB/scenarios/$scenario.sh")"
	done
}

prepare_lab()
{
	require_tool qemu-system-x86_64 qemu-system-x86
	require_tool qemu-system-aarch64 qemu-system-arm
	fetch
	modules
	images
	programs
}

# What the kernel said of its end.
last_words()	# CONSOLE
{
	{
		grep -m1 -A7 'BUG\|Oops\|panic' "$1" || tail -n 8 "$1"
	} | tr -d '\r' | sed 's/^/# console: /'
}

# Scenarios that the guest did not finish, as failures.
report_missing()	# BOOT LOG SCENARIO...
{
	local boot=$1 log=$2 name

	shift 2
	for name in "$@"; do
		grep -q "^end $name " "$log" ||
			echo "not ok - $name: the guest ended before it did"
	done
	if ! grep -q "^end ${*: -1} " "$log"; then
		last_words "$VM/run/$boot/console.log"
	fi
}

# Each scenario has its own limit, which the guest keeps; the host's is what
# they may take together, and a minute for the kernel.
limit_s()	# SCENARIO...
{
	local name limit total=60

	for name in "$@"; do
		limit=$(sed -n 's/^# timeout: *//p' \
			"$LAB/scenarios/$name.sh" 2>/dev/null)
		total=$((total + ${limit:-30}))
	done
	echo $total
}

# Boot what prepare_run laid out; the guest's lines on standard output.
boot_and_serve()	# NAME BOOT SECONDS
{
	local qemu

	qemu_command "$2" run
	(cd "$VM/run/$1" || exit 1
	 "$VM/host/vmhost" "$3" "${qemu[@]}" 2>qemu.log
	 sed 's/^/# /' qemu.log
	 rm -f initrd vnc.sock)
}

# One boot; its lines, with the boot's name, on standard output.
run_boot()	# BOOT SCENARIO...
{
	local boot=$1 log=$VM/run/$1/results.log begin=$SECONDS

	shift
	prepare_run "$boot" "$boot" "$@"
	boot_and_serve "$boot" "$boot" "$(limit_s "$@")" | tee "$log"
	report_missing "$boot" "$log" "$@"
	echo "# boot $boot took $((SECONDS - begin)) s"
}

# Number the lines, count them, and end as test runners do.
number_results()
{
	awk '
	/^boot / { boot = $2; next }
	/^(begin|end) / { next }
	/^ok - / { n++; skipped += /# SKIP/
		sub(/^ok - /, ""); print "ok " n " - " boot " " $0
		fflush(); next }
	/^not ok - / { n++; failed++
		sub(/^not ok - /, ""); print "not ok " n " - " boot " " $0
		fflush(); next }
	/^[^#]/ { print "# " $0; next }
	{ print; fflush() }
	END {
		print "1.." n + 0
		printf "vm: %d passed, %d failed, %d skipped\n",
			n - failed - skipped, failed, skipped
		exit !n || failed
	}'
}

run_boots()	# BOOTS SCENARIOS
{
	local boot scenario list

	for boot in $1; do
		list=()
		for scenario in $2; do
			scenario_runs_in "$scenario" "$boot" &&
				list+=("$scenario")
		done
		[ ${#list[@]} -gt 0 ] || continue
		echo "boot $boot"
		run_boot "$boot" "${list[@]}"
	done
}

run_tests()
{
	local option OPTIND=1 boots scenarios scenario

	boots=$(boots)
	while getopts b: option; do
		case $option in
		b) boots=${OPTARG//,/ } ;;
		*) usage ;;
		esac
	done
	shift $((OPTIND - 1))
	for scenario in "$@"; do
		[ -f "$LAB/scenarios/$scenario.sh" ] ||
			lab_die "no scenario $scenario; see lab.sh list"
	done
	scenarios=${*:-$(scenarios)}
	prepare_lab
	run_boots "$boots" "$scenarios" | number_results
}

run_shell()
{
	local boot=${1:-x86} qemu

	prepare_lab
	prepare_run shell "$boot"
	qemu_command "$boot" shell
	cd "$VM/run/shell" || exit 1
	lab_say "Ctrl-A X ends QEMU; /out is $VM/run/shell/out"
	exec "${qemu[@]}" 9>&-
}

# Start a command in the guest, let it draw, and take the picture.
run_screenshot()
{
	local option OPTIND=1 png=$VM/screenshot.png boot=x86 device=gpu0
	local seconds=3 dir=$VM/run/screenshot

	while getopts o:b:d:s: option; do
		case $option in
		o) png=$OPTARG ;;
		b) boot=$OPTARG ;;
		d) device=$OPTARG ;;
		s) seconds=$OPTARG ;;
		*) usage ;;
		esac
	done
	shift $((OPTIND - 1))
	[ "${png#/}" != "$png" ] || png=$PWD/$png
	prepare_lab
	prepare_run screenshot "$boot" screenshot
	echo "$device" >"$dir/out/device"
	echo "$seconds" >"$dir/out/seconds"
	screenshot_command "$device" "$@" >"$dir/out/command"
	boot_and_serve screenshot "$boot" $((seconds + 60)) >"$dir/results.log"
	if [ -f "$dir/out/screen.raw" ]; then
		"$VM/host/pic2png" "$png" "$(cat "$dir/out/size")" \
			<"$dir/out/screen.raw"
	elif [ -f "$dir/out/screen.ppm" ]; then
		"$VM/host/pic2png" "$png" <"$dir/out/screen.ppm"
	else
		lab_die "no picture: see $dir"
	fi && echo "$png"
}

# The command given, or one that draws the lab's own pattern.
screenshot_command()	# DEVICE COMMAND...
{
	local device=$1

	shift
	if [ $# -gt 0 ]; then
		echo "exec $*"
	elif [ "$device" = vkms ]; then
		printf 'printf "modeset\\nhold\\n" | kms_probe -f 3\n'
	else
		printf 'printf "modeset\\nhold\\n" | kms_probe virtio_gpu\n'
	fi
}

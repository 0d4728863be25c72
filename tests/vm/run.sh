# shellcheck shell=bash
# Run: scenarios in their boots as one stream of TAP, a line for each scenario
# in each boot; and the two things a developer asks for, a shell and a
# screenshot.

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

# Scenarios that the guest did not finish.
report_missing()	# BOOT LOG SCENARIO...
{
	local boot=$1 log=$2 name

	shift 2
	for name in "$@"; do
		grep -q "^end $name " "$log" || echo "lost $name"
	done
	if ! grep -q "^end ${*: -1} " "$log"; then
		last_words "$VM/run/$boot/console.log"
	fi
}

timeout_of()	# SCENARIO
{
	local limit

	limit=$(sed -n 's/^# timeout: *//p' "$LAB/scenarios/$1.sh" 2>/dev/null)
	echo "${limit:-30}"
}

# Each scenario has its own limit, which the guest keeps: four times as long
# where its time is the host's. The host's are what they may take together, and
# how long it may hear nothing: a guest that hangs keeps no limit. A second of
# guest "exact" may take two.
limits_s()	# BOOT SCENARIO...
{
	local name limit total=0 longest=0 times=4

	[ "$1" = exact ] && times=2
	shift
	for name in "$@"; do
		limit=$(timeout_of "$name")
		total=$((total + limit))
		[ "$limit" -le "$longest" ] || longest=$limit
	done
	echo $((times * total + 60)) $((times * longest + 60))
}

# Boot what prepare_run laid out; the guest's lines on standard output.
boot_and_serve()	# NAME BOOT SECONDS SILENCE
{
	local qemu

	qemu_command "$2" run
	(cd "$VM/run/$1" || exit 1
	 "$VM/host/vmhost" "$3" "$4" "${qemu[@]}" 2>qemu.log
	 sed 's/^/# /' qemu.log
	 rm -f initrd vnc.sock)
}

# One boot; its lines on standard output, each after the boot's name.
run_boot()	# BOOT SCENARIO...
{
	local boot=$1 log=$VM/run/$1/results.log begin=$SECONDS

	shift
	prepare_run "$boot" "$boot" "$@"
	{
		# shellcheck disable=SC2046
		boot_and_serve "$boot" "$boot" $(limits_s "$boot" "$@") | tee "$log"
		report_missing "$boot" "$log" "$@"
		echo "# $# scenarios took $((SECONDS - begin)) s"
	} | sed -u "s/^/$boot /"
}

# Lines "BOOT ..." of boots that may run at once -> TAP, and as test runners
# end. What a scenario checked stands above its line, indented.
number_results()
{
	awk '
	function result(name, why) {
		printf "%s", text[boot]
		if (why != "") {
			failed++
			print "not ok " ++n " - " boot " " name ": " why
			lost = lost sprintf("# failed: %s %s\n%s", boot, name,
				bad[boot])
		} else if (skips[boot] && skips[boot] == checks[boot]) {
			skipped++
			print "ok " ++n " - " boot " " name " # SKIP " \
				reason[boot]
		} else
			print "ok " ++n " - " boot " " name ": " \
				checks[boot] " checks, " $4 " s"
		total += checks[boot]
		checks[boot] = skips[boot] = wrong[boot] = 0
		text[boot] = bad[boot] = ""
		fflush()
	}
	{ boot = $1; sub(/^[^ ]* /, "") }
	/^begin / { inside[boot] = 1; next }
	/^end / { inside[boot] = 0
		why = wrong[boot] " of " checks[boot] " checks failed"
		result($2, wrong[boot] ? why : ""); next }
	/^lost / { result($2, "the guest ended before it did"); next }
	/^(ok|not ok) - / { checks[boot]++ }
	/^ok - .*# SKIP/ { skips[boot]++
		reason[boot] = substr($0, index($0, "# SKIP") + 7) }
	/^not ok - / { wrong[boot]++; bad[boot] = bad[boot] "#   " $0 "\n" }
	inside[boot] { text[boot] = text[boot] "    " $0 "\n"; next }
	{ sub(/^#* */, ""); print "# " boot ": " $0; fflush() }
	END {
		printf "%s", lost
		print "1.." n + 0
		printf "vm: %d passed, %d failed, %d skipped; %d checks\n",
			n - failed - skipped, failed, skipped, total
		exit !n || failed
	}'
}

run_lane()	# SCENARIOS BOOT...
{
	local all=$1 boot scenario list

	shift
	for boot in "$@"; do
		list=()
		for scenario in $all; do
			scenario_runs_in "$scenario" "$boot" &&
				list+=("$scenario")
		done
		[ ${#list[@]} = 0 ] || run_boot "$boot" "${list[@]}"
	done
}

# Boot exact takes one processor and does not mind a busy one: it runs beside
# the others, which come one after the other.
run_boots()	# BOOTS SCENARIOS
{
	local boot others=()

	for boot in $1; do
		[ "$boot" = exact ] || others+=("$boot")
	done
	if [ ${#others[@]} -lt "$(wc -w <<<"$1")" ]; then
		run_lane "$2" exact &
	fi
	run_lane "$2" "${others[@]}"
	wait
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
	boot_and_serve screenshot "$boot" $((seconds + 60)) \
		$((seconds + 60)) >"$dir/results.log"
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

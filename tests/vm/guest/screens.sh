# shellcheck shell=dash
# A program with two sinks, `screen` and `second`, on the two outputs of
# virtio-gpu: ". /lab/screens.sh" after program.sh.

# The second monitor, which is not there after a boot.
plug_second()
{
	local connector=/sys/class/drm/$(card_of virtio_gpu)-Virtual-2/status

	check "a second monitor is plugged in" host resize 1024 768 1
	wait_for 100 grep -q "^connected" "$connector" ||
		not_ok "its connector" "$(cat "$connector")"
}

# A number or word of one sink in the report.
sink_value()	# SINK KEY
{
	awk -v sink="\"name\": \"$1\"" -v key="\"$2\":" '
		/"sinks": \[/ { inside = 1 }
		inside && index($0, sink) { its = 1 }
		its && index($0, key) { gsub(/[",]/, ""); print $2; exit }' report
}

# Every tick of each sink in one class.
check_sinks()	# WHAT
{
	local sink sum

	for sink in screen second; do
		sum=$(($(sink_value $sink presented) + $(sink_value $sink late) + \
			$(sink_value $sink dropped) + $(sink_value $sink skipped)))
		check_text "$1: $sink: $(sink_value $sink presented) presented + $(sink_value $sink late) late + $(sink_value $sink dropped) dropped + $(sink_value $sink skipped) skipped" \
			"$(value ticks)" "$sum"
	done
}

# The tick thread is over, and the last frames stay (--hold).
held()
{
	grep -q '^kms$' /proc/"$program"/task/*/comm && ! tick_thread
}

# The last tick of a sink, by its index, and its frame without a display.
sink_last_tick()	# INDEX
{
	awk -v sink="$1" '$2 == sink { tick = $1 } END { print tick }' ledger
}

sink_golden()	# SINK TICK FILE
{
	vm-screens --display headless --display second:headless --nominal \
		--clock free --ticks $(($2 + 1)) \
		--record "$1:/proc/self/fd/1" 2>/dev/null |
		dd bs=1228800 skip="$2" count=1 iflag=fullblock >"$3" 2>/dev/null
}

#!/bin/sh
# Two screens of virtio-gpu, either one pulled at random, 20 times: the other goes on
# boots: two
# timeout: 400
# attempts: 3
# faults: D11
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/screens.sh
plug_second
card=$(card_of virtio_gpu)
start vm-screens --nominal
started
# QEMU tells the guest of changes only: the first output had no size from us yet
check "the first monitor is another one" host resize 800 600 0
sleep 2
seed=9 pulls=0 refused=0 of_screen=0
while [ $pulls -lt 20 ]; do
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	head=$((seed / 65536 % 2))
	status=/sys/class/drm/$card-Virtual-$((head + 1))/status
	host resize 0 0 $head || refused=$((refused + 1))
	wait_for 100 grep -q ^disconnected $status || refused=$((refused + 1))
	usleep 700000 # the helper looks at a hint, or each second
	host resize $((640 + pulls * 8)) 480 $head || refused=$((refused + 1))
	wait_for 100 grep -q ^connected $status || refused=$((refused + 1))
	usleep 1500000
	pulls=$((pulls + 1))
	[ $head = 1 ] || of_screen=$((of_screen + 1))
done
check_text "20 pulls, each seen by the guest" 0 $refused
check "it runs on" kill -0 $program
finish "20 pulls"
check_ledger "20 pulls"
check_sinks "20 pulls"
check_text "screen: a loss for each pull of its cable" $of_screen \
	"$(sink_value screen losses)"
check_text "second: a loss for each pull of its cable" $((20 - of_screen)) \
	"$(sink_value second losses)"
for sink in screen second; do
	check_text "$sink: drops and their reasons" "$(sink_value $sink dropped)" \
		"$(($(sink_value $sink display_lost) + $(sink_value $sink display_busy)))"
	check_text "$sink: runs" running "$(sink_value $sink state)"
done
check_display virtio_gpu

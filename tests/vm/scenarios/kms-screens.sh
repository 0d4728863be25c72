#!/bin/sh
# Two sinks on the two outputs of virtio-gpu, by auto: both pictures, both ledgers
# boots: two
# timeout: 200
# attempts: 3
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/screens.sh
either()
{
	piccmp 640x480 wanted /out/$1.ppm || piccmp 640x480 next /out/$1.ppm
}

plug_second
start vm-screens --nominal --ticks 1200 --hold
started
check_text "one file of the card" 1 \
	"$(ls -l /proc/$program/fd | grep -c /dev/dri/card)"
check_text "one helper thread" 1 \
	"$(grep -c '^kms$' /proc/$program/task/*/comm | grep -c ':1$')"
wait_for 600 held
check "the first screen's dump" host screendump gpu0 screen.ppm 0
check "the second screen's dump" host screendump gpu0 second.ppm 1
finish "1200 ticks on two screens"
check_sinks "1200 ticks"
check_value ticks 1200 1200
for sink in screen second; do
	check_text "$sink: no loss" 0 "$(sink_value $sink losses)"
	index=0
	[ $sink = screen ] || index=1
	tick=$(sink_last_tick $index)
	sink_golden $sink "$tick" wanted
	# a busy machine may tell of the last flip when nobody asks any more
	sink_golden $sink $((tick + 1)) next
	check "$sink: its picture of tick $tick" either $sink
done
check_text "the first is on Virtual-1" 1 \
	"$(grep -c '"device".*Virtual-1 640x480' report)"
check_text "the second is on Virtual-2" 1 \
	"$(grep -c '"device".*Virtual-2 640x480' report)"
check_display virtio_gpu

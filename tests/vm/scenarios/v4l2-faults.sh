#!/bin/sh
# Corrupt frames, a stall, queue errors, refused starts: the graph ticks on, the camera comes back
# boots: exact
# needs: vivid vkms
# faults: V2 V3 V4 V8
# timeout: 300
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/camera.sh
load_vivid
running()
{
	start vm-camera --display kms,device=vkms --mode 640x480 \
		--source v4l2,device=vivid "$@"
	started
	sleep 1
}

ended()	# WHAT
{
	finish "$1"
	check_ledger "$1"
	check_source_ledger "$1"
	check_text "$1: state at the end" running "$(source_value state)"
	check_value skipped 0 0
}

running
knob corrupt
sleep 1
ended "a corrupt frame"
check_text "it was passed over" 1 "$(reason_value corrupt frames)"
check_source losses 0 0

running
knob dropped 100
sleep 3
knob dropped 0
sleep 3
ended "a stall"
check_text "one loss" 1 "$(reason_value stalled losses)"
check_source recoveries 1 1

running
knob queue_error
sleep 2
ended "a queue error"
check_text "one loss" 1 "$(reason_value "queue error" losses)"
check_source recoveries 1 1

running
knob no_stream
knob queue_error
sleep 2
ended "a refused start"
check_source recoveries 1 1

running
knob no_prepare
sleep 1
ended "a refused buffer"
check_source losses 0 0
knob no_stream
running
ended "a start that is refused once"
check "no other way is taken for that" said "filled by the device"
check_source losses 0 0
check_display vkms

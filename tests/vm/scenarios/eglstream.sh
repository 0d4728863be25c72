#!/bin/sh
# Frames through an EGLStream to a screen: golden on vkms, 1200 ticks, unplugged
# boots: exact
# needs: vkms
# timeout: 900
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/cuda.sh

[ -f /payload/cuda/libEGL.so.1 ] || {
	skip "the fake libEGL" "it is not in the payload"
	exit 0
}
gpu="export FAKE_EGL_LAYERS=crtc FAKE_EGL_DRM=/dev/dri/$(card_of vkms)"

holds()
{
	without_ticks && usleep 500000 && without_ticks
}

without_ticks()
{
	pid=$(pidof demo-480p) && grep -q '^eglstream$' /proc/$pid/task/*/comm &&
		! grep -q '^tick$' /proc/$pid/task/*/comm
}

# The program on the shared descriptor, until it holds its last frame.
picture()	# WHAT SETTINGS
{
	rm -f sock ledger report
	cuda_program --display "eglstream$2" --nominal --ticks 6 --hold \
		--ledger ledger --report json '>report' >program
	chmod 755 program
	kms_share vkms sock ./program >log 2>&1 &
	wait_for 600 holds || cat log
	check_text "$1: capture" "open ok
capture ok" "$(echo "capture shown" | kms_probe -s sock)"
	kill -TERM "$pid"
	check "$1: ends well" wait_for 100 grep -q '^ended 0' log
	check "$1: the specification is kept" ! grep misused log
	rm -f sock
	killall kms_probe 2>/dev/null
	wait
	golden demo-480p "$(last_tick)" 1228800 wanted
	check_text "$1: tick $(last_tick)" equal \
		"$(piccmp 640x480 wanted shown)"
}

picture "a mailbox" ""
picture "a FIFO" ,fifo=1
gpu="$gpu FAKE_EGL_MISSING=EGL_NV_output_drm_flip_event"
picture "no flip events" ""
gpu=${gpu% *}

# On a file of its own.
run()	# ARGUMENT...
{
	cuda_program --display eglstream --nominal "$*" '"$@"' >program
	chmod 755 program
	start ./program
}

run --ticks 1200
finished "1200 ticks"
check_ledger "1200 ticks"
check_value ticks 1200 1200
check_value flips 50 1200
check_value errors 0 0
check "the specification is kept" ! grep misused messages

run
started
fault status 2
check "unplugged: the line" wait_for 100 grep -q "nothing is plugged in" messages
fault status 1
check "plugged in: built again" wait_for 100 grep -q "built again" messages
check "flips go on" flips_go_on vkms
finish "unplugged"
check_ledger "unplugged"
check_value losses 1 1
check "the specification is kept" ! grep misused messages
check_display vkms

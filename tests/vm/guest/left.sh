# shellcheck shell=dash
# For scenarios about what another program left: ". /lab/left.sh" after
# program.sh. One program of ours at a time on a descriptor that kms_share
# keeps, so that vkms's writeback shows what the viewer sees.

# What a property is now, as kms_left prints it: "crtc VRR_ENABLED = 1".
left_value()	# KIND NAME
{
	echo dump | kms_left vkms | grep "^$1 $2 = " | head -n1
}

# The program on the shared descriptor, until it holds its last frame; $pid.
show_shared()	# [SETTINGS]
{
	rm -f sock ledger
	cat >program <<-PROGRAM
	#!/bin/sh
	exec /payload/demo-480p --display kms$1 --nominal --ticks 10 --hold \
		--ledger ledger --report json >report 2>messages
	PROGRAM
	chmod 755 program
	kms_share vkms sock ./program >log 2>&1 &
	wait_for 300 holds_last_frame || not_ok "it shows" "$(cat log messages)"
}

holds_last_frame()
{
	has_no_ticks && usleep 500000 && has_no_ticks
}

has_no_ticks()
{
	pid=$(pidof demo-480p) && grep -q '^kms$' /proc/"$pid"/task/*/comm &&
		! grep -q '^tick$' /proc/"$pid"/task/*/comm
}

# What is seen is the tick's golden frame, and the program ends well.
capture_is_ours()	# WHAT
{
	check_text "$1: capture" "open ok
capture ok" "$(echo "capture shown" | kms_probe -s sock)"
	kill -TERM "$pid"
	check "$1: ends well" wait_for 50 grep -q '^ended 0' log
	golden demo-480p "$(last_tick)" 1228800 wanted
	check_text "$1: the picture is ours" equal \
		"$(piccmp 640x480 wanted shown)"
	rm -f sock
	wait_for 50 without_share
}

without_share()
{
	! pidof kms_share
}

#!/bin/sh
# What CUDA draws is golden on vkms, copied or drawn in dumb buffers themselves
# boots: exact
# needs: vkms
# timeout: 600
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/cuda.sh

# ./program runs on the shared descriptor until it holds its last frame.
show()
{
	rm -f sock ledger report
	chmod 755 program
	kms_share vkms sock ./program >log 2>&1 &
	wait_for 600 holds || cat log
}

holds()
{
	without_ticks && usleep 500000 && without_ticks
}

without_ticks()
{
	pid=$(pidof demo-480p) && grep -q '^kms$' /proc/$pid/task/*/comm &&
		! grep -q '^tick$' /proc/$pid/task/*/comm
}

picture()	# WHAT SETTINGS BUFFERS REJECTED
{
	cuda_program --display "kms$2" --nominal --ticks 6 --hold \
		--ledger ledger --report json '>report' >program
	show
	check_text "$1: capture" "open ok
capture ok" "$(echo "capture shown" | kms_probe -s sock)"
	kill -TERM "$pid"
	check "$1: ends well" wait_for 100 grep -q '^ended 0' log
	rm -f sock
	killall kms_probe 2>/dev/null
	wait
	check_text "$1: buffers" "$3" "$(value buffers)"
	check_text "$1: turned down" "$4" "$(rejected | tr '\n' ' ')"
	golden demo-480p "$(last_tick)" 1228800 wanted
	check_text "$1: tick $(last_tick)" equal \
		"$(piccmp 640x480 wanted shown)"
}

gpu=
picture "a copy" ,buffers=dumb dumb ""
picture "registered" ,buffers=dumb-hostreg dumb-hostreg ""
picture "imported" ,buffers=dumb-import dumb-import ""
picture "auto on a Thor" "" dumb-import ""
gpu="export FAKE_CUDA_INTEGRATED=0 FAKE_CUDA_CAPABILITY=90"
picture "auto on another GPU" "" dumb-hostreg "dumb-import "
gpu="export FAKE_CUDA_INTEGRATED=0 FAKE_CUDA_REGISTER=none"
picture "auto, nothing can be mapped" "" dumb \
	"dumb-import dumb-hostreg nvbuf "
check_refusal "no name is exchanged" 78 "buffers=dumb-hostreg" "NOT_SUPPORTED" \
	env LD_LIBRARY_PATH=/payload/cuda FAKE_CUDA_KERNELS=%e.kernels.so \
	FAKE_CUDA_REGISTER=none /payload/cuda/demo-480p --backend cuda \
	--display kms,device=vkms,buffers=dumb-hostreg --ticks 5
check_display vkms

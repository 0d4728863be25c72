#!/bin/sh
# A display that stands still for a moment: frames dropped, no recovery
# boots: exact
# needs: vkms
# faults: D4
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
for _ in 1 2 3 4 5; do
	fault stall 1; usleep 40000; fault stall 0; sleep 0.3
done
finish "after five pauses of 40 ms"
check_ledger "busy"
check_value display_busy 5 100
check_value errors 0 0
# the kernel says busy, or that it was interrupted: no retry, or two, never more
for errno in 16 4; do
	start strace -D -f -y -o calls demo-480p --display kms,device=vkms
	started
	fault check_errno $errno; usleep 80000; fault check_errno 0
	check "errno $errno: frames come again" flips_go_on vkms
	finish "errno $errno"
	check_ledger "errno $errno"
	sleep 0.2 # the tracer writes
	commits=$(most_in_a_tick calls MODE_ATOMIC)
	limit=1
	[ $errno = 16 ] || limit=3
	check "errno $errno: $commits commits in a tick, at most $limit" \
		[ "$commits" -le $limit ]
done
check_display vkms

#!/bin/sh
# 100 SIGKILLs at random times: the next start shows within a second
# boots: exact x86
# needs: vkms
# faults: P2
# timeout: 240
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
n=0 slow=0 failed=0
while [ $n -lt 100 ]; do
	demo-480p --display kms,device=vkms >/dev/null 2>&1 &
	usleep $((($(od -An -N2 -tu2 /dev/urandom) % 400) * 1000))
	kill -KILL $!
	wait $! 2>/dev/null
	if [ $((n % 5)) = 4 ]; then
		start demo-480p --display kms,device=vkms --ticks 3
		wait $program || failed=$((failed + 1))
		[ "$(value first_frame_ns)" -lt 1000000000 ] ||
			slow=$((slow + 1))
	fi
	n=$((n + 1))
done
check_text "starts that failed" 0 $failed
check_text "starts that took a second or more" 0 $slow
check_display vkms

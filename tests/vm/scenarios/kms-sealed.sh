#!/bin/sh
# The sealed tick thread with KMS: no allocation; only the wait, the commit, the event
# boots: exact
# needs: vkms
# faults:
# timeout: 150
# shellcheck disable=SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
if command -v demo-trap >/dev/null; then
	start demo-trap --display kms,device=vkms --ticks 1300
	finished "1300 ticks, allocations trapped"
	check_ledger "trapped"
	check_value major 0 0
else
	skip "allocations" "demo-trap is not in the payload"
fi
if ! command -v strace >/dev/null; then
	skip "system calls" "strace is not in the payload"
	exit
fi
start strace -f -y -o calls demo-480p --display kms,device=vkms --ticks 300
finished "300 ticks, traced"
check_ledger "traced"
# the tick thread is the one that arms the timer; from its first to its last
awk '{ call = $2; sub(/\(.*/, "", call); n[$1]++; name[$1, n[$1]] = call
	line[$1, n[$1]] = $0
	if (call == "timerfd_settime") { if (!first[$1]) first[$1] = n[$1]
		last[$1] = n[$1] } }
	END { for (t in first) for (i = first[t]; i <= last[t]; i++) {
		print name[t, i]
		if (line[t, i] ~ /DRM_IOCTL/ && line[t, i] !~ /MODE_ATOMIC/)
			print "another-ioctl" } }' calls | sort | uniq -c >kinds
sed 's/^/# /' kinds
# the emulated machine has no clock that can be read without a call
check_text "kinds of calls between the first and the last tick" \
	"ioctl read timerfd_settime" \
	"$(awk '{print $2}' kinds | grep -v '^<\|resumed\|^clock_gettime' |
		sort | tr '\n' ' ' | sed 's/ $//')"
check_text "commits in a tick, at most" 1 "$(most_in_a_tick calls MODE_ATOMIC)"
check_text "waits in a tick, at most" 1 "$(most_in_a_tick calls 'read.*timerfd')"
# one when the tick begins, one more where a flip was pending when it submits
events=$(most_in_a_tick calls 'read.*dri/card')
check "reads of events in a tick: $events, at most 2" [ "$events" -le 2 ]

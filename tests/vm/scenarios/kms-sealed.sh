#!/bin/sh
# The sealed tick thread with KMS: no allocation; only the wait, the commit, the event
# boots: exact
# needs: vkms
# faults:
# timeout: 90
# shellcheck disable=SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
if command -v demo-trap >/dev/null; then
	start demo-trap --display kms,device=vkms --ticks 300
	finished "300 ticks, allocations trapped"
	check_ledger "trapped"
	check_value major 0 0
else
	skip "allocations" "demo-trap is not in the payload"
fi
if ! command -v strace >/dev/null; then
	skip "system calls" "strace is not in the payload"
	exit
fi
start strace -f -o calls demo-480p --display kms,device=vkms --ticks 120
finished "120 ticks, traced"
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
commits=$(awk '$2 == "ioctl" { print $1 }' kinds)
ticks=$(($(value ticks) - $(value skipped)))
check "at most one commit a tick: $commits in $ticks" \
	[ "$commits" -le "$ticks" ]

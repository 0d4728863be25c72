#!/bin/sh
# No right to SCHED_FIFO: refused with --require-rt, else it runs and says so
# boots: exact
# needs: vkms
# faults: T9
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
mkdir -p /etc && printf 'root:x:0:\nvideo:x:44:\n' >/etc/group
printf 'root:x:0:0::/:/bin/sh\nnobody:x:99:99::/:/bin/sh\n' >/etc/passwd
node=/dev/dri/$(card_of vkms)
chmod 666 "$node"
status=0
su nobody -c "/payload/demo-480p --display kms,device=$node --ticks 30 --require-rt" \
	>report 2>messages || status=$?
check_text "--require-rt as nobody: status" 77 $status
check "and what was missing" grep -q "SCHED_FIFO" messages
status=0
su nobody -c "/payload/demo-480p --display kms,device=$node --ticks 30 --report json" \
	>report 2>messages || status=$?
check_text "without it" 0 $status
check "and it says so" grep -q SCHED_FIFO messages
check_ledger "nobody"
check_display vkms

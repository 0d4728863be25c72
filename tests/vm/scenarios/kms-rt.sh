#!/bin/sh
# PREEMPT_RT: SCHED_FIFO is had, every tick in a class, a locked display clock
# boots: rt
# needs: vkms
# faults: T4
# timeout: 90
# attempts: 3
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
# of the thread "tick": policy (1: FIFO) and priority
policy()
{
	local task

	for task in /proc/$program/task/*; do
		[ "$(cat "$task/comm")" = tick ] || continue
		sed 's/.*) //' "$task/stat" | cut -d' ' -f38,39 | awk '{ print $2, $1 }'
	done
}

start demo-480p --display kms,device=vkms --ticks 300 --require-rt
started
check_text "the tick thread's policy and priority" "1 80" "$(policy)"
finished "300 ticks"
check_ledger "300 ticks"
check_value ticks 300 300
check_text "stamps" hardware "$(value stamp)"
check_value errors 0 0
check_value presented 1 300 # how many is the host's: see kms-run, exact
start demo-480p --display kms,device=vkms --ticks 300 --clock display
finished "300 ticks, clock display"
check_ledger "300 ticks, clock display"
check_text "the clock" locked \
	"$(sed -n '/"display_clock": {/,/}/s/.*"state": "\(.*\)".*/\1/p' report)"
check_display vkms

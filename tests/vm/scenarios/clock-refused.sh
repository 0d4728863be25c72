#!/bin/sh
# --clock display where flips complete at once: the timer is kept, and it is said
# boots: exact x86
# timeout: 60
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=virtio_gpu --clock display --ticks 300
finished "300 ticks"
check_ledger "300 ticks"
check_value ticks 300 300
# at_once, or software where the machine was too busy when the driver looked:
# then the clock has to find out by itself
check "stamps are $(value stamp), not of a refresh" \
	test "$(value stamp)" != hardware
check_text "the clock" refused \
	"$(sed -n '/"display_clock": {/,/}/s/.*"state": "\(.*\)".*/\1/p' report)"

#!/bin/sh
# SIGINT, SIGTERM, twice, at once, at the start
# boots: exact x86
# needs: vkms
# faults: P1
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
kill -INT $program
finished "SIGINT"
check_ledger "SIGINT"
start demo-480p --display kms,device=vkms
started
fault stall 1
sleep 0.3
kill -TERM $program; kill -TERM $program; kill -INT $program
fault stall 0
status=0; wait $program || status=$?
check "two signals end it ($status)" [ $status -ge 128 ]
n=0 wrong=0
while [ $n -lt 10 ]; do
	start demo-480p --display kms,device=vkms
	usleep $((n * 10000))
	kill -TERM $program
	status=0
	wait $program || status=$?
	# 143: it came before the program was there to take it
	[ $status = 0 ] || [ $status = 143 ] || wrong=$((wrong + 1))
	n=$((n + 1))
done
check_text "ended wrong, of 10 at the start" 0 $wrong
check_display vkms

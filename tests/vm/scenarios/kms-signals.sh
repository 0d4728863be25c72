#!/bin/sh
# SIGINT, SIGTERM, twice, at once, at the start
# boots: x86
# needs: vkms
# faults: P1
# timeout: 60
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
check "two signals end it ($status)" [ $status = 0 -o $status -ge 128 ]
n=0 wrong=0
while [ $n -lt 10 ]; do
	start demo-480p --display kms,device=vkms
	usleep $((n * 10000))
	kill -TERM $program
	wait $program || wrong=$((wrong + 1))
	n=$((n + 1))
done
check_text "ended wrong, of 10 at the start" 0 $wrong
check_display vkms

#!/bin/sh
# SIGKILL with the file stored elsewhere: the picture stays, the next one flips
# boots: exact
# needs: vkms
# faults: D16 P2 D5
# timeout: 90
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
# the file is held by kms_share and by this shell, as a service manager would
cat >program <<'PROGRAM'
#!/bin/sh
sh -c 'LISTEN_PID=$$ exec /payload/demo-480p --display kms' >first 2>&1
echo "status $?" >first-ended
until [ -e go ]; do usleep 10000; done
LISTEN_PID=$$ exec /payload/demo-480p --display kms --ticks 60 \
	--report json --ledger ledger >report 2>messages
PROGRAM
chmod 755 program
kms_share vkms sock ./program >log 2>&1 &
wait_for 100 flips_go_on vkms
fault stall 1
sleep 0.3
fb=$(plane_fb vkms)
kill -KILL "$(pidof demo-480p)"
check "reaped within a second, a flip pending" \
	wait_for 10 grep -q "status 137" first-ended
check_text "the picture stays" "$fb" "$(plane_fb vkms)"
fault stall 0
touch go
check "the next one, on the same file, ends well" \
	wait_for 150 grep -q "^ended 0" log
check_ledger "the next one"
check_value ticks 60 60
rm sock # kms_share ends
wait
check_runs vkms

#!/bin/sh
# SIGKILL with the file stored elsewhere: the picture stays, the next one flips
# boots: exact
# needs: vkms
# faults: D16 P2 D5
# timeout: 90
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
cat >program <<'PROGRAM'
#!/bin/sh
exec /payload/demo-480p --display kms --report json >report 2>messages
PROGRAM
chmod 755 program
kms_share vkms sock ./program >log 2>&1 &
wait_for 100 flips_go_on vkms
fault stall 1
sleep 0.3
fb=$(plane_fb vkms)
kill -KILL "$(pidof demo-480p)"
check "reaped within a second, a flip pending" wait_for 10 grep -q "^ended 137" log
check_text "the picture stays" "$fb" "$(plane_fb vkms)"
fault stall 0

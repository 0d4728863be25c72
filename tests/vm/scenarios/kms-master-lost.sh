#!/bin/sh
# Somebody takes the master's rights away: it gets them back and goes on
# boots: exact
# needs: vkms
# faults: D1 D3
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
cat >program <<'PROGRAM'
#!/bin/sh
exec /payload/demo-480p --display kms --ticks 240 --report json >report 2>messages
PROGRAM
chmod 755 program
kms_share vkms sock ./program >log 2>&1 &
wait_for 100 flips_go_on vkms
kill -STOP "$(pidof demo-480p)"
check_text "dropped, and again" "open ok
drop ok
drop EINVAL" "$(printf 'drop\ndrop\n' | kms_probe -s sock)"
kill -CONT "$(pidof demo-480p)"
check "frames come again" flips_go_on vkms
wait_for 50 grep -q '^ended' log
check "ends well" grep -q '^ended 0' log
check_ledger "without a master"
check_value losses 1 1
check_value recoveries 1 1
check_value last_error 13 13
check_value display_lost 1 60
rm sock
wait
check_runs vkms

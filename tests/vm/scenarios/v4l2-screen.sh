#!/bin/sh
# A camera's picture on the plane: what vkms composes is the last frame recorded
# boots: exact
# needs: vivid vkms
# timeout: 200
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/camera.sh
frame=$((640 * 480 * 4))

holds()	# The ticks are over: not just before they begin, either.
{
	without_ticks && usleep 500000 && without_ticks
}

without_ticks()
{
	pid=$(pidof vm-camera) && grep -q '^kms$' /proc/$pid/task/*/comm &&
		! grep -q '^tick$' /proc/$pid/task/*/comm
}

load_vivid
cat >program <<'PROGRAM'
#!/bin/sh
exec /payload/vm-camera --display kms --mode 640x480 --source v4l2,device=vivid \
	--ticks 24 --hold --record frames --report json >report 2>messages
PROGRAM
chmod 755 program
kms_share vkms sock ./program >log 2>&1 &
wait_for 300 holds || cat log messages
check_text "capture" "open ok
capture ok" "$(echo "capture shown" | kms_probe -s sock)"
kill -TERM "$pid"
check "it ends well" wait_for 50 grep -q '^ended 0' log
rm -f sock # ends kms_share
killall kms_probe 2>/dev/null
wait
check_ledger "a camera"
check_source_ledger "a camera"
tail -c $frame frames >wanted
check_text "what is on view" equal "$(piccmp 640x480 wanted shown)"
head -c $frame frames >first
check "which is not the first one" ! cmp -s first wanted

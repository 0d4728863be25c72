#!/bin/sh
# A source's pictures on the plane: what vkms composes is the last frame recorded
# boots: exact
# needs: vkms
# timeout: 200
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
frame=$((1280 * 720 * 4))

holds()	# The ticks are over: not just before they begin, either.
{
	without_ticks && usleep 500000 && without_ticks
}

without_ticks()
{
	pid=$(pidof pattern) && grep -q '^kms$' /proc/$pid/task/*/comm &&
		! grep -q '^tick$' /proc/$pid/task/*/comm
}

cat >program <<'PROGRAM'
#!/bin/sh
exec /payload/pattern --display kms --mode 1280x720 --source pattern,rate=25 \
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
check_ledger "a source"
check "as many frames as were presented" [ "$(wc -c <frames)" = \
	$((($(value presented) + $(value late)) * frame)) ]
tail -c $frame frames >wanted
check_text "what is on view" equal "$(piccmp 1280x720 wanted shown)"
head -c $frame frames >first
check "which is not the first one" ! cmp -s first wanted
given=$(($(value taken) + $(value empty)))
# 24 ticks are 0.4 s: 10 pictures, one more or less
check "$given ticks of $(value ticks) had a new picture or none yet" \
	[ $given -ge 8 -a $given -le 14 ]
check_text "every picture is accounted for" "$(value delivered)" \
	$(($(value taken) + $(value passed_over) + $(value waiting)))

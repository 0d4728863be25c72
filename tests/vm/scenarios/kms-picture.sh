#!/bin/sh
# vkms composes the golden frame of the tick shown: XRGB8888, RGB565, overlay
# boots: exact
# needs: vkms
# timeout: 200
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh

# ./program runs on the shared descriptor until it holds its last frame.
show()
{
	rm -f sock ledger
	chmod 755 program
	kms_share vkms sock ./program >log 2>&1 &
	wait_for 300 holds || cat log
}

# The ticks are over: not just before they begin, either.
holds()
{
	without_ticks && usleep 500000 && without_ticks
}

without_ticks()
{
	pid=$(pidof "$name") && grep -q '^kms$' /proc/$pid/task/*/comm &&
		! grep -q '^tick$' /proc/$pid/task/*/comm
}

capture()	# FILE
{
	check_text "$what: capture" "open ok
capture ok" "$(echo "capture $1" | kms_probe -s sock)"
	kill -TERM "$pid"
	check "$what: ends well" wait_for 50 grep -q '^ended 0' log
	tick=$(last_tick)
	rm -f sock
	killall kms_probe 2>/dev/null
	wait
}

run_primary()	# NAME BYTES SETTINGS
{
	name=$1
	echo "#!/bin/sh
exec /payload/$1 --display kms$3 --nominal --ticks 10 --hold --ledger ledger \
--report json >report" >program
	show
	capture shown
	golden "$1" "$tick" "$2" wanted
}

what="1080p XRGB8888"
run_primary demo 8294400 ""
check_text "$what: tick $tick" equal "$(piccmp 1920x1080 wanted shown)"
what="480p RGB565"
run_primary demo-480p 1228800 ,format=RGB565
picmix 640x480 wanted cut 565
check_text "$what: tick $tick" equal "$(piccmp 640x480 cut shown)"
what="1080p RGB565"
run_primary demo 8294400 ,format=RGB565
picmix 1920x1080 wanted cut 565
check_text "$what: tick $tick" equal "$(piccmp 1920x1080 cut shown)"

what="overlay at 200,100 over another program's primary"
name=demo-480p
cat >program <<'PROGRAM'
#!/bin/sh
printf 'modeset 1920x1080\nsave under\nhold\n' | kms_probe -f 3 >probe &
until grep -q ^save probe; do sleep 0.1; done
exec /payload/demo-480p --display kms,plane=overlay,x=200,y=100 --nominal \
	--ticks 10 --hold --ledger ledger --report json >report
PROGRAM
show
capture shown
golden demo-480p "$tick" 1228800 small
picmix 1920x1080 under wanted over 640x480 200 100 small
check_text "$what: tick $tick" equal "$(piccmp 1920x1080 wanted shown)"

what="480p in the middle of 1024x768, black around"
name=demo-480p
cat >program <<'PROGRAM'
#!/bin/sh
exec /payload/demo-480p --display kms --mode 1024x768 --nominal --ticks 10 \
	--hold --ledger ledger --report json >report
PROGRAM
show
capture shown
golden demo-480p "$tick" 1228800 small
dd if=/dev/zero bs=3145728 count=1 of=zero 2>/dev/null
picmix 1024x768 zero black 565 # black as it is shown: X is 255
picmix 1024x768 black wanted over 640x480 192 144 small
check_text "$what: tick $tick" equal "$(piccmp 1024x768 wanted shown)"

#!/bin/sh
# A program's inherited descriptor, shared: the lab captures what it shows
# boots: exact rt
# needs: vkms
. /lab/lib.sh
cat >program <<'END'
#!/bin/sh
[ "$LISTEN_FDS" = 1 ] && [ "$LISTEN_PID" = $$ ] && echo inherited
readlink /proc/self/fd/3
printf 'modeset 1024x768\nflips 5\nsave drawn\nhold\n' >script
exec kms_probe -f 3 <script
END
chmod 755 program
kms_share vkms sock ./program >log 2>&1 &
wait_for 100 grep -q '^save' log
check_text "the program's side" "inherited
/dev/dri/$(basename "$(readlink /proc/$!/fd/10)")
open ok
modeset ok
flips 5 events 5
save ok" "$(cat log)"
check_text "a second opener is not master" "open ok
modeset EACCES" "$(echo modeset | kms_probe vkms)"
check_text "the lab captures" "open ok
capture ok" "$(echo 'capture shown' | kms_probe -s sock)"
check_text "captured is drawn" equal "$(piccmp 1024x768 drawn shown)"

# The descriptor outlives the program, and with it the picture.
kill -9 "$(pidof kms_probe)"
wait_for 50 grep -q '^ended 137' log
check_text "after SIGKILL the frame stays" "open ok
capture ok" "$(echo 'capture stays' | kms_probe -s sock)"
check_text "and is the last one" equal "$(piccmp 1024x768 drawn stays)"
check_text "a successor flips without being told to take over" "open ok
modeset ok
flips 3 events 3" "$(printf 'modeset\nflips 3\n' | kms_probe -s sock)"

#!/bin/sh
# QEMU's screen dump of virtio-gpu is the picture drawn
# boots: x86 arm64
# timeout: 60
. /lab/lib.sh
mkfifo script
kms_probe virtio_gpu <script >log &
exec 4>script
printf 'modeset 1024x768\nsave drawn\nfirst\n' >&4
wait_for 100 grep -q '^first' log
check "screen dump" host screendump gpu0 first.ppm
check_text "it equals the buffer" equal \
	"$(piccmp 1024x768 drawn /out/first.ppm)"
printf 'flips 1\nsave drawn2\nsize\n' >&4
wait_for 100 grep -q '^size' log
check "screen dump after a flip" host screendump gpu0 second.ppm
check_text "it equals the other buffer" equal \
	"$(piccmp 1024x768 drawn2 /out/second.ppm)"
check "the two dumps differ" ! piccmp 1024x768 /out/first.ppm /out/second.ppm
check_text "the probe agrees" "open ok
modeset ok
save ok
flips 1 events 1
save ok
size 1024x768" "$(grep -v '^first' log)"

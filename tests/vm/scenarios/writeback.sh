#!/bin/sh
# The picture that vkms composes, read back, is the one drawn, byte for byte
# boots: exact rt
# needs: vkms
# timeout: 60
. /lab/lib.sh
for size in 640x480 1024x768; do
	check_text "$size: capture both buffers" "open ok
modeset ok
save ok
capture ok
flips 1 events 1
save ok
capture ok" "$(kms_probe vkms <<END
modeset $size
save a.drawn
capture a.shown
flips 1
save b.drawn
capture b.shown
END
)"
	check_text "$size: first buffer" equal "$(piccmp $size a.drawn a.shown)"
	check_text "$size: second buffer" equal "$(piccmp $size b.drawn b.shown)"
	check "$size: the buffers differ" ! piccmp $size a.shown b.shown
done

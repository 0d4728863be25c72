#!/bin/sh
# Consoles: text, blanking and VT switches change nothing
# boots: exact
# needs: vkms
# faults: D15
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
echo "text on the console" >/dev/tty0
for blank in /sys/class/graphics/fb*/blank; do echo 4 >"$blank"; done
chvt 2 2>/dev/null; sleep 0.3; chvt 1 2>/dev/null
check "frames come" flips_go_on vkms
finish "consoles"
check_ledger "consoles"
check_value losses 0 0
check_value errors 0 0

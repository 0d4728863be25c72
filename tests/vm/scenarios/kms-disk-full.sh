#!/bin/sh
# A recording onto a full disk does not touch the display
# boots: exact
# needs: vkms
# faults: S1
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
mkdir disk && mount -t tmpfs -o size=8m small disk
start demo-480p --display kms,device=vkms --record disk/f.raw --ticks 120
finished "a recording that lost frames"
check_ledger "disk full"
check_value presented 60 120
check "the loss is told" grep -qi "space" messages
umount disk
check_display vkms

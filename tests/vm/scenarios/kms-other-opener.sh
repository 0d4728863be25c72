#!/bin/sh
# Another opener of the node, at the end and at the next start
# boots: exact
# needs: vkms
# faults: D17
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
sleep 100 <"/dev/dri/$(card_of virtio_gpu)" &
start demo-480p --display kms,device=vkms
started
sleep 100 <"/dev/dri/$(card_of vkms)" &
opener=$!
finish "with another opener"
start demo-480p --display kms,device=vkms --ticks 30
finished "the next start"
check_ledger "the next"
kill $opener
check_display vkms

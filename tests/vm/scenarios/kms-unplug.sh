#!/bin/sh
# The device is unplugged while it shows: away, counted, clean end
# boots: exact
# needs: vkms
# faults: D10
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
fault unplug 1
sleep 1.5
check "the program runs on" kill -0 $program
finish "after the unplug"
check_ledger "unplugged"
check_value losses 1 1
check_text "state" gone "$(value state)"
check_value display_lost 30 500
# this one is away for good: another one can be used
check_runs virtio_gpu

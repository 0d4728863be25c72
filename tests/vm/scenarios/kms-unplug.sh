#!/bin/sh
# The device is unplugged while it shows: away, counted, clean end
# boots: x86
# needs: vkms
# faults: D10
# timeout: 60
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

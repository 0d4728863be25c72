#!/bin/sh
# Ends while nothing is plugged in
# boots: exact
# needs: vkms
# faults: D11 P1
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
fault status 2
sleep 1
finish "SIGTERM without a sink"
check_ledger "no sink"
check_text "state" no_sink "$(value state)"
fault status 1
check_display vkms

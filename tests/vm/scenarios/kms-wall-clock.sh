#!/bin/sh
# The wall clock steps by an hour: nothing happens
# boots: exact
# needs: vkms
# faults: T3
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
date -s "@$(($(date +%s) + 3600))" >/dev/null
sleep 0.5
date -s "@$(($(date +%s) - 7200))" >/dev/null
check "frames come" flips_go_on vkms
finish "two steps"
check_ledger "steps"
check_value skipped 0 20
check_value losses 0 0

#!/bin/sh
# The whole machine stands still for two seconds
# boots: x86
# needs: vkms
# faults: T1 T5
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=vkms
started
check "stands still" host stop 2000
check "frames come again" flips_go_on vkms
finish "after it"
check_ledger "stood still"

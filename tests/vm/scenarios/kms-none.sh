#!/bin/sh
# No display at all: kms refuses, auto says why and goes on
# boots: none
# needs: 
# faults:
# timeout: 30
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
check_refusal "kms" 69 "no /dev/dri/card" "container" \
	demo-480p --display kms --ticks 5
start demo-480p --ticks 20
finished "auto runs headless"
check "and says why" grep -q "display: not kms: no /dev/dri" messages
check "and what it took" grep -q "display: headless" messages
check_ledger "headless"

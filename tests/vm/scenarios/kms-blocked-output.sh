#!/bin/sh
# A reader of its messages that stops reading
# boots: exact
# needs: vkms
# faults: S2
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
mkfifo pipe
sleep 100 <pipe & # holds it open, reads nothing
demo-480p --display kms,device=vkms --status --report json >report 2>pipe &
program=$!
started
timeout 1 dd if=/dev/zero of=pipe bs=4096 2>/dev/null # until it is full
sleep 2
check "frames come" flips_go_on vkms
finish "with stderr full"
check_ledger "blocked"

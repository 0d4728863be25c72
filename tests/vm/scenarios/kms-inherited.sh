#!/bin/sh
# What LISTEN_FDS names is checked before it is used
# boots: exact
# needs: vkms
# faults: P4
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
check_refusal "not a DRM file" 69 "no display device of driver none" "vkms" \
	sh -c 'LISTEN_FDS=1 LISTEN_PID=$$ exec demo-480p --display kms,device=none --ticks 5 3</dev/null'
status=0
sh -c 'LISTEN_FDS=1 LISTEN_PID=$$ exec demo-480p --display kms --ticks 30 --report json 3</dev/null' \
	>report 2>messages || status=$?
check_text "passed over, a node opened" 0 $status
check_text "with a line" 1 "$(grep -c 'LISTEN_FDS.*none of the files' messages)"
check_ledger "opened"
status=0
sh -c 'LISTEN_FDS=1 LISTEN_PID=1 exec demo-480p --display kms --ticks 30 --report json' \
	>report 2>messages || status=$?
check_text "meant for another process" 0 $status
check_display vkms

#!/bin/sh
# Too few files: refused with a line, never half up
# boots: exact
# needs: vkms
# faults: P4
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
n=4 odd=0
while [ $n -lt 16 ]; do
	(ulimit -n $n; exec demo-480p --display kms,device=vkms --ticks 3) \
		>/dev/null 2>messages
	status=$?
	case $status in
	0|69|71|77|78) ;;
	*) odd=$((odd + 1)); echo "# $n files: status $status" ;;
	esac
	n=$((n + 1))
done
check_text "odd ends, of 12 limits" 0 $odd
check_display vkms
check_runs vkms

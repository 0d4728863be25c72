#!/bin/sh
# Too few files: refused with a line, never half up
# boots: x86
# needs: vkms
# faults: P4
# timeout: 60
. /lab/lib.sh
. /lab/program.sh
n=3 odd=0
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
check_text "odd ends, of 13 limits" 0 $odd
check_display vkms

#!/bin/sh
# Ten times unbound and bound: the same process each time
# boots: exact x86
# needs: 
# faults: D19
# timeout: 150
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo-480p --display kms,device=bochs-drm
started
dev=$(basename "$(readlink -f "/sys/class/drm/$(card_of bochs-drm)/device")")
closed() { ! ls -l /proc/$program/fd | grep -q /dev/dri; }
opened() { ! closed; }
n=0
while [ $n -lt 10 ]; do
	echo "$dev" >/sys/bus/pci/drivers/bochs-drm/unbind
	wait_for 30 closed
	echo "$dev" >/sys/bus/pci/drivers/bochs-drm/bind
	wait_for 50 opened && flips_go_on bochs-drm || break
	n=$((n + 1))
done
check_text "times it came back" 10 $n
finish "after ten unbinds"
check_ledger "unbound"
check_value recoveries 10 12

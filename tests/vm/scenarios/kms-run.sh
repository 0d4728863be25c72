#!/bin/sh
# 1080p60, 1200 ticks: every tick in a class, flips against the sequence
# boots: exact x86
# needs: vkms
# faults: D4
# timeout: 120
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo --display kms,device=vkms --ticks 1200
finished "1200 ticks"
check_ledger "1200 ticks"
check_value ticks 1200 1200
check_text "stamps" hardware "$(value stamp)"
check_text "rows in the ledger" "$(value flips)" "$(($(wc -l <ledger) - 1))"
# refreshes between the first and the last flip = flips + repeats
check_text "refreshes" "$(awk 'NR == 2 { a = $6 } END { print $6 - a }' ledger)" \
	"$(($(value flips) - 1 + $(value repeats)))"
check_value errors 0 0
# every drop has its reason
check_text "drops and their reasons" "$(value dropped)" \
	"$(($(value display_busy) + $(value display_lost) + $(value no_slot)))"
share=$(($(value display_busy) * 1000 / 1200))
if boot_is exact; then
	check_value display_busy 0 72 # 6 %
fi
echo "# refused: $(value display_busy), $share per mille"
echo "# repeats: $(value repeats), skipped: $(value skipped)"
check_display vkms

#!/bin/sh
# --snapshot of a display whose memory is not read: the golden frame
# boots: exact
# needs: vkms
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
start demo --display kms,device=vkms --nominal --ticks 12 --snapshot kms.png
finished "a snapshot"
check_ledger "a snapshot"
tick=$(last_tick)
demo --display headless --clock free --nominal --ticks $((tick + 1)) \
	--snapshot golden.png >/dev/null 2>&1
check "tick $tick, byte for byte" cmp kms.png golden.png
demo --display headless --clock free --nominal --ticks $tick \
	--snapshot other.png >/dev/null 2>&1
check "which is not the tick before" ! cmp kms.png other.png
start demo-480p --display kms,device=vkms,format=RGB565 --nominal --ticks 12 \
	--snapshot kms.png --record kms.raw
finished "RGB565: a snapshot and a recording"
tick=$(last_tick)
demo-480p --display headless --clock free --nominal --ticks $((tick + 1)) \
	--snapshot golden.png >/dev/null 2>&1
check "RGB565: the snapshot has all bits" cmp kms.png golden.png
golden demo-480p "$tick" 1228800 wanted
tail -c 1228800 kms.raw >last
check "RGB565: the last frame recorded, too" cmp last wanted

#!/bin/sh
# A camera with memory of its own: frames are read there, while it is lost, too
# boots: exact
# needs: vivid vkms
# timeout: 200
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/camera.sh

run()	# ARGUMENT...
{
	start vm-formats --display headless --source xrgb:v4l2,device=vivid "$@"
}

# memory that has to be in one piece: not ours
load_vivid allocators=1
knob text 2
run --record xrgb_out:frames --ticks 25
finished "25 ticks"
grep 'source xrgb' messages | sed 's/^/# /'
check "ours is refused" said "xrgb: v4l2, vivid (platform:vivid-000), XR24 640x480, 25 Hz, read in the device's memory (our memory: "
check_ledger "read"
check_source_ledger "read"
check_source delivered 20 30
tail -c $((640 * 480 * 4)) frames >last
v4l2_tool $camera capture XR24 640x480 0 raw | sed 's/^/# /'
check_text "its bytes" equal "$(v4l2_tool - compare XR24 640x480 raw last)"
rm frames

# lost while a tick reads: that frame stays, though the device is let go of
run --digest xrgb_out:digests
started
sleep 1
knob disconnect
sleep 2
mv $camera /dev/away
v4l2_tool /dev/away control 0x00f0f041 0 | sed 's/^/# knob disconnect: /'
usleep 600000
modprobe -r vivid 2>&1 | sed 's/^/# /'
check "the device is let go of" [ ! -d /sys/module/vivid ]
modprobe vivid node_types=1 allocators=1
wait_for 50 test -c $camera
knob text 2
sleep 1
finish "lost twice"
check_ledger "lost twice"
check_source_ledger "lost twice"
check_text "state" running "$(source_value state)"
check_text "losses" 2 "$(reason_value unplugged losses)"
check_source recoveries 2 2
# its picture stands still: no tick showed anything else of it
check_text "ticks with its picture" \
	$(($(source_value taken) + $(source_value repeats))) \
	"$(sed 's/.* //' digests | sort | uniq -c | sort -rn |
		awk 'NR == 1 { print $1 }')"
check_runs virtio_gpu

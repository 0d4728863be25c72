#!/bin/sh
# The host changes, pulls and plugs virtio-gpu's monitor: a uevent each time
# boots: x86 arm64
# timeout: 60
. /lab/lib.sh

resize()	# WIDTH HEIGHT EXPECTED
{
	uevents 8000 HOTPLUG=1 SUBSYSTEM=drm >events &
	watcher=$!
	wait_for 50 grep -q listening events
	check "host resizes to $1x$2" host resize "$1" "$2"
	check "uevent for $1x$2" wait $watcher
	check_text "connector after $1x$2" "open ok
$3" "$(printf 'status\nfirst\n' | kms_probe virtio_gpu)"
}

resize 800 600 "status connected
first 800x600"
resize 0 0 "status disconnected
first none"
resize 1280 720 "status connected
first 1280x720"

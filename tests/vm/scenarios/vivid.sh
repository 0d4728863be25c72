#!/bin/sh
# vivid, the capture driver for tests, gives video nodes
# boots: x86 rt arm64
# needs: vivid
. /lab/lib.sh
check "a capture node exists" wait_for 50 test -e /dev/video0
check_text "its name" vivid \
	"$(cut -c1-5 /sys/class/video4linux/video0/name)"

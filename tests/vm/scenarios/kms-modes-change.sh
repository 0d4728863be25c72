#!/bin/sh
# The list of modes grows and shrinks under a running program
# boots: exact
# needs: vkms
# vkms: left_edid=1
# faults: D13
# timeout: 400
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/mode.sh
edid_is xga vic=4 est=000800
start demo-480p --display kms,device=vkms
started
check "a TV that sleeps: the preferred mode" wait_for 50 mode_is 1024x768
edid_is 1080p60 vic=16,4 est=200800
fault status 1
check "it wakes: the frame's own size" wait_for 200 mode_is 640x480
check "frames come" flips_go_on vkms
edid_is 1080p60 vic=16
fault status 1
check "that mode goes" wait_for 200 mode_is 1920x1080
check "frames come again" flips_go_on vkms
edid_is 1080p60 vic=16,31
fault status 1
sleep 8
check "another one that would not be chosen" mode_is 1920x1080
finish "ends"
check_ledger "ends"
check_value recoveries 2 2
check_lines "each change is told" 2 "kms: now "
edid_is xga vic=4 est=000800
start demo-480p --display kms,device=vkms --mode 1024x768
started
edid_is 1080p60 vic=16,4 est=200800
fault status 1
sleep 8
check "a mode that was asked for stays" mode_is 1024x768
finish "asked for"
check_value recoveries 0 0
check_display vkms

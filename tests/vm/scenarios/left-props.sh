#!/bin/sh
# Properties of a program that is gone: neutral while we show, back at the end
# boots: exact
# needs: vkms
# vkms: left_props=1
# faults: D20
# timeout: 300
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/left.sh
neutral='GAMMA_LUT|DEGAMMA_LUT|CTM|VRR_ENABLED|SCALING_FILTER|alpha|pixel blend mode|rotation|HDR_OUTPUT_METADATA|Colorspace'
chosen='max bpc|content type|scaling mode|left margin|top margin|Broadcast RGB'
look()	# NAMES
{
	echo dump | kms_left vkms |
		grep -E "^(crtc|connector|primary) ($1) = " | sort
}
numbers()	# blobs have other ids when they are made again
{
	grep -v -E 'LUT|CTM|METADATA'
}
blobs_set()
{
	look 'GAMMA_LUT|CTM|HDR_OUTPUT_METADATA' | grep -v -c ' = 0$'
}
look "$neutral" >fresh
cat >script <<'SCRIPT'
modeset 1024x768
set crtc GAMMA_LUT=lut
set crtc DEGAMMA_LUT=lut
set crtc CTM=ctm
set crtc VRR_ENABLED=1
set crtc SCALING_FILTER=1
set primary alpha=0x8000
set primary pixel blend mode=2
set primary SCALING_FILTER=1
set primary rotation=4
set primary zpos=7
set connector HDR_OUTPUT_METADATA=hdr
set connector Colorspace=9
set connector max bpc=6
set connector content type=2
set connector scaling mode=2
set connector left margin=40
set connector top margin=20
set connector Broadcast RGB=2
SCRIPT
kms_left vkms <script >first
grep -n -v ' 0$' first | sed 's|^|# |'
check_text "all of it is set" 0 "$(grep -c -v ' 0$' first)"
look "$neutral" | numbers >left
look "$chosen" >kept
start demo-480p --display kms,device=vkms
started
check_text "neutral as on a fresh device" "$(cat fresh)" "$(look "$neutral")"
check_text "the owner's choices stay" "$(cat kept)" "$(look "$chosen")"
finish "ends"
check_ledger "ends"
check_text "they are told in one line" 1 \
	"$(grep -c 'max bpc=6.*left margin=40' messages)"
check_text "the values of before are back" "$(cat left)" \
	"$(look "$neutral" | numbers)"
check_text "and the blobs, whose program is gone" 3 "$(blobs_set)"
show_shared
capture_is_ours "colours of before"
check_display vkms

# shellcheck shell=dash
# Displays of any EDID for vkms (left_edid=1): ". /lab/mode.sh" after
# program.sh.

# shellcheck disable=SC2034
left_minor=$(minor_of vkms)
left_name=$(ls -d /sys/class/drm/card"$left_minor"-Virtual-*)
left_name=${left_name##*/card?-}

# The connector's EDID from now on; nothing is told.
edid_is()	# TIMING [vic=...] [est=...] [headset]
{
	edid "$@" >/sys/kernel/debug/dri/"$left_minor"/"$left_name"/edid_override
}

# The size of the mode that is set.
mode_is()	# WxH
{
	[ "$(echo current | kms_left vkms | tail -n1)" = "current $1" ]
}

# A run of 30 ticks on this display: the mode that its line names.
check_mode()	# WHAT MODE PROGRAM ARGUMENT...
{
	local what=$1 mode=$2 name

	shift 2
	name=$1
	shift
	start "$name" --display kms,device=vkms --ticks 30 "$@"
	finished "$what"
	check_ledger "$what"
	check_text "$what: the mode" "$mode" \
		"$(sed -n "s/.*display: kms: .* $left_name \([^ ]*\) .*/\1/p" \
			messages)"
}

# So many lines of the messages hold these words.
check_lines()	# WHAT COUNT WORDS
{
	check_text "$1" "$2" "$(grep -c -e "$3" messages)"
}

# shellcheck shell=dash
# Cameras in a scenario: ". /lab/camera.sh" after program.sh. vivid's knobs are
# controls of its capture node (vivid-ctrls.c).

# shellcheck disable=SC2034
camera=/dev/video0

knob()	# NAME VALUE
{
	case $1 in
	disconnect)    set -- 0x00f0f041 "$2" ;;
	dropped)       set -- 0x00f0f040 "$2" ;; # percent
	corrupt)       set -- 0x00f0f042 "$2" ;; # button: one buffer
	no_qbuf)       set -- 0x00f0f044 "$2" ;;
	no_streamon)   set -- 0x00f0f045 "$2" ;;
	queue_error)   set -- 0x00f0f046 "$2" ;;
	esac
	v4l2_tool $camera control "$1" "$2"
}

#!/bin/sh
# tests/bench/peers.sh OUT RESULT.json: the studio picture next to GStreamer and
# FFmpeg drawing one like it: NV12 1080p, over it NV12 720p as 480x270 with a box
# and two texts, out as 32 bits a pixel. CPU time of whole processes, ours on one
# thread: what N frames more cost, divided by N, so that starting is not in it; the
# least of the rounds, all in turn. Inputs are one frame each, given again and
# again: no reading, no decoding. A peer that is missing is named.
#   QUICK=1   a fifth of the frames, one round
set -eu
out=$1
result=$2
work=$out/bench
mkdir -p "$work"
div=1 rounds=3
[ "${QUICK:-0}" = 1 ] && div=5 rounds=1
font=/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
head -c 3110400 /dev/urandom >"$work/wide.nv12"
head -c 1382400 /dev/urandom >"$work/close.nv12"

ours() { # FRAMES
	"$out/bench-studio/bench-studio" --backend cpu --workers 1 \
		--display headless --clock free --ticks "$1" --report none \
		--source "wide:file,path=$work/wide.nv12" \
		--source "close:file,path=$work/close.nv12"
}

# compositor ! textoverlay ! textoverlay; $2: what it draws in; then XRGB.
gstreamer() { # FRAMES FORMAT
	gst-launch-1.0 -q compositor name=both sink_1::xpos=1392 \
		sink_1::ypos=48 sink_1::width=480 sink_1::height=270 ! \
		"video/x-raw,format=$2,width=1920,height=1080" ! \
		textoverlay text='Studio A' font-desc='Sans 32' \
		valignment=bottom halignment=left shaded-background=true ! \
		textoverlay text='two sources, one picture' \
		font-desc='Sans 20' valignment=bottom halignment=left ypad=80 ! \
		videoconvert ! video/x-raw,format=BGRx ! fakesink sync=false \
		videotestsrc num-buffers=1 ! \
		video/x-raw,format=NV12,width=1920,height=1080,framerate=60/1 ! \
		imagefreeze num-buffers="$1" ! both.sink_0 \
		videotestsrc num-buffers=1 pattern=ball ! \
		video/x-raw,format=NV12,width=1280,height=720,framerate=60/1 ! \
		imagefreeze num-buffers="$1" ! both.sink_1
}

# scale, overlay, drawbox, drawtext; $2: what overlay draws in.
ffmpeg_in() { # FRAMES FORMAT
	[ "$2" = rgb ] && convert=,format=bgr0 || convert=
	text="drawtext=fontfile=$font:fontcolor=white:x=64"
	ffmpeg -hide_banner -loglevel error -threads 1 -filter_threads 1 \
		-filter_complex_threads 1 -f rawvideo -pix_fmt nv12 \
		-s 1920x1080 -r 60 -i "$work/wide.nv12" -f rawvideo \
		-pix_fmt nv12 -s 1280x720 -r 60 -i "$work/close.nv12" \
		-filter_complex "[0]loop=$1:1${convert}[a];
			[1]loop=$1:1,scale=480:270${convert}[b];
			[a][b]overlay=1392:48:format=$2,
			drawbox=x=48:y=900:w=500:h=120:color=black@0.6:t=fill,
			$text:y=910:fontsize=48:text=Studio A,
			$text:y=970:fontsize=32:text=two sources one picture,
			format=bgr0" -frames:v "$1" -f null -
}

# Seconds of CPU of a command and all its threads; nothing if it failed.
cpu() { # COMMAND...
	(
		"$@" >"$work/peers.log" 2>&1 </dev/null || exit 0
		times
	) | awk -F'[ms ]+' 'NR == 2 { print $1 * 60 + $2 + $3 * 60 + $4 }'
}

measure() { # NAME FRAMES COMMAND [FORMAT]: two lines, a few frames and many
	name=$1 few=$(($2 / div / 5)) many=$(($2 / div + $2 / div / 5))
	shift 2
	command=$1
	shift
	for n in $few $many; do
		echo "$name $n $(cpu "$command" "$n" "$@")" >>"$work/peers.txt"
	done
}

: >"$work/peers.txt"
for _ in $(seq $rounds); do
	measure tickline 1000 ours
	if gst-inspect-1.0 textoverlay >/dev/null 2>&1 &&
		gst-inspect-1.0 imagefreeze >/dev/null 2>&1; then
		measure 'gstreamer-BGRx' 200 gstreamer BGRx
		measure 'gstreamer-NV12' 200 gstreamer NV12
	fi
	if command -v ffmpeg >/dev/null 2>&1 && [ -e "$font" ]; then
		measure 'ffmpeg-rgb' 100 ffmpeg_in rgb
		measure 'ffmpeg-yuv420' 100 ffmpeg_in yuv420
	fi
done

printf 'The studio picture, 1920x1080, CPU time a frame (ms)\n'
awk 'NF == 3 { key = $1 " " $2
		if (!(key in least) || $3 < least[key]) least[key] = $3
		if (!($1 in few) || $2 < few[$1]) few[$1] = $2
		if ($2 > many[$1]) many[$1] = $2 }
	END { for (name in few) {
			more = many[name] - few[name]
			s = least[name " " many[name]] - least[name " " few[name]]
			printf "{\"name\":\"%s\",\"ms\":%.3f}\n", name, s * 1000 / more
		} }' "$work/peers.txt" |
	jq -s 'sort_by(.ms) | (map(select(.name == "tickline"))[0].ms) as $ours
		| map(.times = .ms / $ours)' >"$result"
jq -r '.[] | "\(.name)\t\(.ms * 1000 | round / 1000)\t\(.times * 10 | round / 10)x"' "$result" |
	while IFS="	" read -r name ms times; do
		printf '%-16s %8s %8s\n' "$name" "$ms" "$times"
	done
for peer in gstreamer ffmpeg; do
	jq -e "any(.[]; .name | startswith(\"$peer\"))" "$result" >/dev/null ||
		printf '%s: not measured, it or a part of it is not installed (tools/setup.sh peers)\n' "$peer"
done
printf 'written: %s\n' "$result"

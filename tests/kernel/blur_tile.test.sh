#!/bin/sh
# tests/kernel/blur_tile.test.sh: blur's CUDA form on the CPU, thread by thread,
# against blur_frame, for every radius. BUILD is the build folder (build/host).
# shellcheck disable=SC2086 # flags are lists of words
set -u
cd "$(dirname "$0")/../.." || exit 1
work=${BUILD:-build/host}/blur_tile
flags="-O2 -Wall -Wextra -Werror -fsanitize=address,undefined
	-fno-sanitize-recover=all -I. -Ibuild/generated"
command -v ${CXX:-g++} >/dev/null || {
	echo "no ${CXX:-g++}: apt-get install g++"
	exit 77
}
rm -rf "$work"
mkdir -p "$work"
${CC:-cc} -std=gnu11 $flags -c -o "$work/compare.o" tests/kernel/compare_blur.c &&
	${CXX:-g++} -std=gnu++17 $flags -Wno-unknown-pragmas \
		-Wno-missing-field-initializers \
		'-DSOURCE="tests/kernel/blur_tile.cu"' '-DKERNELS=KERNEL(step_0)' \
		-c -o "$work/launch.o" tests/graph/emulate/launch.cc &&
	${CXX:-g++} $flags -o "$work/compare" "$work/compare.o" \
		"$work/launch.o" -lm || exit 1
"$work/compare"

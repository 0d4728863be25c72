#!/bin/sh
# tests/drivers/egl_abi.test.sh: drivers/display/eglstream/abi.h against EGL's
# own headers (libegl-dev): every entry's signature, every number but for those of
# NVIDIA's extensions that the headers lack. Skipped where they are not installed.
set -eu
cd "$(dirname "$0")/../.."
abi=drivers/display/eglstream/abi.h
headers='#include <EGL/egl.h>
#include <EGL/eglext.h>'
if ! echo "$headers" | ${CC:-cc} -fsyntax-only -xc - 2>/dev/null; then
	echo "no EGL/eglext.h: install libegl-dev"
	exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0 bad=0
check() { # NAME LINE: compiles with both
	n=$((n + 1))
	{
		printf '%s\n#include "%s"\n%s\n' "$headers" "$abi" "$2"
	} >"$work/one.c"
	if ${CC:-cc} -std=gnu11 -Werror -I. -DEGL_EGLEXT_PROTOTYPES -fsyntax-only \
		"$work/one.c" 2>"$work/why"; then
		echo "ok $n - $1"
	else
		bad=1
		echo "not ok $n - $1: $(grep -m1 error "$work/why")"
	fi
}

# Assigned without a cast: the compiler compares every type. Handles are void *
# in EGL's headers too, its numbers those of <stdint.h>.
sed -n 's/^.*ENTRY(\([a-z_]*\), "\(egl[A-Za-z]*\)".*/\1 \2/p' $abi >"$work/entries"
# EGL_NV_stream_attrib, which they lack, became EGL_KHR_stream_attrib.
while read -r name symbol; do
	check "$symbol" "struct eglstream_entries e = {.$name = $(echo "$symbol" |
		sed 's/AttribNV$/AttribKHR/')};"
done <"$work/entries"
[ "$n" -eq "$(grep -c 'ENTRY(.*"egl' $abi)" ] || bad=1

while read -r ours theirs; do
	grep -q "$ours = " $abi || bad=1
	check "$ours is $theirs" "_Static_assert($ours == $theirs, \"\");"
done <<'END'
EGLSTREAM_NONE EGL_NONE
EGLSTREAM_SUCCESS EGL_SUCCESS
EGLSTREAM_VENDOR EGL_VENDOR
EGLSTREAM_EXTENSIONS EGL_EXTENSIONS
EGLSTREAM_PLATFORM_DEVICE EGL_PLATFORM_DEVICE_EXT
EGLSTREAM_CUDA_DEVICE EGL_CUDA_DEVICE_NV
EGLSTREAM_DRM_FILE EGL_DRM_DEVICE_FILE_EXT
EGLSTREAM_DRM_CRTC EGL_DRM_CRTC_EXT
EGLSTREAM_DRM_PLANE EGL_DRM_PLANE_EXT
EGLSTREAM_DRM_MASTER EGL_DRM_MASTER_FD_EXT
EGLSTREAM_FIFO_LENGTH EGL_STREAM_FIFO_LENGTH_KHR
EGLSTREAM_REUSE EGL_SUPPORT_REUSE_NV
EGLSTREAM_STATE EGL_STREAM_STATE_KHR
EGLSTREAM_STATE_CREATED EGL_STREAM_STATE_CREATED_KHR
EGLSTREAM_STATE_DISCONNECTED EGL_STREAM_STATE_DISCONNECTED_KHR
END
echo "1..$n"
exit $bad

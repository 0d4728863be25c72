#!/bin/sh
# tests/drivers/egl_abi.test.sh: drivers/display/eglstream/abi.h and gl_abi.h
# against EGL's and GLES's own headers (libegl-dev, libgles-dev): every entry's
# signature, every number but for those of NVIDIA's extensions that the headers
# lack. Skipped where they are not installed.
set -eu
cd "$(dirname "$0")/../.."
abi=drivers/display/eglstream/abi.h
gl_abi=drivers/display/eglstream/gl_abi.h
headers='#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GLES3/gl3.h>
#include <GLES2/gl2ext.h>'
if ! echo "$headers" | ${CC:-cc} -fsyntax-only -xc - 2>/dev/null; then
	echo "no EGL/eglext.h or GLES3/gl3.h: install libegl-dev libgles-dev"
	exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0 bad=0
check() { # NAME LINE: compiles with both
	n=$((n + 1))
	{
		printf '%s\n#include "%s"\n#include "%s"\n%s\n' "$headers" "$abi" \
			"$gl_abi" "$2"
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
sed -n 's/^.*ENTRY(\([a-z_]*\), "\(gl[A-Z][A-Za-z0-9]*\)".*/\1 \2/p' $gl_abi >"$work/entries"
while read -r name symbol; do
	check "$symbol" "struct gles_entries e = {.$name = $symbol};"
done <"$work/entries"
[ "$n" -eq "$(cat $abi $gl_abi | grep -c 'ENTRY(.*"e*gl')" ] || bad=1

while read -r ours theirs; do
	cat $abi $gl_abi | grep -q "$ours = " || bad=1
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
EGLSTREAM_TIMEOUT EGL_CONSUMER_ACQUIRE_TIMEOUT_USEC_KHR
EGLSTREAM_WIDTH EGL_WIDTH
EGLSTREAM_HEIGHT EGL_HEIGHT
EGLSTREAM_RED EGL_RED_SIZE
EGLSTREAM_GREEN EGL_GREEN_SIZE
EGLSTREAM_BLUE EGL_BLUE_SIZE
EGLSTREAM_ALPHA EGL_ALPHA_SIZE
EGLSTREAM_SURFACE_TYPE EGL_SURFACE_TYPE
EGLSTREAM_RENDERABLE EGL_RENDERABLE_TYPE
EGLSTREAM_STREAM_BIT EGL_STREAM_BIT_KHR
EGLSTREAM_PBUFFER_BIT EGL_PBUFFER_BIT
EGLSTREAM_ES3_BIT EGL_OPENGL_ES3_BIT
EGLSTREAM_CLIENT_VERSION EGL_CONTEXT_CLIENT_VERSION
EGLSTREAM_TEXTURE_2D EGL_GL_TEXTURE_2D_KHR
GLES_NO_ERROR GL_NO_ERROR
GLES_TRIANGLES GL_TRIANGLES
GLES_TEXTURE_2D GL_TEXTURE_2D
GLES_TEXTURE_EXTERNAL GL_TEXTURE_EXTERNAL_OES
GLES_MIN_FILTER GL_TEXTURE_MIN_FILTER
GLES_MAG_FILTER GL_TEXTURE_MAG_FILTER
GLES_NEAREST GL_NEAREST
GLES_RGBA GL_RGBA
GLES_RGBA8 GL_RGBA8
GLES_BYTES GL_UNSIGNED_BYTE
GLES_DITHER GL_DITHER
GLES_FRAGMENT_SHADER GL_FRAGMENT_SHADER
GLES_VERTEX_SHADER GL_VERTEX_SHADER
GLES_COMPILE_STATUS GL_COMPILE_STATUS
GLES_LINK_STATUS GL_LINK_STATUS
GLES_FRAMEBUFFER GL_FRAMEBUFFER
GLES_COLOR_ATTACHMENT GL_COLOR_ATTACHMENT0
GLES_FRAMEBUFFER_COMPLETE GL_FRAMEBUFFER_COMPLETE
GLES_COMMANDS_COMPLETE GL_SYNC_GPU_COMMANDS_COMPLETE
GLES_FLUSH GL_SYNC_FLUSH_COMMANDS_BIT
GLES_IS_OVER GL_ALREADY_SIGNALED
GLES_CAME_OVER GL_CONDITION_SATISFIED
END
echo "1..$n"
exit $bad

#!/bin/sh
# tests/drivers/cuda_abi.test.sh: drivers/cuda/abi.h and error.c against the
# toolkit's cuda.h and cudaTypedefs.h: what a driver gives for each entry at
# CUDA_ABI_VERSION, the structs, the constants, every error's number.
# CUDA_HOME: the toolkit; /usr/local/cuda. Skipped where there is none. cudaEGL.h
# includes EGL's own headers (libegl-dev): without them its part is skipped.
set -eu
cd "$(dirname "$0")/../.."
include=${CUDA_HOME:-/usr/local/cuda}/include
if ! [ -e "$include/cuda.h" ] || ! [ -e "$include/cudaTypedefs.h" ]; then
	echo "no $include/cuda.h: install a CUDA toolkit or set CUDA_HOME"
	exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(sed -n 's/^#define CUDA_ABI_VERSION \([0-9]*\).*/\1/p' drivers/cuda/abi.h)
n=0 bad=0

result() { # NAME WHY: fails where there is a reason
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		bad=1
		echo "not ok $n - $1: $2"
	fi
}

# The newest type that is not newer than CUDA_ABI_VERSION: what
# cuGetProcAddress gives.
newest() { # SYMBOL
	cat "$include/cudaTypedefs.h" "$include/cudaEGLTypedefs.h" |
		grep -o "(CUDAAPI \*PFN_$1_v[0-9]*)" |
		sed 's/.*_v\([0-9]*\))/\1/' | sort -n |
		awk -v most="$version" '$1 + 0 <= most + 0 { v = $1 } END { print v }'
}

egl=
if [ -e "$include/cudaEGLTypedefs.h" ] &&
	printf '#include <EGL/egl.h>\n#include <EGL/eglext.h>\n' |
		${CC:-cc} -fsyntax-only -xc - 2>/dev/null; then
	egl=yes
fi
{
	echo '#include <cuda.h>'
	echo '#include <cudaTypedefs.h>'
	if [ "$egl" ]; then
		echo '#include <cudaEGL.h>'
		echo '#include <cudaEGLTypedefs.h>'
	fi
	cat <<'END'
#include <tuple>
#include <type_traits>
extern "C" {
#include "drivers/cuda/abi.h"
}
/* The same for the caller: a pointer or a number of that size; CUresult. */
template <class A, class B> constexpr bool alike()
{
	return sizeof(A) == sizeof(B) &&
	       std::is_pointer<A>::value == std::is_pointer<B>::value &&
	       std::is_integral<A>::value ==
		       (std::is_integral<B>::value || std::is_enum<B>::value);
}
template <class Ours, class Theirs> struct same {
	static constexpr bool value = false;
};
template <class... A, class... B>
struct same<int (*)(A...), CUresult (*)(B...)> {
	template <bool counts> static constexpr bool each()
	{
		if constexpr (counts)
			return (alike<A, B>() && ...);
		else
			return false;
	}
	static constexpr bool value = each<sizeof...(A) == sizeof...(B)>();
};
END
} >"$work/check.h"

compiles() { # SOURCE: prints what is wrong
	${CXX:-c++} -std=c++17 -fsyntax-only -I. -I"$include" "$1" 2>&1 |
		grep -m1 'error' || true
}

# ---- signatures ---------------------------------------------------------------
sed -n 's/^.*ENTRY(\([a-z_0-9]*\), "\(cu[A-Za-z0-9]*\)".*/\1 \2/p' \
	drivers/cuda/abi.h >"$work/entries"
while read -r name symbol; do
	if [ -z "$egl" ] && grep -q "_${symbol}_v\|$symbol(" "$include"/cudaEGL*.h 2>/dev/null; then
		n=$((n + 1))
		echo "ok $n - $symbol # SKIP no EGL/eglext.h: install libegl-dev"
		continue
	fi
	v=$(newest "$symbol")
	if [ -z "$v" ]; then
		result "$symbol" "not in cudaTypedefs.h at $version"
		continue
	fi
	{
		echo '#include "check.h"'
		echo "static_assert(same<decltype(cuda_entries::$name), PFN_${symbol}_v$v>::value, \"differs\");"
	} >"$work/one.cc"
	result "$symbol is PFN_${symbol}_v$v" "$(compiles "$work/one.cc")"
done <"$work/entries"
result "all entries were checked" \
	"$([ "$n" -eq "$(grep -c 'ENTRY(.*"cu' drivers/cuda/abi.h)" ] || echo "$n were")"

# ---- structs and constants ---------------------------------------------------------
field() { # STRUCT OURS THEIRS_STRUCT THEIRS
	echo "static_assert(offsetof($1, $2) == offsetof($3, $4) && sizeof((($1 *)0)->$2) == sizeof((($3 *)0)->$4), \"$2\");"
}
fields() { # OURS THEIRS PAIRS...
	ours=$1 theirs=$2
	shift 2
	echo "static_assert(sizeof($ours) == sizeof($theirs), \"size\");"
	for pair in "$@"; do
		field "$ours" "${pair%:*}" "$theirs" "${pair#*:}"
	done
}
one() { # NAME LINES
	{
		echo '#include "check.h"'
		echo "$2"
	} >"$work/one.cc"
	result "$1" "$(compiles "$work/one.cc")"
}
one "struct cuda_kernel_node" "$(fields cuda_kernel_node CUDA_KERNEL_NODE_PARAMS_v1 \
	function:func grid_x:gridDimX grid_y:gridDimY grid_z:gridDimZ \
	block_x:blockDimX block_y:blockDimY block_z:blockDimZ \
	shared_bytes:sharedMemBytes params:kernelParams extra:extra)"
one "struct cuda_copy_2d" "$(fields cuda_copy_2d CUDA_MEMCPY2D_v2 \
	from_x_bytes:srcXInBytes from_y:srcY from_type:srcMemoryType \
	from_host:srcHost from_device:srcDevice from_array:srcArray \
	from_pitch:srcPitch to_x_bytes:dstXInBytes to_y:dstY \
	to_type:dstMemoryType to_host:dstHost to_device:dstDevice \
	to_array:dstArray to_pitch:dstPitch width_bytes:WidthInBytes height:Height)"
one "struct cuda_import_from" "$(fields cuda_import_from CUDA_EXTERNAL_MEMORY_HANDLE_DESC_v1 \
	type:type from:handle bytes:size flags:flags reserved:reserved)"
one "struct cuda_import_part" "$(fields cuda_import_part CUDA_EXTERNAL_MEMORY_BUFFER_DESC_v1 \
	offset:offset bytes:size flags:flags reserved:reserved)"
if grep -q CU_EXTERNAL_MEMORY_HANDLE_TYPE_DMABUF_FD "$include/cuda.h"; then
	one "CUDA_IMPORT_DMA_BUF" 'static_assert((int)CUDA_IMPORT_DMA_BUF == (int)CU_EXTERNAL_MEMORY_HANDLE_TYPE_DMABUF_FD, "");'
fi
if [ "$egl" ]; then
	one "struct cuda_frame" "$(fields cuda_frame CUeglFrame_v1 plane:frame \
		width:width height:height depth:depth pitch:pitch \
		plane_count:planeCount channels:numChannels type:frameType \
		format:eglColorFormat element:cuFormat)"
	one "CUDA_FRAME_ARGB and _PITCH" 'static_assert((int)CUDA_FRAME_ARGB == (int)CU_EGL_COLOR_FORMAT_ARGB && (int)CUDA_FRAME_PITCH == (int)CU_EGL_FRAME_TYPE_PITCH, "");'
fi
one "a device and an address" 'static_assert(sizeof(CUdevice) == sizeof(int) && sizeof(CUdeviceptr) == sizeof(uint64_t), "");'
while read -r ours theirs; do
	grep -q "$ours = " drivers/cuda/abi.h || continue
	one "$ours is $theirs" "static_assert((int)$ours == (int)$theirs, \"\");"
done <<'END'
CUDA_ATTRIBUTE_INTEGRATED CU_DEVICE_ATTRIBUTE_INTEGRATED
CUDA_ATTRIBUTE_MAJOR CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
CUDA_ATTRIBUTE_MINOR CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR
CUDA_CONTEXT_BLOCKING_SYNC CU_CTX_SCHED_BLOCKING_SYNC
CUDA_CONTEXT_MAP_HOST CU_CTX_MAP_HOST
CUDA_STREAM_NON_BLOCKING CU_STREAM_NON_BLOCKING
CUDA_HOST_MAPPED CU_MEMHOSTALLOC_DEVICEMAP
CUDA_HOST_PORTABLE CU_MEMHOSTALLOC_PORTABLE
CUDA_REGISTER_MAPPED CU_MEMHOSTREGISTER_DEVICEMAP
CUDA_REGISTER_IO CU_MEMHOSTREGISTER_IOMEMORY
CUDA_CAPTURE_THREAD_LOCAL CU_STREAM_CAPTURE_MODE_THREAD_LOCAL
CUDA_MEMORY_HOST CU_MEMORYTYPE_HOST
CUDA_MEMORY_DEVICE CU_MEMORYTYPE_DEVICE
CUDA_FRAME_BYTES CU_AD_FORMAT_UNSIGNED_INT8
END

# ---- errors -------------------------------------------------------------------------
# error.c's rows, which are ranges: every error of cuda.h is in one, and the name
# that stands above a row is that of its first code; a toolkit that is older than
# a code does not have it.
grep -o '{[0-9]*, [0-9]*, [a-z]*, [A-Z]*,' drivers/cuda/error.c | tr -d '{,' >"$work/ranges"
result "error.c has rows" "$([ -s "$work/ranges" ] || echo none)"
sed -n 's/^ *CUDA_ERROR_\([A-Z_0-9]*\) *= *\([0-9]*\),\{0,1\}.*/\2 \1/p' \
	"$include/cuda.h" >"$work/theirs"
awk '/^\t\/\* [A-Z_0-9]*( |,)/ { name = $2; sub(",", "", name); next }
	name { split($0, row, /[{,]/); print row[2], name; name = "" }' \
	drivers/cuda/error.c >"$work/errors"
while read -r code name; do
	found=$(awk -v name="$name" '$2 == name { print $1 }' "$work/theirs")
	other=$(awk -v code="$code" '$1 == code { print $2 }' "$work/theirs")
	result "$name is $code" "$([ "${found:-$code}" = "$code" ] &&
		[ "${other:-$name}" = "$name" ] || echo "$found $other in cuda.h")"
done <"$work/errors"
missing=$(while read -r code name; do
	awk -v code="$code" '$1 <= code && code <= $2 { found = 1 }
		END { exit !found }' "$work/ranges" || echo "$code $name"
done <"$work/theirs")
result "error.c has every error of cuda.h" "$(echo "$missing" | paste -s -d,)"
echo "1..$n"
exit $bad

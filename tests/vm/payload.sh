#!/bin/bash
# Puts our programs where the lab's guests find them, build/vm/payload-amd64
# and build/vm/payload-arm64 (or TICKLINE_VM_DIR's); the arm64 ones are built
# here, by the cross compiler against the guest's libraries. Run before lab.sh
# test; without it the scenarios that run our programs are skipped.
#
#   tests/vm/payload.sh build/host
#
# Exit 77: the arm64 programs cannot be built here, the reason is printed.
set -u -o pipefail

programs="demo demo-480p demo-5994 pattern"
out=${1:-build/host}
top=$(cd "$(dirname "$0")/../.." && pwd)
vm=${TICKLINE_VM_DIR:-$top/build/vm}

# Copies the programs under $1 to payload $2.
place()
{
	local name dir=$vm/payload-$2

	rm -rf "$dir"
	mkdir -p "$dir"
	for name in $programs; do
		[ -x "$1/$name/$name" ] || {
			echo "payload.sh: no $1/$name/$name: make programs" >&2
			exit 1
		}
		cp "$1/$name/$name" "$dir/"
	done
	[ ! -x "$1/demo/demo-trap" ] || cp "$1/demo/demo-trap" "$dir/"
}

place "$out" amd64
# the lab's own graphs, where its own cameras are
for graph in "$top"/tests/vm/graphs/*.yaml; do
	name=$(basename "$graph" .yaml)
	[ -x "$out/$name/$name" ] || {
		echo "payload.sh: no $out/$name/$name: make vm-programs" >&2
		exit 1
	}
	cp "$out/$name/$name" "$vm/payload-amd64/"
done
# what the fake libcuda needs: guest/cuda.sh
mkdir "$vm/payload-amd64/cuda"
cp "$out"/tests/cuda/demo-480p "$out"/tests/cuda/demo-480p.kernels.so \
	"$out/tests/fakes/cuda/libcuda.so.1" \
	"$out/tests/fakes/egl/libEGL.so.1" "$vm/payload-amd64/cuda/" || exit 1
cp "$top/tools/board-check" "$vm/payload-amd64/"
if strace=$(command -v strace); then
	cp "$strace" "$vm/payload-amd64/"
fi

settings=$("$top/tests/vm/arm64-sysroot.sh") || {
	status=$?
	echo "$settings"
	exit $status
}
targets=$(for name in $programs; do echo "build/qemu-arm64/$name/$name"; done)
# shellcheck disable=SC2086
env -u MAKEFLAGS -u MAKELEVEL -u CC -u CFLAGS -u CPPFLAGS -u LDFLAGS make -C "$top" --no-print-directory -j2 \
	BOARD=qemu-arm64 "SYSROOT=$vm/sysroot-arm64" \
	$targets build/qemu-arm64/demo/demo-trap || exit 1
place "$top/build/qemu-arm64" arm64

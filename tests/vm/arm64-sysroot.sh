#!/bin/bash
# Prepare build/vm/sysroot-arm64 and print, as make or shell assignments, what
# to build an arm64 program of ours with:
#
#   eval "$(tests/vm/arm64-sysroot.sh)" && $CC $CFLAGS $LDFLAGS ... -lpng
#
# Exit 77: skipped, the reason is printed. Put the programs that are to run in
# the guest under build/vm/payload-arm64/.
set -u -o pipefail

here=$(cd "$(dirname "$0")" && pwd)
for part in common fetch sysroot; do
	# shellcheck source=/dev/null
	. "$here/$part.sh"
done

require_tool aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
sysroot
cat <<END
CC="aarch64-linux-gnu-gcc"
CFLAGS="$(sysroot_cflags)"
LDFLAGS="$(sysroot_ldflags)"
END

# shellcheck shell=bash
# Common: where things are, how the lab speaks, and the packages' rows.
# Next: fetch.sh.

LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$LAB/../.." && pwd)
VM=${TICKLINE_VM_DIR:-$TOP/build/vm}

lab_say() { echo "# vm: $*" >&2; }
lab_die() { echo "vm: $*" >&2; exit 1; }

# With TICKLINE_VM_REQUIRED=1 a lab that cannot run is a failure, not a skip.
lab_skip()
{
	if [ "${TICKLINE_VM_REQUIRED:-0}" = 1 ]; then
		lab_die "$*"
	fi
	echo "1..0 # SKIP vm: $*"
	exit 77
}

# What the lab calls that a host may lack, and the package it comes in.
require_tool()	# TOOL PACKAGE
{
	command -v "$1" >/dev/null || lab_skip "no $1: install $2"
}

# Rows of packages.txt: arch package version sha256 bytes.
pins()
{
	grep -v '^#' "$LAB/packages.txt"
}

deb()	# ARCH PACKAGE -> path of the cached file
{
	printf '%s\n' "$VM/debs/$1/$2.deb"
}

unpack_deb()	# ARCH PACKAGE DIR [TAR ARGUMENT...]
{
	local file dir=$3

	file=$(deb "$1" "$2")
	shift 3
	mkdir -p "$dir"
	dpkg-deb --fsys-tarfile "$file" | tar -x -C "$dir" "$@" ||
		lab_die "cannot unpack $file"
}

# A flavour is one of the three kernels; its version is in its package's name.
version_of()	# FLAVOUR
{
	local pattern

	case $1 in
	x86)   pattern='^amd64 linux-image-([0-9.]+-[0-9]+-amd64) ' ;;
	rt)    pattern='^amd64 linux-image-([0-9.]+-[0-9]+-rt-amd64) ' ;;
	arm64) pattern='^arm64 linux-image-([0-9.]+-[0-9]+-arm64) ' ;;
	esac
	pins | sed -nE "s/$pattern.*/\1/p"
}

arch_of()	# FLAVOUR
{
	case $1 in
	arm64) echo arm64 ;;
	*)     echo amd64 ;;
	esac
}

# Is STAMP newer than every file that follows?
is_newer()	# STAMP FILE...
{
	local stamp=$1 file

	shift
	for file in "$@"; do
		[ "$stamp" -nt "$file" ] || return 1
	done
}

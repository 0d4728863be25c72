# shellcheck shell=bash
# Sysroot: the arm64 libraries and headers of the pinned packages under
# build/vm/sysroot-arm64, for building our programs for the arm64 guest with
# the host's cross compiler. Used by arm64-sysroot.sh and image.sh.

# The packages' links may be absolute; inside a sysroot they must not be.
relative_links()	# DIR
{
	local link target

	while read -r link; do
		target=$(readlink "$link")
		[ "${target#/}" = "$target" ] ||
			ln -sfnr "$1$target" "$link"
	done < <(find "$1" -type l)
}

sysroot()
{
	local root=$VM/sysroot-arm64 arch package rest
	local libraries='^arm64 (lib|linux-libc|zlib)'

	is_newer "$root/stamp" "$LAB/packages.txt" && return
	fetch "$libraries"
	rm -rf "$root"
	while read -r arch package rest; do
		unpack_deb "$arch" "$package" "$root"
	done < <(pins | grep -E "$libraries")
	relative_links "$root"
	rm -rf "$root/usr/share/doc"
	touch "$root/stamp"
}

# A cross compiler puts its own libc, perhaps newer than the guest's, before
# the sysroot's; so each folder is named.
sysroot_cflags()
{
	local usr=$VM/sysroot-arm64/usr

	echo "--sysroot=$VM/sysroot-arm64 -isystem $usr/include/libdrm" \
		"-isystem $usr/include/aarch64-linux-gnu -isystem $usr/include"
}

sysroot_ldflags()
{
	local lib=$VM/sysroot-arm64/usr/lib/aarch64-linux-gnu

	echo "--sysroot=$VM/sysroot-arm64 -B$lib -L$lib"
}

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

	is_newer "$root/stamp" "$LAB/packages.txt" "$LAB/sysroot.sh" && return
	fetch "$libraries"
	rm -rf "$root"
	while read -r arch package rest; do
		unpack_deb "$arch" "$package" "$root"
	done < <(pins | grep -E "$libraries")
	relative_links "$root"
	rm -rf "$root/usr/share/doc"
	touch "$root/stamp"
}

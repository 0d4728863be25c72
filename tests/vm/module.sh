# shellcheck shell=bash
# Module: Debian's kernels have no vkms, so it is built here from Debian's own
# kernel source with the patches in gpl/, once against the headers of each
# x86_64 kernel, into build/vm/modules/VERSION/vkms.ko.
# Next: image.sh.

# The headers name each other by absolute path: point them at the copy here.
unpack_headers()	# VERSION
{
	local src=$VM/kbuild/usr/src common

	common=$(echo "$1" | sed -E 's/(-rt)?-amd64$/-common\1/')
	unpack_deb amd64 "linux-headers-$1" "$VM/kbuild"
	unpack_deb amd64 "linux-headers-$common" "$VM/kbuild"
	echo "include $src/linux-headers-$common/Makefile" \
		>"$src/linux-headers-$1/Makefile"
}

unpack_vkms_source()	# DIR
{
	local tarball=./usr/src/linux-source-6.1.tar.xz change

	rm -rf "$1"
	mkdir -p "$1"
	dpkg-deb --fsys-tarfile "$(deb amd64 linux-source-6.1)" |
		tar -xO "$tarball" | tar -xJ -C "$1" --strip-components=1 \
			--wildcards 'linux-source-6.1/drivers/gpu/drm/vkms/*' ||
		lab_die "cannot unpack vkms from linux-source-6.1"
	for change in "$LAB"/gpl/*.patch; do
		patch -s -p1 -d "$1" <"$change" ||
			lab_die "$change does not fit the pinned source"
	done
}

# The headers' own tools are programs of Debian 12: a host with an older C library
# cannot run them.
require_kernel_tools()
{
	local tool=$VM/kbuild/usr/lib/linux-kbuild-6.1/tools/objtool/objtool

	case $("$tool" 2>&1) in *GLIBC_*"not found"*) ;; *) return 0 ;; esac
	lab_skip "the tools that build the kernel module need the C library of" \
		"Debian 12 or newer: no VM lab here"
}

make_vkms()	# VERSION CC
{
	env -u MAKEFLAGS -u MAKELEVEL \
		make -C "$VM/kbuild/usr/src/linux-headers-$1" \
		M="$VM/modules/$1/build" CC="$2" CONFIG_DRM_VKMS=m modules \
		</dev/null >"$VM/modules/$1.log" 2>&1
}

# The kernels were configured for gcc 12: an older one does not know all of their
# options.
build_vkms()	# VERSION
{
	local out=$VM/modules/$1 cc=gcc log=$VM/modules/$1.log unknown

	command -v gcc-12 >/dev/null && cc=gcc-12
	rm -rf "$out"
	mkdir -p "$out"
	cp -r "$VM/vkms-source/drivers/gpu/drm/vkms" "$out/build"
	if ! make_vkms "$1" "$cc"; then
		unknown=$(sed -n "s/.*unrecognized command.line option [^-]*\(-[-a-z0-9=]*\).*/\1/p" \
			"$log" | sort -u | paste -sd,)
		{ [ -n "$unknown" ] &&
			make_vkms "$1" "$LAB/without.sh $unknown $cc"; } ||
			lab_die "vkms does not build for $1: see $log"
	fi
	strip -g -o "$out/vkms.ko" "$out/build/vkms.ko"
	rm -rf "$out/build"
}

modules()
{
	local flavour version stamp=$VM/modules/stamp

	is_newer "$stamp" "$LAB"/gpl/*.patch "$LAB/packages.txt" \
		"$LAB/module.sh" && return
	require_tool xz xz-utils
	require_tool patch patch
	lab_say "building the vkms module for two kernels"
	rm -rf "$VM/kbuild"
	unpack_deb amd64 linux-kbuild-6.1 "$VM/kbuild"
	require_kernel_tools
	unpack_vkms_source "$VM/vkms-source"
	for flavour in x86 rt; do
		version=$(version_of $flavour)
		unpack_headers "$version"
		build_vkms "$version"
	done
	rm -rf "$VM/kbuild" "$VM/vkms-source"
	touch "$stamp"
}

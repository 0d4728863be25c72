# shellcheck shell=bash
# Image: what a guest boots. build/vm/image/FLAVOUR/ holds the kernel and
# base.cpio (busybox, init, the modules that the lab uses); they are made once.
# What changes between runs is a second archive, made for each boot; the kernel
# unpacks both, one after the other, into its root.
# Next: overlay.sh.

# Modules by name; what they depend on comes along.
guest_modules="virtio_pci virtio_console 9pnet_virtio 9p virtio-gpu bochs
vivid vhci-hcd uvcvideo vgem i6300esb softdog dm-flakey loop"

make_cpio()	# DIR FILE
{
	(cd "$1" && find . | LC_ALL=C sort |
		cpio -o -H newc -R 0:0 --quiet) >"$2" ||
		lab_die "cpio failed on $1"
}

# Copy the wanted modules and their dependencies from one root to another.
copy_modules()	# FROM TO VERSION
{
	local lib=lib/modules/$3 name list

	for name in $guest_modules vkms; do
		awk -v want="/$name.ko:" 'index(" " $1, want) {
			sub(":", ""); print }' "$1/$lib/modules.dep"
	done | tr ' ' '\n' | sort -u >"$1/wanted"
	for name in $guest_modules; do
		grep -q "/$name.ko\$" "$1/wanted" ||
			lab_die "kernel $3 has no module $name"
	done
	mkdir -p "$2/$lib"
	list=$(cat "$1/wanted")
	# shellcheck disable=SC2086
	(cd "$1/$lib" && cp --parents $list "$2/$lib")
}

base_image()	# FLAVOUR
{
	local flavour=$1 version arch out=$VM/image/$1 tmp=$VM/image/$1/tmp
	local root=$VM/image/$1/root kernel depmod

	version=$(version_of "$flavour")
	arch=$(arch_of "$flavour")
	kernel=$VM/modules/$version/vkms.ko
	rm -rf "$out"
	mkdir -p "$root"/{bin,dev,proc,sys,tmp,run,out,payload}
	unpack_deb "$arch" "linux-image-$version" "$tmp" ./boot ./lib
	cp "$tmp/boot/vmlinuz-$version" "$out/vmlinuz"
	[ -f "$kernel" ] && cp "$kernel" "$tmp/lib/modules/$version/kernel/"
	depmod=$VM/image/busybox-amd64
	"$depmod" depmod -b "$tmp" "$version"
	copy_modules "$tmp" "$root" "$version"
	"$depmod" depmod -b "$root" "$version"
	cp "$VM/image/busybox-$arch" "$root/bin/busybox"
	ln -s busybox "$root/bin/sh"
	cp "$LAB/guest/init" "$root/init"
	chmod 755 "$root/init"
	make_cpio "$root" "$out/base.cpio"
	rm -rf "$tmp" "$root"
	touch "$out/stamp"
}

unpack_busybox()	# ARCH
{
	local tmp=$VM/image/tmp

	unpack_deb "$1" busybox-static "$tmp" ./bin/busybox
	mv "$tmp/bin/busybox" "$VM/image/busybox-$1"
	rm -rf "$tmp"
}

images()
{
	local flavour arch extra

	require_tool cpio cpio
	mkdir -p "$VM/image"
	for arch in amd64 arm64; do
		[ -x "$VM/image/busybox-$arch" ] || unpack_busybox $arch
	done
	for flavour in x86 rt arm64; do
		extra=$VM/modules/$(version_of $flavour)/vkms.ko
		[ -f "$extra" ] || extra=
		# shellcheck disable=SC2086
		is_newer "$VM/image/$flavour/stamp" "$LAB/packages.txt" \
			"$LAB/image.sh" "$LAB/guest/init" $extra && continue
		lab_say "making the image for $(version_of $flavour)"
		base_image $flavour
	done
}

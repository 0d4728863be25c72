# shellcheck shell=bash
# Image: what a guest boots. build/vm/image/FLAVOUR/ holds the kernel and
# base.cpio (busybox, init, the modules that the lab uses); they are made once.
# What changes between runs (our guest programs, the payload with the shared
# libraries it needs, the scenarios) is a second archive, made for each boot;
# the kernel unpacks both, one after the other, into its root.
# Next: boot.sh.

# Modules by name; what they depend on comes along.
guest_modules="virtio_pci virtio_console 9pnet_virtio 9p virtio-gpu bochs
vivid vgem i6300esb softdog dm-flakey loop"

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

base_images()
{
	local flavour arch extra

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

compile()	# COMPILER OUTPUT SOURCE... [FLAG...]
{
	local cc=$1 out=$2

	shift 2
	$cc -std=gnu11 -O2 -s -Wall -Wextra -o "$out" "$@" ||
		lab_die "cannot build $out"
}

# The kernel's display headers; they are the same on every architecture.
drm_headers()
{
	[ -f "$VM/include/usr/include/libdrm/drm.h" ] ||
		unpack_deb arm64 libdrm-dev "$VM/include"
}

# Each guest/*.c with a main() is a program of the guest. They are static, to
# run beside any payload, except for lib_check, which shows that a dynamic
# program would find its libraries.
build_guest()	# ARCH COMPILER FLAGS-FOR-DYNAMIC
{
	local out=$VM/guest/$1 src=$LAB/guest file drm

	is_newer "$out/stamp" "$src"/*.[ch] "$LAB/image.sh" && return
	rm -rf "$out"
	mkdir -p "$out"
	drm="-isystem $VM/include/usr/include/libdrm"
	for file in $(grep -l '^int main(' "$src"/*.c); do
		# shellcheck disable=SC2086
		case $file in
		*/lib_*) compile "$2" "$out/$(basename "$file" .c)" "$file" \
				$3 -lpng -lxxhash -lz ;;
		*/kms_*) compile "$2" "$out/$(basename "$file" .c)" "$file" \
				"$src"/{kms,kms_setup,kms_fb,share}.c \
				-static $drm ;;
		*)       compile "$2" "$out/$(basename "$file" .c)" "$file" \
				-static ;;
		esac
	done
	touch "$out/stamp"
}

build_host()
{
	local out=$VM/host src=$LAB/host

	is_newer "$out/stamp" "$src"/*.[ch] "$LAB/image.sh" && return
	mkdir -p "$out"
	compile gcc "$out/vmhost" "$src"/{vmhost,request,qmp,vnc}.c
	compile gcc "$out/pic2png" "$src/pic2png.c" -lpng
	touch "$out/stamp"
}

images()
{
	require_tool cpio cpio
	require_tool aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
	base_images
	sysroot
	drm_headers
	build_guest amd64 gcc ""
	build_guest arm64 aarch64-linux-gnu-gcc "--sysroot=$VM/sysroot-arm64"
	build_host
}

is_elf()
{
	[ "$(head -c4 "$1" | tr -d '\177')" = ELF ]
}

# Shared libraries of a host binary, where the host has them.
native_libraries()	# FILE
{
	ldd "$1" 2>/dev/null | awk '
		/not found/ { print "MISSING " $1; next }
		$2 == "=>" { print $3; next }
		$1 ~ /^\// { print $1 }'
}

# Libraries of an arm64 binary, from the sysroot, each once.
sysroot_libraries()	# FILE
{
	local root=$VM/sysroot-arm64 queue=("$1") seen=' ' name path

	while [ ${#queue[@]} -gt 0 ]; do
		for name in $(readelf -d "${queue[0]}" 2>/dev/null |
			sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
			[[ $seen == *" $name "* ]] && continue
			seen+="$name "
			path=$(cd "$root" && find ./lib/aarch64-linux-gnu \
				./usr/lib/aarch64-linux-gnu ./lib \
				-maxdepth 1 -name "$name" | head -n1)
			[ -n "$path" ] || { echo "MISSING $name"; continue; }
			echo "${path#.}"
			queue+=("$root/$path")
		done
		queue=("${queue[@]:1}")
	done
	echo /lib/ld-linux-aarch64.so.1
}

# Put the libraries that the payload needs where its loader looks for them.
add_libraries()	# ARCH OVERLAY
{
	local file path root='' find=native_libraries

	if [ "$1" = arm64 ]; then
		root=$VM/sysroot-arm64
		find=sysroot_libraries
	fi
	while read -r file; do
		is_elf "$file" || continue
		$find "$file"
	done < <(find "$2/payload" "$2/lab/bin" -type f -perm -u+x) |
	sort -u |
	while read -r path file; do
		[ "$path" != MISSING ] ||
			lab_die "the $1 payload needs $file, not found"
		mkdir -p "$2$(dirname "$path")"
		cp -L "$root$path" "$2$path"
	done
}

# Everything that belongs to one run of one boot.
overlay()	# ARCH DIR SCENARIO...
{
	local arch=$1 dir=$2

	shift 2
	rm -rf "$dir"
	mkdir -p "$dir"/lab/{bin,scenarios} "$dir/payload"
	cp "$VM/guest/$arch"/* "$dir/lab/bin/"
	cp "$LAB"/guest/*.sh "$dir/lab/"
	mv "$dir/lab/host.sh" "$dir/lab/bin/host"
	chmod 755 "$dir/lab/bin/host"
	cp "$LAB"/scenarios/*.sh "$dir/lab/scenarios/"
	[ $# = 0 ] || printf '%s\n' "$@" >"$dir/lab/list"
	if [ -d "$VM/payload-$arch" ]; then
		cp -r "$VM/payload-$arch/." "$dir/payload/"
	fi
	add_libraries "$arch" "$dir"
}

# shellcheck shell=bash
# Overlay: what changes between runs: the lab's own programs, the payload of
# ours with the shared libraries it needs, and the scenarios; one archive for
# each boot, on top of image.sh's. Next: boot.sh.

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

	is_newer "$out/stamp" "$src"/*.[ch] "$LAB/overlay.sh" && return
	rm -rf "$out"
	mkdir -p "$out"
	drm="-isystem $VM/include/usr/include/libdrm"
	for file in "$src"/*.c; do
		grep -q '^int main(' "$file" || continue
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

	is_newer "$out/stamp" "$src"/*.[ch] "$LAB/overlay.sh" && return
	mkdir -p "$out"
	compile gcc "$out/vmhost" "$src"/{vmhost,request,qmp,vnc}.c
	compile gcc "$out/pic2png" "$src/pic2png.c" -lpng
	touch "$out/stamp"
}

programs()
{
	require_tool aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
	sysroot
	drm_headers
	build_guest amd64 gcc ""
	build_guest arm64 aarch64-linux-gnu-gcc "$(sysroot_cflags) $(sysroot_ldflags)"
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

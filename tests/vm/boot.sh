# shellcheck shell=bash
# Boot: the machines of the lab and how QEMU starts them. Always emulated
# (TCG), so that it runs anywhere and the same way. Next: run.sh.

# One row a boot. A scenario names the boots it runs in ("# boots: x86 rt").
# vkms is loaded by the scenarios that need it, in x86 and rt.
boot_table()
{
	cat <<-END
	x86    x86    virtio-gpu-pci,id=gpu0 bochs-display,id=bochs0
	rt     rt     virtio-gpu-pci,id=gpu0
	exact  x86    virtio-gpu-pci,id=gpu0 bochs-display,id=bochs0
	two    x86    virtio-gpu-pci,id=gpu0,max_outputs=2
	arm64  arm64  virtio-gpu-pci,id=gpu0
	none   x86
	END
}

boots()
{
	boot_table | awk '{print $1}'
}

flavour_of()	# BOOT
{
	boot_table | awk -v boot="$1" '$1 == boot {print $2}'
}

displays_of()	# BOOT -> QEMU's arguments
{
	boot_table | awk -v boot="$1" '$1 == boot {
		for (i = 3; i <= NF; i++) print "-device " $i }'
}

machine_of()	# FLAVOUR -> QEMU's arguments
{
	case $(arch_of "$1") in
	amd64)
		echo qemu-system-x86_64 -M q35 -cpu max,-erms,-fsrm -vga none \
			-global ICH9-LPC.disable_s3=0
		;;
	arm64)
		echo qemu-system-aarch64 -M virt -cpu cortex-a76
		;;
	esac
}

# Guest time is the host's, but for boot exact: there it is counted in
# instructions, one a nanosecond, and idle time passes at once. So a busy host
# makes nothing late there, and a second of sleep costs none.
time_of()	# BOOT -> QEMU's arguments
{
	case $1 in
	exact)
		echo -accel tcg,thread=single,tb-size=256 -smp 1 \
			-icount shift=0,sleep=off -rtc clock=vm
		;;
	*)
		echo -accel tcg,thread=multi,tb-size=256 -smp 2
		;;
	esac
}

console_of()	# FLAVOUR
{
	case $(arch_of "$1") in
	amd64) echo ttyS0 ;;
	arm64) echo ttyAMA0 ;;
	esac
}

# HDMI-A-1, the second connector that vkms has where a scenario asks for it, is a
# panel that is mounted upside down.
panel=video=HDMI-A-1:panel_orientation=upside_down

# The whole command into the array qemu. The caller's folder, where it will
# run, has initrd and out/; vmhost puts the sockets on 10, 11 and 12.
qemu_command()	# BOOT MODE
{
	local flavour displays machine time

	flavour=$(flavour_of "$1")
	read -r -a machine < <(machine_of "$flavour")
	read -r -a time < <(time_of "$1")
	read -r -d '' -a displays < <(displays_of "$1")
	qemu=("${machine[@]}" "${time[@]}" -m 1024
		-nodefaults -no-user-config -no-reboot -display none
		-kernel "$VM/image/$flavour/vmlinuz" -initrd initrd
		-append "console=$(console_of "$flavour") quiet panic=-1 suspend.pm_test_delay=2 lab.mode=$2 lab.boot=$1 $panel"
		"${displays[@]}"
		-fsdev "local,id=out,path=out,security_model=none"
		-device "virtio-9p-pci,fsdev=out,mount_tag=out")
	if [ "$2" = shell ]; then
		qemu+=(-serial "mon:stdio")
		return
	fi
	qemu+=(-serial "file:console.log"
		-chardev "socket,id=mon,fd=10" -mon "chardev=mon,mode=control"
		-device virtio-serial-pci
		-chardev "socket,id=results,fd=11"
		-device "virtserialport,chardev=results,name=lab.results"
		-chardev "socket,id=requests,fd=12"
		-device "virtserialport,chardev=requests,name=lab.requests")
	[ ${#displays[@]} = 0 ] ||
		qemu+=(-vnc "unix:vnc.sock,display=gpu0")
	[[ ${displays[*]} != *max_outputs=2* ]] ||
		qemu+=(-vnc "unix:vnc1.sock,display=gpu0,head=1")
}

# Lay out build/vm/run/NAME for one run of a boot.
prepare_run()	# NAME BOOT SCENARIO...
{
	local dir=$VM/run/$1 flavour arch

	flavour=$(flavour_of "$2")
	arch=$(arch_of "$flavour")
	shift 2
	rm -rf "$dir"
	mkdir -p "$dir/out"
	overlay "$arch" "$dir/overlay" "$@"
	make_cpio "$dir/overlay" "$dir/overlay.cpio"
	cat "$VM/image/$flavour/base.cpio" "$dir/overlay.cpio" >"$dir/initrd"
	rm -rf "$dir/overlay" "$dir/overlay.cpio"
}

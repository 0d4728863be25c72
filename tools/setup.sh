#!/bin/sh
# tools/setup.sh WHAT...: install the Debian packages that WHAT needs.
# WHAT is build, cross, package, test, vm, bench or peers; run by make. Says what it installs and why; uses
# sudo only when not root; on systems without apt prints the list and stops. What
# a release does not have is said and left out: what needs it skips itself.
set -u

# package: why
packages_for() {
	case $1 in
	build) cat <<-'EOF'
		gcc: compiles the runtime and the graphs
		libc6-dev: C library headers
		pkg-config: finds the libraries below
		libyaml-dev: graph descriptions (graphc, build time only)
		libfreetype-dev: bakes the glyph atlas (build time only)
		fonts-dejavu-core: the font that is baked
		libdrm-dev: finds displays for --display kms (start-up only)
		libpng-dev: --snapshot, and images that graphs name (graphc)
		libxxhash-dev: --digest
		libturbojpeg0-dev: cameras that send MJPG
		libjansson-dev: control requests are JSON; reads reports in tests
		EOF
		;;
	test) cat <<-'EOF'
		check: unit test framework
		g++: compiles GPU kernels for the host
		clang: second compiler, fuzzer
		libclang-rt-dev: libFuzzer and sanitizers for clang
		llvm: coverage of the fuzzer
		cppcheck: static checks
		protobuf-compiler: decodes --trace in tests
		socat: the example of docs/control.md
		strace: proves the system calls of the tick thread
		tesseract-ocr: reads the demo's text back
		xxhash: checks --digest with a second program
		util-linux: setpriv, for tests without privilege
		scdoc: man pages of packages
		lintian: checks packages
		EOF
		;;
	cross) cat <<-'EOF'
		gcc-aarch64-linux-gnu: compiles for the arm64 boards
		debian-archive-keyring: checks the arm64 libraries that are fetched
		EOF
		;;
	package) cat <<-'EOF'
		dpkg: builds packages
		scdoc: man pages
		EOF
		;;
	# the lab runs on x86-64 only
	vm) [ "$(uname -m)" != x86_64 ] || cat <<-'EOF'
		qemu-system-x86: boots the x86-64 kernels
		qemu-system-arm: boots the arm64 kernel
		gcc-aarch64-linux-gnu: builds what runs there
		libc6-dev-arm64-cross: its C library
		cpio: boot images
		patch: the fault knobs of vkms
		xz-utils: kernel sources
		binutils: kernel modules
		libelf1: kernel modules
		zlib1g-dev: pictures of the guest's screen
		debian-archive-keyring: checks what is fetched
		EOF
		;;
	bench) cat <<-'EOF'
		rt-tests: cyclictest, the peer for wake-up lateness
		jq: puts the figures together
		libyuv0: the peer for Y'CbCr
		EOF
		;;
	peers) cat <<-'EOF'
		jq: puts the figures together
		gstreamer1.0-tools: a peer for the studio picture
		gstreamer1.0-plugins-base: its compositor
		gstreamer1.0-plugins-good: its imagefreeze
		gstreamer1.0-x: its textoverlay
		ffmpeg: a peer for the studio picture
		fonts-dejavu-core: its drawtext's font
		EOF
		;;
	*) echo "setup.sh: unknown set '$1': use build, cross, package, test, vm, bench or peers" >&2; exit 64 ;;
	esac
}

missing=""
list=$(for what in "$@"; do packages_for "$what" || exit 64; done) || exit 64
if ! command -v apt-get >/dev/null 2>&1; then
	if [ "${TICKLINE_SKIP_SETUP:-}" = 1 ]; then exit 0; fi
	echo "setup: this system has no apt-get. Install what matches these Debian"
	echo "packages, then run again with TICKLINE_SKIP_SETUP=1:"
	echo "$list" | sed 's/^/  /'
	exit 1
fi

for package in $(echo "$list" | cut -d: -f1); do
	dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null |
		grep -qx installed || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

sudo=""
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null 2>&1 || {
		echo "setup: not root and no sudo: as root run: apt-get install$missing" >&2
		exit 1
	}
	sudo="sudo"
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
run() { # COMMAND...: quiet unless it fails
	"$@" >"$log" 2>&1 && return
	tail -20 "$log" >&2
	echo "setup: apt-get failed (above); fix it or install by hand:$missing" >&2
	exit 1
}

# The lists of packages may be older than what the servers have; without the
# servers they have to do.
# shellcheck disable=SC2086 # sudo is a word or none
if [ -z "$(find /var/lib/apt/lists -name '*_Packages*' 2>/dev/null)" ]; then
	run $sudo apt-get update
else
	$sudo apt-get update >"$log" 2>&1
fi
wanted=""
for package in $missing; do
	if apt-cache policy "$package" | grep -q 'Candidate: [^(]'; then
		wanted="$wanted $package"
	else
		echo "$list" | grep "^$package:" |
			sed 's/^/setup: this release has no /; s/: \([^:]*\)$/ (\1)/'
	fi
done
[ -z "$wanted" ] && exit 0
echo "setup: installing with apt-get:"
for package in $wanted; do
	echo "$list" | grep "^$package:" | sed 's/^/  /'
done
# shellcheck disable=SC2086 # a list of packages
run $sudo apt-get install -y --no-install-recommends $wanted

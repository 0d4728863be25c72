#!/bin/sh
# tests/chroot.sh SUITE [TARGET...]: do the README's commands work on a fresh
# Debian SUITE (bullseye, bookworm, trixie) that has git, make and
# ca-certificates and nothing else? Runs `make run`, then make TARGETs (test),
# on a clone of the commit that is checked out. A line a command; its words are
# in build/chroot/SUITE-TARGET.log. BUSY=1: beside two busy loops a processor.
# Needs root and mmdebstrap: 77 where they are not to be had.
set -u
cd "$(dirname "$0")/.." || exit 1
release=${1:?which SUITE?}
shift
[ $# -gt 0 ] || set -- test
place=$PWD/build/chroot
root=$place/$release
mirror=${MIRROR:-http://deb.debian.org/debian}

skip() {
	echo "chroot.sh: $1"
	exit 77
}
[ "$(id -u)" = 0 ] || skip "not root: a chroot is not to be had"
command -v mmdebstrap >/dev/null || skip "no mmdebstrap: apt-get install mmdebstrap"
unshare --mount --pid --fork true 2>/dev/null ||
	skip "namespaces are not to be had here"

mkdir -p "$place"
rm -rf --one-file-system "$root"
tar=$place/$release.tar new=$place/$release.new.tar
if [ ! -s "$tar" ]; then
	mmdebstrap --variant=minbase --quiet \
		--include=git,make,ca-certificates "$release" "$new" "$mirror" \
		>"$place/$release.log" 2>&1 && mv "$new" "$tar"
fi
[ -s "$tar" ] || skip "no $release from $mirror: $(tail -n 1 "$place/$release.log")"
mkdir "$root"
tar -C "$root" -xf "$tar" || exit 1
git clone -q "file://$PWD" "$root/home/tickline" &&
	git -C "$root/home/tickline" checkout -q "$(git rev-parse HEAD)" || exit 1
cp -L /etc/resolv.conf "$root/etc/resolv.conf"

# Everything that runs in there ends with its process 1, mounts too.
# shellcheck disable=SC2016 # the inner shell's
inside() { # COMMAND
	unshare --mount --pid --fork --kill-child sh -ec '
		mount --rbind /dev "$1/dev"
		mount -t proc proc "$1/proc"
		mount --rbind /sys "$1/sys"
		exec chroot "$1" env -i HOME=/root LANG=C.UTF-8 \
			PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -c "$2"' \
		sh "$root" "cd /home/tickline && $1"
}

busy=""
if [ "${BUSY:-0}" = 1 ]; then
	for _ in $(seq $((2 * $(nproc)))); do
		sh -c 'while :; do :; done' &
		busy="$busy $!"
	done
fi
n=0 bad=0
for target in run "$@"; do
	n=$((n + 1))
	file=$place/$release-$target.log
	if inside "make $target" >"$file" 2>&1 </dev/null; then
		echo "ok $n - $release: make $target: $(tail -n 1 "$file")"
	else
		[ -s "$file" ] || echo "it said nothing" >"$file"
		grep '^FAIL\|^not ok\|rror' "$file" | tail -20 | sed 's/^/# /'
		echo "not ok $n - $release: make $target: $(tail -n 1 "$file")"
		bad=1
	fi
done
# shellcheck disable=SC2086 # a list
[ -z "$busy" ] || kill $busy
[ $bad = 0 ] && rm -rf --one-file-system "$root"
echo "1..$n"
exit $bad

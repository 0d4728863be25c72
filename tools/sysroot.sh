#!/bin/bash
# tools/sysroot.sh SUITE ARCHITECTURE FOLDER: puts Debian SUITE's libraries and
# headers for another machine (aarch64), with which our programs are linked, into
# FOLDER. Run by make where BOARD is another machine. Nothing to do: says nothing.
#
# An apt of its own fetches, under FOLDER; this machine's package sources and
# architectures are not changed and nothing is installed, so it needs no root.
# Prints one line and exits 1 where the libraries cannot be had.
set -u -o pipefail
suite=$1 machine=$2 folder=$3
packages="libc6 libc6-dev linux-libc-dev libgcc-s1 libdrm2 libdrm-dev libpng16-16
	libpng-dev zlib1g zlib1g-dev libxxhash0 libxxhash-dev libturbojpeg0
	libturbojpeg0-dev libjansson4 libjansson-dev"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
new=$folder.new

stop() { # REASON: leaves nothing half done
	rm -rf "$new"
	echo "sysroot: $1" >&2
	exit 1
}

[ "$(cat "$folder/made-of" 2>/dev/null)" = "$(cksum <"$0")" ] && exit 0
case $machine in
aarch64) arch=arm64 ;;
x86_64) arch=amd64 ;;
*) stop "no Debian architecture is known for '$machine': set SYSROOT=FOLDER" ;;
esac
case $suite in
[a-z]*) ;;
*) stop "the board says no BOARD_SUITE, whose libraries it has: set it, or SYSROOT=FOLDER" ;;
esac
for tool in apt-get dpkg-deb; do
	command -v $tool >/dev/null ||
		stop "no $tool to fetch $machine libraries with: set SYSROOT=FOLDER"
done
[ -r $keyring ] || stop "no $keyring: install debian-archive-keyring, or set SYSROOT=FOLDER"
# shellcheck disable=SC2016 # the format is apt-get's
mirror=${TICKLINE_DEBIAN_MIRROR:-$(apt-get indextargets \
	--format '$(REPO_URI)' 2>/dev/null | grep -m1 '/debian/*$')}
mirror=${mirror:-http://deb.debian.org/debian}

# One at a time: a second make waits and finds it there.
mkdir -p "$(dirname "$folder")"
exec 9>"$folder.lock"
flock 9
[ "$(cat "$folder/made-of" 2>/dev/null)" = "$(cksum <"$0")" ] && exit 0
rm -rf "$new"
mkdir -p "$new"/apt/{parts,debs,lists/partial,cache/archives/partial} || exit 1
apt=$(cd "$new/apt" && pwd)
: >"$apt/status"
echo "deb [signed-by=$keyring] $mirror $suite main" >"$apt/sources.list"
cat >"$apt/apt.conf" <<EOF
Dir::State "$apt";
Dir::State::Lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Dir::Etc "$apt";
Dir::Etc::SourceList "$apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Parts "$apt/parts";
Dir::Etc::PreferencesParts "$apt/parts";
Dir::Log "$apt";
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
Acquire::Retries "2";
Acquire::http::Timeout "20";
EOF
apt-config dump | grep -i '^Acquire::.*Proxy' >>"$apt/apt.conf"

private_apt() { # ARGUMENTS...
	(cd "$apt/debs" && APT_CONFIG=$apt/apt.conf apt-get -q "$@") >>"$apt/log" 2>&1
}

echo "sysroot: fetching Debian $suite's $arch libraries into $folder"
if ! private_apt update || grep -q '^[EW]:.*Failed to fetch' "$apt/log"; then
	stop "$mirror does not give $suite ($(grep -m1 '^[EW]:' "$apt/log")); TICKLINE_DEBIAN_MIRROR=URL names another"
fi
# shellcheck disable=SC2086 # a list
private_apt download $packages ||
	stop "$mirror does not give all of $suite's libraries ($(grep -m1 '^E:' "$apt/log"))"
for deb in "$apt"/debs/*.deb; do
	dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$new" ||
		stop "cannot unpack ${deb##*/}"
done
# What is in /lib or /usr/lib differs between releases; the linker is told of one.
if [ -d "$new/lib" ] && [ ! -L "$new/lib" ]; then
	cp -a "$new/lib/." "$new/usr/lib/" && rm -rf "${new:?}/lib" &&
		ln -s usr/lib "$new/lib" || exit 1
fi
# Links may be absolute; inside a sysroot they must not be.
find "$new" -type l | while read -r link; do
	target=$(readlink "$link")
	[ "${target#/}" = "$target" ] || ln -sfnr "$new$target" "$link"
done
# The list of what it is made of, for who asks which versions.
for deb in "$apt"/debs/*.deb; do
	basename "$deb" .deb
done >"$new/packages.txt"
rm -rf "$new/apt" "$new/usr/share/doc" "$new/usr/share/man" "$new/usr/share/locale"
cksum <"$0" >"$new/made-of"
rm -rf "$folder"
mv "$new" "$folder"

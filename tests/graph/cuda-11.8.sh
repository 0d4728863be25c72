#!/bin/sh
# tests/graph/cuda-11.8.sh FOLDER: puts CUDA 11.8's nvcc with its headers into
# FOLDER, out of Debian's non-free nvidia-cuda-toolkit. Prints one line and
# exits 77 where that cannot be had.
#
# An apt of its own fetches, in FOLDER: this machine's package sources are not
# changed and nothing is installed. 84 MB for the compiler; the headers are in a
# package of 774 MB, of which they are the beginning: the first MB is enough.
set -u
folder=$1
version=11.8.89~11.8.0-5~deb12u1
# of the list that sha256sum makes of all headers, sorted
headers_sha=bb108ed41a64c9f37450e5575536b895384cee3584620b5743fc1efae1a62c51
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

skip() { # REASON: leaves nothing half done
	rm -rf "$folder"
	echo "$1"
	exit 77
}

[ "$(cat "$folder/version" 2>/dev/null)" = "$version" ] && exit 0
[ "$(uname -m)" = x86_64 ] || skip "CUDA 11.8's packages are for x86_64"
for tool in apt-get dpkg-deb curl tar xz ar; do
	command -v $tool >/dev/null || skip "no $tool to fetch CUDA 11.8 with"
done
[ -r $keyring ] || skip "no $keyring: install debian-archive-keyring"
# shellcheck disable=SC2016 # the format is apt-get's
mirror=${TICKLINE_DEBIAN_MIRROR:-$(apt-get indextargets \
	--format '$(REPO_URI)' 2>/dev/null | grep -m1 '/debian/*$')}
[ -n "$mirror" ] || skip "no Debian mirror known: set TICKLINE_DEBIAN_MIRROR=URL"

rm -rf "$folder"
apt=$(mkdir -p "$folder/apt" && cd "$folder/apt" && pwd)
top=$(cd "$folder" && pwd)
mkdir -p "$apt/parts" "$apt/lists/partial" "$apt/cache/archives/partial"
: >"$apt/status"
echo "deb [signed-by=$keyring] $mirror bookworm non-free" >"$apt/sources.list"
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
APT::Architecture "amd64";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
Acquire::Retries "2";
Acquire::http::Timeout "20";
EOF
apt-config dump | grep -i '^Acquire::.*Proxy' >>"$apt/apt.conf"

private_apt() { # TOOL ARGUMENTS...
	(cd "$apt" && APT_CONFIG=$apt/apt.conf "$@" 2>>"$apt/log")
}
if ! private_apt apt-get -q update >>"$apt/log" ||
	grep -q '^[EW]:.*Failed to fetch' "$apt/log"; then
	skip "the Debian mirror is unreachable ($(grep -m1 '^[EW]:' "$apt/log"))"
fi
private_apt apt-get -q download "nvidia-cuda-toolkit=$version" >>"$apt/log" ||
	skip "the mirror does not give nvidia-cuda-toolkit $version"

dpkg-deb -x "$apt"/nvidia-cuda-toolkit_*.deb "$apt/root" || exit 1
mkdir -p "$folder/bin"
for tool in ptxas fatbinary cudafe++ nvlink cuobjdump; do
	mv "$apt/root/usr/bin/$tool" "$folder/bin/" || exit 1
done
private=$apt/root/usr/lib/nvidia-cuda-toolkit
mv "$private/bin/nvcc" "$private/bin/cicc" "$private/bin/crt" "$folder/bin/" &&
	mv "$private/libdevice" "$folder/" || exit 1
cat >"$folder/bin/nvcc.profile" <<EOF
NVVMIR_LIBRARY_DIR = $top/libdevice
PATH += $top/bin:
INCLUDES += "-I$top/include" \$(_SPACE_)
EOF

# The archive's third member is data.tar.xz, the headers first in it.
uri=$(private_apt apt-get -q download --print-uris "nvidia-cuda-dev=$version" |
	sed -n "s/^'\([^']*\)'.*/\1/p")
curl -fsS -r 0-1048575 "${uri:-none}" 2>>"$apt/log" | head -c 1048576 >"$apt/dev.deb"
start=$(grep -abo 'data\.tar\.xz' "$apt/dev.deb" | head -1 | cut -d: -f1)
tail -c "+$((${start:-0} + 61))" "$apt/dev.deb" | xz -dc 2>/dev/null |
	tar -x -C "$apt" --wildcards './usr/include/*' 2>/dev/null
mv "$apt/usr/include" "$folder/" 2>/dev/null
sha=$(cd "$folder/include" 2>/dev/null && find . -type f | LC_ALL=C sort | xargs sha256sum |
	sha256sum | cut -d' ' -f1)
[ "$sha" = "$headers_sha" ] ||
	skip "the mirror did not give the headers of nvidia-cuda-dev $version"
rm -rf "$apt"
echo "$version" >"$folder/version"

#!/bin/sh
# tests/boards/package.test.sh: `make install` and `make deb`: what is where, the
# same bytes from two folders, users, umasks and time zones, a service that is
# closed and has the board's priority, an offline install. No GPU code in here:
# nvcc's differs from folder to folder (docs/packages.md).
set -u
cd "$(dirname "$0")/../.." || exit 1
unset WERROR
export TICKLINE_SKIP_SETUP=1
command -v scdoc >/dev/null || { echo "no scdoc: apt-get install scdoc"; exit 77; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work" build/plain-7 build/boards/plain-7' EXIT
chmod 755 "$work"
n=0 bad=0
result() { # STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		[ -s "$work/log" ] && tail -8 "$work/log" | sed 's/^/# /'
		echo "not ok $n - $2"
		bad=1
	fi
}
skip() { # NAME WHY
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}
build() { # TARGET VARIABLE...
	make --no-print-directory "$@" >"$work/log" 2>&1 </dev/null
}

board=$work/plain-7
mkdir "$board"
cat >"$board/board.yaml" <<-EOF
board: plain-7
tick: {priority: 37}
memory: {device: 0}
EOF
cat >"$board/board.mk" <<-EOF
BOARD_ARCH := $(uname -m)
BOARD_CC := cc
BOARD_FLAGS := -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
BOARD_KMS_DRIVERS := nvidia-drm
EOF

# ---- the package ----------------------------------------------------------------
graph=demo-480p unit=tickline-demo-480p
build deb "BOARD=$board" GRAPH=$graph && deb=$(tail -n 1 "$work/log") && [ -e "$deb" ]
result $? "make deb says where the package is"
mkdir "$work/out"
dpkg-deb -x "$deb" "$work/out" && (cd "$work/out" && find . -type f | sort) >"$work/log"
cat >"$work/files" <<-EOF
./etc/tickline/$graph.conf
./usr/bin/$unit
./usr/lib/modprobe.d/$unit.conf
./usr/lib/systemd/system/$unit.service
./usr/lib/sysusers.d/$unit.conf
./usr/lib/udev/rules.d/70-$unit.rules
./usr/share/doc/$unit/changelog.gz
./usr/share/doc/$unit/copyright
./usr/share/lintian/overrides/$unit
./usr/share/man/man1/$unit.1.gz
EOF
cmp -s "$work/log" "$work/files"
result $? "its files"
[ "$(dpkg-deb -c "$deb" | awk '{ print $2 }' | sort -u)" = root/root ] &&
	[ -z "$(find "$work/out" -type f -perm /022)" ]
result $? "they are root's, and nobody else may write them"
service=$work/out/usr/lib/systemd/system/$unit.service
grep -qx "ExecStart=/usr/bin/$unit --display kms --report none \$OPTIONS" "$service" &&
	grep -qx LimitRTPRIO=37 "$service" && ! grep -q @ "$service" -w
result $? "the service runs it with the board's one priority"
! grep -qi 'reboot\b.*=\|StartLimitAction' "$service"
result $? "it never reboots"
version=$(sed -n 's/^#define GRAPH_VERSION "\(.*\)".*/\1/p' graph/graph.h)
[ "$("$work/out/usr/bin/$unit" --version | sed 's/^tickline \([^,]*\),.*/\1/')" = "$version" ] &&
	[ "$(dpkg-deb -f "$deb" Version)" = "$version" ] && grep -q "^## $version (" NEWS.md
result $? "one version: program, package, news"
libraries=$(readelf -d "$work/out/usr/bin/$unit" | grep -c 'NEEDED.*lib\(drm\|png\|xxhash\|jansson\|turbojpeg\)')
[ "$(dpkg-deb -f "$deb" Depends | grep -o 'lib\(drm2\|png16-16\|xxhash0\|jansson4\|turbojpeg0\)\b' | sort -u | wc -l)" = "$libraries" ]
result $? "it depends on the libraries that it is linked with"
zcat "$work/out/usr/share/man/man1/$unit.1.gz" >"$work/page" &&
	"$work/out/usr/bin/$unit" --help | sed -n 's/^  --\([a-z-]*\).*/\1/p' |
	while read -r option; do
		sed 's/\\-/-/g' "$work/page" | grep -q -- "--$option" || echo "$option"
	done >"$work/log" && [ ! -s "$work/log" ]
result $? "its man page has every option of --help"
if command -v lintian >/dev/null; then
	lintian --allow-root -I -E --pedantic --fail-on info,warning,error "$deb" >"$work/log" 2>&1
	result $? "lintian finds nothing"
else
	skip "lintian finds nothing" "no lintian"
fi
if systemd-analyze security --offline=true "$service" >"$work/log" 2>&1 ||
	grep -q 'exposure level' "$work/log"; then
	sed -n 's/.*exposure level for .*: \([0-9.]*\) .*/\1/p' "$work/log" |
		awk '{ exit !($1 <= 1.5) }'
	result $? "the service's exposure is 1.5 at most"
else
	skip "the service's exposure is 1.5 at most" "no systemd-analyze with security --offline"
fi

# ---- again ------------------------------------------------------------------------
other=$work/elsewhere/tree
mkdir -p "$other"
git ls-files -co --exclude-standard -z | xargs -0 cp --parents -t "$other"
cp -r "$board" "$work/elsewhere/plain-7"
as=""
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	chown -R 65534:65534 "$work/elsewhere"
	as="setpriv --reuid 65534 --regid 65534 --clear-groups"
fi
# shellcheck disable=SC2086 # words
(cd "$other" && umask 077 && $as env -i PATH=/usr/bin:/bin TZ=Asia/Tokyo \
	TICKLINE_SKIP_SETUP=1 make --no-print-directory deb GRAPH=$graph \
	BOARD="$work/elsewhere/plain-7" >"$work/log" 2>&1 </dev/null) &&
	cmp "$deb" "$other/$deb" >>"$work/log" 2>&1
result $? "the same bytes from another folder, user, umask and time zone"

# ---- offline ------------------------------------------------------------------------
tree=$work/rootfs
if [ "$(id -u)" = 0 ] && command -v systemd-sysusers >/dev/null &&
	command -v deb-systemd-helper >/dev/null; then
	mkdir -p "$tree/var/lib/dpkg/info" "$tree/var/lib/dpkg/updates" "$tree/etc"
	: >"$tree/var/lib/dpkg/status"
	dpkg --root="$tree" --force-script-chrootless --force-depends -i "$deb" >"$work/log" 2>&1 &&
		[ -L "$tree/etc/systemd/system/multi-user.target.wants/$unit.service" ] &&
		grep -q '^tickline:' "$tree/etc/passwd" && grep -q '^video:.*tickline' "$tree/etc/group"
	result $? "installed into a tree: the user, its groups, the service enabled"
	echo "OPTIONS=--ticks 7" >"$tree/etc/tickline/$graph.conf"
	dpkg --root="$tree" --force-script-chrootless --force-depends -i "$deb" >"$work/log" 2>&1 &&
		grep -qx "OPTIONS=--ticks 7" "$tree/etc/tickline/$graph.conf"
	result $? "again: settings stay"
	dpkg --root="$tree" --force-script-chrootless -P $unit >"$work/log" 2>&1 &&
		[ -z "$(find "$tree/usr" "$tree/etc/systemd" "$tree/etc/tickline" -name "*$graph*" 2>/dev/null)" ]
	result $? "purged: nothing of it stays"
else
	skip "installed into a tree" "not root, or no systemd-sysusers"
fi

# ---- make install -----------------------------------------------------------------
build install "BOARD=$board" GRAPH=$graph "DESTDIR=$work/dest" PREFIX=/opt/t &&
	"$work/dest/opt/t/bin/$unit" --version >"$work/log" && [ -x "$work/dest/opt/t/bin/tickline" ] &&
	grep -q "^ExecStart=/opt/t/bin/$unit " "$work/dest/opt/t/lib/systemd/system/$unit.service" &&
	[ -e "$work/dest/opt/t/share/man/man1/$unit.1" ]
result $? "make install DESTDIR= PREFIX="
echo "OPTIONS=--ticks 7" >"$work/dest/etc/tickline/$graph.conf"
build install "BOARD=$board" GRAPH=$graph "DESTDIR=$work/dest" PREFIX=/opt/t &&
	grep -qx "OPTIONS=--ticks 7" "$work/dest/etc/tickline/$graph.conf"
result $? "again: settings stay"
build install "BOARD=$board" GRAPH=null "DESTDIR=$work/dest" PREFIX=/usr &&
	grep -qx "ExecStart=/usr/bin/tickline-null --report none \$OPTIONS" \
		"$work/dest/usr/lib/systemd/system/tickline-null.service"
result $? "a graph without a display is given none"
refused() { # NAME WORDS VARIABLE...
	name=$1 words=$2
	shift 2
	! build install "BOARD=$board" GRAPH=$graph "$@" &&
		[ "$(grep -c "^install: " "$work/log")" = 1 ] && grep -qF "$words" "$work/log"
	result $? "$name"
}
refused "a PREFIX that is no path" "PREFIX=local is no path from the root" PREFIX=local
refused "a DESTDIR with a space" "may have letters" "DESTDIR=$work/a b"
: >"$work/file"
refused "no place" "cannot write to $work/file/opt" "DESTDIR=$work/file" PREFIX=/opt
echo "1..$n"
exit $bad

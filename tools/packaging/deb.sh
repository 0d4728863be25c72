#!/bin/sh
# tools/packaging/deb.sh OUT ARCHITECTURE: a Debian package of a graph's program,
# OUT/tickline-GRAPH_VERSION_ARCHITECTURE.deb, with what install.sh puts in place
# (its environment too). dpkg-deb alone builds it, so that Ubuntu and no root do.
# MAINTAINER: whose name it bears. The same bytes from the same program: times are NEWS.md's date.
set -eu
umask 022
out=$1 arch=$2 unit=tickline-$GRAPH
maintainer=${MAINTAINER:-tickline <tickline@example.org>}
version=$(sed -n 's/^#define GRAPH_VERSION "\(.*\)".*/\1/p' graph/graph.h)
date=$(sed -n "s/^## $version (\(.*\))/\1/p" NEWS.md)
[ -n "$date" ] || { echo "deb: NEWS.md has no '## $version (YEAR-MONTH-DAY)'" >&2; exit 1; }
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(date -u -d "$date" +%s)}
export SOURCE_DATE_EPOCH
for tool in dpkg-deb readelf; do
	command -v $tool >/dev/null || { echo "deb: no $tool: apt-get install dpkg binutils" >&2; exit 1; }
done
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
root=$stage/root
mkdir -p "$root/DEBIAN"
DESTDIR=$root PREFIX=/usr TOOL='' tools/packaging/install.sh
doc=$root/usr/share/doc/$unit
gzip -9n "$root/usr/share/man/man1/$unit.1"
rm "$doc/NEWS.md"
printf '%s (%s) unstable; urgency=medium\n\n  * What is new: NEWS.md of the sources.\n\n -- %s  %s\n' \
	"$unit" "$version" "$maintainer" "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")" |
	gzip -9n >"$doc/changelog.gz"

mkdir -p "$root/usr/share/lintian/overrides"
echo "$unit: package-supports-alternative-init-but-no-init.d-script *" \
	>"$root/usr/share/lintian/overrides/$unit"

# The packages of the libraries that it is linked with, by Debian's and Ubuntu's names.
glibc=$(readelf -V --wide "$PROGRAM" | sed -n 's/.*Name: GLIBC_\([0-9.]*\) .*/\1/p' |
	sort -V | tail -n 1)
depends=
for library in $(readelf -d --wide "$PROGRAM" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p'); do
	case $library in
	libc.so.6) package="libc6 (>= $glibc)" ;;
	libm.so.6 | libpthread.so.0 | libdl.so.2 | librt.so.1 | ld-linux-*) continue ;;
	libgcc_s.so.1) package=libgcc-s1 ;;
	libdrm.so.2) package=libdrm2 ;;
	libpng16.so.16) package="libpng16-16 | libpng16-16t64" ;;
	libxxhash.so.0) package=libxxhash0 ;;
	libjansson.so.4) package=libjansson4 ;;
	libturbojpeg.so.0) package="libturbojpeg0 | libturbojpeg" ;;
	*)
		echo "deb: $PROGRAM is linked with $library, whose package is not known" >&2
		exit 1
		;;
	esac
	depends="${depends:+$depends, }$package"
done
cat >"$root/DEBIAN/control" <<EOF
Package: $unit
Version: $version
Architecture: $arch
Maintainer: $maintainer
Section: video
Priority: optional
Installed-Size: $(du -sk --apparent-size "$root" | cut -f1)
Pre-Depends: init-system-helpers (>= 1.54~)
Depends: $depends, systemd, udev
Description: realtime video, the graph $GRAPH
 The program of one graph of tickline, a realtime video runtime, with the
 service that shows its picture from boot on, without a window server.
EOF
echo "/etc/tickline/$GRAPH.conf" >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do
	sed "s,@UNIT@,$unit,g" "tools/packaging/$script" >"$root/DEBIAN/$script"
	chmod 755 "$root/DEBIAN/$script"
done
(cd "$root" && find usr -type f | LC_ALL=C sort | xargs md5sum >DEBIAN/md5sums)
mkdir -p "$out"
file=$out/${unit}_${version}_$arch.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$file" >/dev/null
echo "$file"

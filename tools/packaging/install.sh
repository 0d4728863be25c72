#!/bin/sh
# tools/packaging/install.sh: puts a graph's program, its man page and its service
# under DESTDIR; run by make, which says by the environment:
#   DESTDIR PREFIX   where to, and what the service will find there
#   PROGRAM GRAPH    the program's file, the graph's name
#   TABLES           the generated C file: the board's priority, kinds of sinks
#   TOOL             the command line for running programs; empty: leave it out
#   DISPLAY_OPTION   what --display the service begins with
#   MODPROBE         not empty: nvidia-drm's mode setting too
#   STRIP            a command that strips; empty: leave it whole
# The same bytes and modes whoever runs it, by whatever umask.
set -eu
umask 022
at=${DESTDIR:-} unit=tickline-$GRAPH from=tools/packaging
case $PREFIX in
/*) ;;
*) echo "install: PREFIX=$PREFIX is no path from the root: PREFIX=/usr/local" >&2; exit 1 ;;
esac
case $at$PREFIX in
*[!A-Za-z0-9/._+-]*)
	echo "install: DESTDIR and PREFIX may have letters, digits, . _ + - only" >&2
	exit 1
	;;
esac
command -v scdoc >/dev/null || {
	echo "install: no scdoc for the man page: apt-get install scdoc" >&2
	exit 1
}
version=$(sed -n 's/^#define GRAPH_VERSION "\(.*\)".*/\1/p' graph/graph.h)
priority=$(sed -n 's/.*\.priority = \([0-9]*\),.*/\1/p' "$TABLES")
options=
# only such sinks can be given another display
grep -q '^	{"[a-z0-9_-]*", "display"},' "$TABLES" && options="--display $DISPLAY_OPTION "

put() { # TEMPLATE PLACE
	mkdir -p "$at${2%/*}"
	sed "s,@UNIT@,$unit,g; s,@GRAPH@,$GRAPH,g; s,@PREFIX@,$PREFIX,g
		s,@PRIORITY@,$priority,g; s,@OPTIONS@,$options,g" \
		"$from/$1" >"$at$2"
	chmod 644 "$at$2"
}

mkdir -p "$at$PREFIX/bin" "$at$PREFIX/share/man/man1" "$at$PREFIX/share/doc/$unit" || {
	echo "install: cannot write to $at$PREFIX: run as root, or set DESTDIR or PREFIX" >&2
	exit 1
}
install -m 755 "$PROGRAM" "$at$PREFIX/bin/$unit"
[ -z "${STRIP:-}" ] || $STRIP --remove-section=.comment --remove-section=.note \
	"$at$PREFIX/bin/$unit"
[ -z "${TOOL:-}" ] || install -m 755 "$TOOL" "$at$PREFIX/bin/tickline"
$from/man.sh "$unit" "$GRAPH" "$version" | scdoc >"$at$PREFIX/share/man/man1/$unit.1"
chmod 644 "$at$PREFIX/share/man/man1/$unit.1"
{
	cat $from/copyright
	# the licence of the glyphs says that it goes with them
	sed -n '/^License: bitstream-vera/,/^$/p' /usr/share/doc/fonts-dejavu-core/copyright
} >"$at$PREFIX/share/doc/$unit/copyright"
install -m 644 NEWS.md "$at$PREFIX/share/doc/$unit/NEWS.md"
put tickline.service "$PREFIX/lib/systemd/system/$unit.service"
put tickline.sysusers "$PREFIX/lib/sysusers.d/$unit.conf"
put tickline.udev "$PREFIX/lib/udev/rules.d/70-$unit.rules"
[ -z "${MODPROBE:-}" ] || put tickline.modprobe "$PREFIX/lib/modprobe.d/$unit.conf"
# one that somebody has changed stays
[ -e "$at/etc/tickline/$GRAPH.conf" ] || put tickline.conf "/etc/tickline/$GRAPH.conf"

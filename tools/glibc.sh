#!/bin/sh
# tools/glibc.sh PROGRAM VERSION BOARD: does PROGRAM start with glibc VERSION, or
# does it need a newer one's symbols? Run by make after linking for a board; says
# which symbols, and removes the program, where it does not.
set -u
newest=$(readelf -V --wide "$1" | sed -n 's/.*Name: GLIBC_\([0-9.]*\) .*/\1/p' |
	sort -V | tail -n 1)
[ "$(printf '%s\n' "${newest:-0}" "$2" | sort -V | tail -n 1)" = "$2" ] && exit 0
symbols=$(readelf --dyn-syms --wide "$1" |
	sed -n "s/.* \([^ ]*@GLIBC_$newest\)\( .*\)\{0,1\}$/\1/p" | head -n 3 | tr '\n' ' ')
echo "$1: needs glibc $newest ($symbols), and $3 has $2: link it with older" \
	"libraries (BOARD_SUITE, SYSROOT), or raise the board's BOARD_GLIBC" >&2
rm -f "$1"
exit 1

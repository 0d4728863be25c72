#!/bin/sh
# tests/boards/cross.sh [GRAPH...]: builds the programs of GRAPHs (demo) for every
# board of the tree, as a person would (`make program`), and checks what came out:
# the board's machine, its C library, its GPU's code where an nvcc here knows it.
# Prints a table of sizes. Exit 77: another machine's libraries cannot be had.
set -u
cd "$(dirname "$0")/../.." || exit 1
unset WERROR
[ $# -gt 0 ] || set -- demo
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
n=0 bad=0
result() { # STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		[ -s "$log" ] && tail -5 "$log" | sed 's/^/# /'
		echo "not ok $n - $2"
		bad=1
	fi
}

value() { # BOARD VARIABLE
	sed -n "s/^$2 *:= *//p" "boards/$1/board.mk"
}

check() { # BOARD GRAPH PROGRAM
	machine=$(value "$1" BOARD_ARCH)
	case $machine in
	aarch64) machine=AArch64 ;;
	x86_64) machine=X86-64 ;;
	*) machine= ;;
	esac
	readelf -h "$3" >"$log" 2>&1 && grep -q "Machine:.*$machine" "$log"
	result $? "$1: $2 is built for its machine"
	codes=$(value "$1" BOARD_CUDA_ARCHS)
	[ -n "$codes" ] || return
	if grep -q 'no kernels' "$build"; then
		n=$((n + 1))
		echo "ok $n - $1: $2's GPU code # SKIP $(sed -n 's/^make: //p' "$build")"
		return
	fi
	set -- "$1" "$2" "$3" "${codes##* }"
	strings "$3" | grep -q "\\b$4\\b"
	result $? "$1: $2 has code for $4"
}

build=$(mktemp) || exit 1
trap 'rm -f "$log" "$build"' EXIT
sizes=""
for folder in boards/*/; do
	board=$(basename "$folder")
	case $(value "$board" BOARD_ARCH) in
	"$(uname -m)" | *uname*) ;;
	aarch64) ;;
	*) continue ;; # of another x86, from an arm64 machine
	esac
	for graph; do
		if ! make --no-print-directory program "BOARD=$board" "GRAPH=$graph" \
			>"$build" 2>&1 </dev/null; then
			if grep -q '^sysroot:.*does not give\|^sysroot: no ' "$build"; then
				grep '^sysroot:' "$build" | tail -n 1
				exit 77
			fi
			cp "$build" "$log"
			result 1 "$board: $graph is built"
			continue
		fi
		program=$(tail -n 1 "$build")
		check "$board" "$graph" "$program"
		sizes="$sizes$(size "$program" 2>/dev/null |
			awk -v b="$board" -v g="$graph" -v f="$(stat -c %s "build/$board/$graph/$graph.fatbin" 2>/dev/null || echo 0)" \
				'NR == 2 { printf "# | %s | %s | %d | %d | %d | %d |", b, g, $1 - f, f, $2, $3 }')
"
	done
done
echo "# | board | graph | code and tables | GPU code | data | zeroed |"
printf '%s' "$sizes"
echo "1..$n"
exit $bad

#!/bin/sh
# tests/boards/boards.test.sh: a board is a folder: the tree's hold every graph,
# one of yours is a copy anywhere (docs/porting-a-board.md, step by step), and what
# is no board, or cannot be built for, has one line. BUILD is the build folder.
set -u
cd "$(dirname "$0")/../.." || exit 1
unset WERROR # of a make around this
export TICKLINE_SKIP_SETUP=1
work=$(mktemp -d) || exit 1
mine="$work/my boards/panel-7"
trap 'rm -rf "$work" build/panel-7 build/boards/panel-7' EXIT
n=0 bad=0
result() { # STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		[ -s "$work/log" ] && tail -5 "$work/log" | sed 's/^/# /'
		echo "not ok $n - $2"
		bad=1
	fi
}

program() { # VARIABLE...: the program's path in $program
	make --no-print-directory program "$@" >"$work/log" 2>&1 </dev/null
	status=$?
	program=$(tail -n 1 "$work/log")
	return $status
}

# One line of ours, beside make's own, and no program.
refused() { # NAME WORDS TARGET VARIABLE...
	name=$1 words=$2
	shift 2
	! make --no-print-directory "$@" >"$work/log" 2>&1 </dev/null &&
		[ "$(grep -cF -- "$words" "$work/log")" = 1 ] &&
		[ "$(grep -vc '^make[^ ]* \*\*\*.*Error [0-9]*$\|^  [A-Z]' "$work/log")" = 1 ]
	result $? "$name"
}

# ---- the tree's ---------------------------------------------------------------
for folder in boards/*/; do
	board=$(basename "$folder")
	make help "BOARD=$board" >"$work/log" 2>&1
	result $? "make takes $board"
	: >"$work/log"
	for graph in graph/*.yaml; do
		build/tools/graphc -b "$folder/board.yaml" -o "$work/out" "$graph" \
			>>"$work/log" 2>&1 || echo "$graph" >>"$work/log"
	done
	[ ! -s "$work/log" ]
	result $? "$board holds every graph"
	! sed 's/#.*//; /\\$/{N; s/\\\n//}' "$folder/board.mk" |
		grep -v '^BOARD_[A-Z_]* *:= \|^ *$' >"$work/log" &&
		grep -Eqi 'not run|run here|\| run \|' "$folder/README.md"
	result $? "$board: board.mk sets variables only, README.md says what was run"
done

# ---- one of yours ---------------------------------------------------------------
mkdir -p "${mine%/*}"
cp -r boards/host "$mine"
refused "a copy that still has the other's name" "says 'board: host'; its folder's name is 'panel-7'" \
	program GRAPH=null "BOARD=$mine"
cat >"$mine/board.yaml" <<-EOF
board: panel-7
tick: {priority: 42, cpu: -1, spin_us: 0}
memory: {host: 64MiB, device: 0}
rate: {max: 1000}
EOF
cat >"$mine/board.mk" <<-EOF
BOARD_ARCH := $(uname -m)
BOARD_CC   := cc
BOARD_CMDLINE := tickline.test=7
EOF
program GRAPH=null "BOARD=$mine" && [ "$program" = build/panel-7/null/null ] &&
	"$program" --probe >"$work/log" 2>&1
result $? "a copy with another name is built"
grep -q 'board panel-7$' "$work/log" && grep -q 'priority  *SCHED_FIFO 42 ' "$work/log"
result $? "its name and priority are the program's"
grep -q 'cmdline  *lacks what the board advises: tickline.test=7$' "$work/log"
result $? "--probe says what its kernel's command line lacks"
"$program" --ticks 10 --report text >"$work/log" 2>&1 &&
	grep -q 'board panel-7' "$work/log"
result $? "it runs"
sed -i 's/64MiB/64KiB/' "$mine/board.yaml"
! program GRAPH=blur "BOARD=$mine" && grep -Eq \
	'needs [0-9]+ bytes of host memory; board panel-7 gives a graph 65536' "$work/log"
result $? "a graph bigger than its ceiling is refused with the numbers"
sed -i 's/64KiB/64MiB/; s/priority: 42/priority: 43/' "$mine/board.yaml"
program GRAPH=null "BOARD=$mine" && "$program" --probe | grep -q 'SCHED_FIFO 43 '
result $? "a changed board.yaml is built in"
program GRAPH=null BOARD=boards/host && [ "$program" = build/host/null/null ] &&
	program GRAPH=null "BOARD=$PWD/boards/host/" && [ "$program" = build/host/null/null ]
result $? "a folder of the tree by its path is the tree's"

# ---- what is none ---------------------------------------------------------------
refused "an unknown board: those that there are" \
	"no board 'jetson-nano'; there is $(echo boards/*/ | sed 's,boards/,,g; s,/,,g') or the path" \
	program BOARD=jetson-nano
refused "a name with a space" "no board 'host host'" program "BOARD=host host"
refused "no folder" "no folder '$work/none'" program "BOARD=$work/none"
mkdir "$work/empty"
refused "a folder without a board" "$work/empty has no board.mk; copy a folder" \
	program "BOARD=$work/empty"
for name in vm host generated; do
	mkdir -p "$work/taken/$name"
	cp boards/host/board.mk "$work/taken/$name/"
	echo "board: $name" >"$work/taken/$name/board.yaml"
	refused "the name $name is taken in build/" "build/ has another '$name'" \
		program "BOARD=$work/taken/$name"
done
for name in Panel 7inch panel_7; do
	mkdir -p "$work/$name"
	cp boards/host/board.mk "$work/$name/"
	echo "board: $name" >"$work/$name/board.yaml"
	refused "the name $name" "'$name' is no name for a board" program "BOARD=$work/$name"
done

mkdir "$work/shown"
cp boards/host/board.yaml boards/host/board.mk "$work/shown/"
sed -i 's/^board: .*/board: shown/' "$work/shown/board.yaml"
echo 'BOARD_DISPLAYS := kms screen' >>"$work/shown/board.mk"
refused "a display that is none" "BOARD_DISPLAYS: no display 'screen'" \
	program "BOARD=$work/shown"

# ---- another machine --------------------------------------------------------------
other=jetson-thor
[ "$(uname -m)" = x86_64 ] || other=x86-nvidia
for target in run check; do
	refused "make $target does not run another machine's programs" \
		"board $other is " "$target" "BOARD=$other"
done
refused "a compiler that is not there" "no compiler 'no-such-gcc' for board $other" \
	program BOARD=$other CC=no-such-gcc SYSROOT=/

cat >"$work/nvcc" <<-'EOF'
#!/bin/sh
[ "$1" = --list-gpu-code ] && printf 'sm_75\nsm_720\nsm_80\n'
EOF
chmod +x "$work/nvcc"
[ "$(tools/nvcc.sh "sm_72 sm_87" "$work/none" "$work/nvcc")" = "" ] &&
	[ "$(tools/nvcc.sh "sm_80 sm_87 sm_75" "$work/none" "$work/nvcc")" = \
		"$work/nvcc sm_80 sm_75" ]
result $? "the nvcc that knows a GPU is taken, with what it knows"
cat >>"$mine/board.mk" <<-'EOF'
BOARD_CUDA_ARCHS := sm_72
BOARD_CUDA := 11.4 to 12.x
EOF
program GRAPH=null "BOARD=$mine" "NVCC=$work/nvcc" && grep -q "no kernels: no nvcc here knows \
sm_72 (CUDA 11.4 to 12.x does): the program draws on the CPU only; NVCC=" "$work/log"
result $? "without one that does the program is built and says so"

cp "$program" "$work/program"
tools/glibc.sh "$work/program" 9.99 panel-7 >"$work/log" 2>&1 && [ -e "$work/program" ]
result $? "a program for a newer C library is left alone"
! tools/glibc.sh "$work/program" 2.2 panel-7 >"$work/log" 2>&1 && [ ! -e "$work/program" ] &&
	[ "$(grep -c "needs glibc .*@GLIBC_.* and panel-7 has 2.2:" "$work/log")" = 1 ]
result $? "one that the board's C library cannot start is removed, with the symbols"

no_libraries() { # SUITE MACHINE WORDS
	! TICKLINE_DEBIAN_MIRROR=http://127.0.0.1:9/debian \
		tools/sysroot.sh "$1" "$2" "$work/sysroot" >"$work/log" 2>&1 &&
		[ "$(grep -cF "sysroot: $3" "$work/log")" = 1 ] &&
		[ -z "$(find "$work" -path "$work/sysroot*" ! -name '*.lock')" ]
	result $? "no libraries: $3"
}
no_libraries bookworm pdp11 "no Debian architecture is known for 'pdp11'"
no_libraries "" aarch64 "the board says no BOARD_SUITE"
no_libraries bookworm aarch64 "http://127.0.0.1:9/debian does not give bookworm"
echo "1..$n"
exit $bad

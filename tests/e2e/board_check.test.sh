#!/bin/sh
# tests/e2e/board_check.test.sh: tools/board-check on the fake libcuda: each way
# that --help names has its row, ways that are not here are refused with the
# program's words, and pictures that are other ones are seen. BUILD is the build
# folder (build/host).
# shellcheck disable=SC2317 # functions that result calls by their name
set -u
cd "$(dirname "$0")/../.." || exit 1
out=${BUILD:-build/host}
work=$out/board-check
n=0 bad=0
rm -rf "$work"
mkdir -p "$work"
program=$out/tests/cuda/cuda-small
export FAKE_CUDA_KERNELS=%e.kernels.so FAKE_CUDA_REPORT="$work/fake" \
	TICKLINE_GPU_PATIENCE_MS=60000

result() { # NAME COMMAND...
	name=$1
	shift
	n=$((n + 1))
	if "$@" >"$work/log" 2>&1; then
		echo "ok $n - $name"
	else
		bad=1
		sed 's/^/# /' "$work/log" "$work/report"
		echo "not ok $n - $name"
	fi
}

board_check() { # STATUS PROGRAM
	LD_LIBRARY_PATH=$PWD/$out/tests/fakes/cuda \
		tools/board-check "$2" 1 >"$work/report" 2>&1
	[ $? = "$1" ]
}

# A row's name begins a line, with what follows.
has() { # ROW WORDS
	grep -q "^$1  *$2" "$work/report"
}

# A row for each word that --help lists of a setting.
has_all() { # SETTING
	words=$("$program" --help | sed -n "s/.*$1=\([a-z|-]*\).*/\1/p" |
		head -n 1 | tr '|' ' ')
	[ -n "$words" ] || return 1
	for word in $words; do
		[ "$word" = auto ] || grep -q "$1=$word " "$work/report" || return 1
	done
}

result "it ends well" board_check 0 "$program"
result "the CPU's frames" has "CPU, headless" "ok: [1-9][0-9]* frames"
result "the GPU's frames" has "CUDA, headless" "ok: [1-9][0-9]* frames"
result "without a display that is said" has "CPU, kms" "refused: .*/dev/dri"
result "a row for each provider" has_all buffers
result "what auto chose" grep -q "it chose [a-z]*, headless" "$work/report"
result "that there are no GPU tests" grep -q "make gpu-pack\|passed" "$work/report"

no_program() {
	[ "$(tools/board-check /no/where 2>&1)" = \
		"board-check: no program /no/where: make program, or name one" ]
}

# The same program, whose 5th digest of the GPU's is another one.
cat >"$work/other" <<EOF
#!/bin/sh
"$PWD/$program" "\$@" || exit
case "\$*" in *"--backend cuda --display headless"*)
	while [ \$# -gt 1 ] && [ "\$1" != --digest ]; do shift; done
	sed -i '5s/.\$/x/' "\$2" ;;
esac
EOF
chmod +x "$work/other"
result "other bytes make it fail" board_check 1 "$work/other"
result "and are said" has "CUDA, headless" "WRONG: 1 of [0-9]* frames"

# One that ends badly.
printf '#!/bin/sh\ncase "$*" in *kms*) exit 70 ;; esac\nexec %s "$@"\n' \
	"$PWD/$program" >"$work/ill"
chmod +x "$work/ill"
result "a run that ends badly makes it fail" board_check 1 "$work/ill"
result "and is said" has "CPU, kms" "WRONG: status 70"

result "no program: one line" no_program
echo "1..$n"
exit $bad

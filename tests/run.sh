#!/bin/sh
# tests/run.sh OUT quick|test|full: run what `make check`, `make test` or
# `make test-full` built.
#
# One line a suite; a suite's output is kept in OUT/log/NAME.log and shown when
# it fails. A suite that cannot run here exits 77 and its last line says why.
# Ends with the plain line "N passed, N failed, N skipped", counting checks.
set -u
# The caller's job server is not ours to use; what it was told to build with is.
MAKEFLAGS=$(printf '%s' "${MAKEFLAGS:-}" |
	sed 's/\(^\| \)-j[0-9]*\( \|$\)/ /; s/ *--jobserver-[a-z]*=[^ ]*//g')
export MAKEFLAGS
out=$1
mode=$2
log=$out/log
rm -rf "$log"
mkdir -p "$log"
passed=0 failed=0 skipped=0 broken=""
# A test that hangs is ended; on a busy machine it is slow before that.
export CK_DEFAULT_TIMEOUT="${CK_DEFAULT_TIMEOUT:-60}"
export CK_TIMEOUT_MULTIPLIER="${CK_TIMEOUT_MULTIPLIER:-4}"

# Adds one suite's results: Check's summaries, TAP lines, or its status alone.
count() { # LOG STATUS
	sums=$(sed -n 's/^[0-9]*%: Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\)$/\1 \2 \3/p' "$1")
	ok=0 bad=0 skip=$(grep -c '^ok .*# SKIP' "$1")
	if [ -n "$sums" ]; then
		while read -r checks failures errors; do
			bad=$((bad + failures + errors))
			ok=$((ok + checks - failures - errors))
		done <<-EOF
		$sums
		EOF
	elif grep -q '^\(not \)\{0,1\}ok ' "$1"; then
		bad=$(grep -c '^not ok ' "$1")
		ok=$(($(grep -c '^ok ' "$1") - skip))
	elif [ "$2" -eq 0 ]; then
		ok=1
	fi
	[ "$2" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
	return 0
}

suite() { # NAME COMMAND...
	name=$1
	shift
	file=$log/$(echo "$name" | tr / -).log
	start=$(date +%s)
	"$@" >"$file" 2>&1 </dev/null
	status=$?
	spent=$(($(date +%s) - start))
	if [ "$status" -eq 77 ]; then
		skipped=$((skipped + 1))
		printf 'skip  %-34s %s\n' "$name" "$(tail -1 "$file")"
		return
	fi
	count "$file" "$status"
	passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
	grep '^ok .*# SKIP' "$file" | sed 's/^ok [0-9]* *-* */skip  /'
	if [ "$bad" -gt 0 ]; then
		broken="$broken $name"
		printf 'FAIL  %-34s %d of %d, %d s, status %d: %s\n' "$name" "$bad" \
			$((ok + bad)) "$spent" "$status" "$file"
		[ -s "$file" ] || echo "      it said nothing"
		tail -40 "$file" | sed 's/^/      /'
	else
		printf 'ok    %-34s %d checks, %d s\n' "$name" "$ok" "$spent"
	fi
}

# Every test program of a folder, built for one variant; without any, that fails.
folder() { # VARIANT_OUT FOLDER [SUFFIX]
	for program in "$1/tests/$2"/test_*; do
		case $program in *.d | *.o | *.c) continue ;; esac
		suite "$2/$(basename "$program")${3:-}" env "BUILD=$1" "$program"
	done
}

variant() { # NAME FOLDER...: builds and runs unit suites again
	variant=$1
	shift
	suite "build-$variant" make --no-print-directory "-j$(nproc)" \
		VARIANT="$variant" suites
	for f in "$@"; do
		folder "$out-$variant" "$f" " ($variant)"
	done
}

# What counts runs, instructions or kernels, not seconds, goes on beside the
# other suites. Its suite is where it is waited for.
beside() {
	{
		for script in $compilers; do
			kept "$script" env "BUILD=$out" nice "tests/$script.test.sh"
		done
	} &
	# shellcheck disable=SC2086 # a list
	kept vm-exact vm_exact "$out" $vm_scenarios
	[ "$mode" = full ] &&
		kept fuzz nice tests/graph/fuzz.sh "${FUZZ_RUNS:-1000000}"
	wait
}

# Minutes of compilers and nothing else.
compilers="graph/cuda graph/emulate graph/fused gpu/fake"

kept() { # NAME COMMAND...
	said=$log/beside-$(echo "$1" | tr / -)
	shift
	"$@" >"$said.words" 2>&1 </dev/null
	echo $? >"$said.status"
}

ended() { # NAME
	said=$log/beside-$(echo "$1" | tr / -)
	while [ ! -e "$said.status" ] && kill -0 "$beside" 2>/dev/null; do
		sleep 1
	done
	cat "$said.words"
	return "$(cat "$said.status" || echo 1)"
}

# The VM lab's boot "exact", fetched and built too.
vm_exact() { # OUT SCENARIO...
	tests/vm/lab.sh image && tests/vm/payload.sh "$1" && shift &&
		nice tests/vm/lab.sh test -b exact "$@"
}

# One boot of each kind, with these; none: all.
vm_scenarios=""
[ "$mode" = test ] && vm_scenarios="boots nodes none flips flips-vkms writeback
	libraries kms-run kms-picture kms-screen kms-sealed kms-stall kms-unplug
	kms-rt kms-none"

# Parts of a full run that SKIP="planted chroot" leaves out.
wanted() { # PART
	case " ${SKIP:-} " in *" $1 "*) return 1 ;; esac
}

[ "$mode" = quick ] || {
	beside &
	beside=$!
}
for f in graph kernel runtime drivers; do
	folder "$out" "$f"
done
suite structure tests/structure.sh
suite planted-rows tests/planted.sh "$out" rows
# With somebody's node types: their tiles too.
[ "$mode" != quick ] || [ -z "${NODES:-}" ] ||
	suite kernel/tiles.test.sh env "BUILD=$out" SIZES=1 \
		tests/kernel/tiles.test.sh
# Whole programs; `make check` runs those that take seconds.
if [ "$mode" = quick ]; then
	for t in accounting cuda exits graphs options outputs player recording stop text; do
		suite "e2e/test_$t" env "BUILD=$out" "$out/tests/e2e/test_$t"
	done
else
	folder "$out" e2e
	for script in tests/*/*.test.sh; do
		name=${script#tests/}
		case " $compilers " in *" ${name%.test.sh} "*) continue ;; esac
		[ -x "$script" ] && suite "$name" env "BUILD=$out" "$script"
	done
	for script in $compilers; do
		suite "$script.test.sh" ended "$script"
	done
	suite vm/exact ended vm-exact
fi
if [ "$mode" = full ]; then
	suite lint tests/lint.sh
	suite runtime/page-reads env PAGE_READS=10000000 "$out/tests/runtime/test_page"
	variant asan graph kernel runtime drivers
	variant tsan runtime drivers # graphc and the nodes have one thread
	variant clang graph kernel runtime drivers
	suite graph/fuzz ended fuzz
	suite runtime/test_show-full env SETS=1000000 "$out/tests/runtime/test_show"
	suite boards/cross tests/boards/cross.sh demo camera
	suite drivers/fuzz tests/drivers/fuzz.sh "${FUZZ_RUNS:-1000000}"
	suite runtime/fuzz tests/runtime/fuzz.sh "${FUZZ_RUNS:-1000000}"
	wanted planted && suite planted tests/planted.sh "$out"
fi
boots=x86,rt,arm64,none
[ "$mode" = full ] && boots=$boots,two
# shellcheck disable=SC2086 # a list
[ "$mode" = quick ] ||
	suite vm/others tests/vm/lab.sh test -b $boots $vm_scenarios
# Last: it is a whole machine's worth of work beside ours.
[ "$mode" = full ] && wanted chroot &&
	suite chroot/bookworm tests/chroot.sh bookworm check

[ -n "$broken" ] && printf 'failed:%s\n' "$broken"
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

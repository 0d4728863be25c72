#!/bin/bash
# tests/planted.sh OUT [all|quick|rows]: a promise is worth the fault that its
# test catches. Plants the faults of tests/planted.txt one at a time in a copy
# of the tree (build/planted), builds what the named test needs, runs that test
# and demands that it fails.
#
# rows: only that each row of the docs' tables has a fault and names its test.
# quick: without the VM lab. In the lab every fault is a program of its own,
# and one boot runs all of their scenarios.
set -u -o pipefail

out=${1:?usage: tests/planted.sh OUT [all|quick|rows]}
mode=${2:-all}
list=${PLANTED:-tests/planted.txt}
copy=build/planted
count=0 status=0

result() # STATUS WHAT [WHY]
{
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2${3:+ # $3}"
		status=1
	fi
}

# Lines "ROW|TEST|FILE|OLD => NEW".
faults()
{
	grep -v '^ *#\|^ *$' "$list" | sed 's/ *| */|/; s/ *| */|/2; s/ *| */|/3'
}

# ---- rows of the docs ---------------------------------------------------------

# Lines "ROW|WORDS THAT NAME ITS TESTS".
documented()
{
	sed -n '/^## What is proved/,$ s/^| *\([^|]*[^| ]\) *| *\(.*\) |$/\1|\2/p' \
		docs/architecture.md | grep -v '^promise|\|^---'
	awk -F' *[|] *' '/^[|] [A-Z][0-9]+ [|]/ { print $2 "|" $5 }' docs/faults.md
}

# The name of a test as the docs say it: its scenario, or its file.
name_of() # TEST
{
	local test=${1%% *}

	test=${test%%:*}
	echo "${test#vm/}"
}

check_rows()
{
	local row words test lines

	while IFS='|' read -r row words; do
		lines=$(faults | awk -F'|' -v row="$row" '$1 == row { print $2 }')
		result $((!${#lines})) "a fault is planted for: $row"
		while read -r test; do
			[ -z "$test" ] && continue
			grep -qwF -- "$(name_of "$test")" <<<"$words"
			result $? "$row is held by $(name_of "$test")" \
				"the docs do not name it"
		done <<<"$lines"
	done < <(documented)
	while IFS='|' read -r row test lines words; do
		has_once "$lines" "${words%% => *}"
		result $? "$lines has once: ${words%% => *}"
	done < <(faults)
	while read -r row; do
		documented | cut -d'|' -f1 | grep -qxF -- "$row"
		result $? "the docs promise: $row"
	done < <(faults | cut -d'|' -f1 | sort -u)
}

# Whitespace in OLD stands for any.
has_once() # FILE OLD
{
	OLD=$2 perl -0777 -ne '
		BEGIN { $old = join "\\s+", map { quotemeta } split " ", $ENV{OLD} }
		$n = () = /$old/g; END { exit($n == 1 ? 0 : 1) }' "$1"
}

# ---- the copy -----------------------------------------------------------------

# With the times of the files, so that make builds nothing again.
copy_tree()
{
	local built

	rm -rf "$copy"
	mkdir -p "$copy/build"
	git ls-files -co --exclude-standard | while read -r built; do
		[ -e "$built" ] && printf '%s\0' "$built"
	done | tar -c --null -T - | tar -x -C "$copy"
	for built in generated tools "$(basename "$out")"; do
		cp -a "build/$built" "$copy/build/"
	done
}

# In the copy: whitespace in OLD stands for any; it must occur once.
plant() # FILE OLD NEW
{
	cp "$1" planted.kept
	OLD=$2 NEW=$3 perl -0777 -i -pe '
		BEGIN { $old = join "\\s+", map { quotemeta } split " ", $ENV{OLD} }
		$n = s/$old/$ENV{NEW}/g; END { exit($n == 1 ? 0 : 1) }' "$1"
}

uproot() # FILE
{
	cp planted.kept "$1" # with a new time: built again
}

build() # TARGET...
{
	make --no-print-directory -s "-j$(nproc)" "$@" >planted.log 2>&1
}

# ---- programs and scripts -------------------------------------------------------

# 0: it fails, as it should; 1: it passes; 2: it does not build.
# TEST is FOLDER/NAME[:TEST] or FOLDER/NAME.test.sh, then what it needs built.
run_test() # TEST [TARGET...]
{
	local test=${1%%:*} name=${1#*:} needs=("${@:2}")

	needs=("${needs[@]/#/$out/}")
	case $test in
	*.sh)
		build graphc "${needs[@]}" || return 2
		BUILD=$out "tests/$test" >planted.log 2>&1 && return 1
		return 0
		;;
	esac
	build "$out/tests/$test" "${needs[@]}" || return 2
	BUILD=$out CK_DEFAULT_TIMEOUT=60 CK_TIMEOUT_MULTIPLIER=$patience "$out/tests/$test" >planted.log 2>&1 &&
		return 1
	[ "$name" = "$1" ] || grep -q ":[EF]:[^:]*:$name:" planted.log
}

declare -A sound # tests that pass without a fault
# As tests/run.sh without one: a busy machine is slow. With one, tests that hang
# are caught sooner.
patience=4

plant_one() # WHAT TEST FILE OLD NEW
{
	local got

	if [ -z "${sound[$2]:-}" ]; then
		# shellcheck disable=SC2086 # words
		run_test $2 </dev/null
		[ $? = 1 ] || {
			result 1 "$1" "without it fails, too: $2"
			return
		}
		sound[$2]=1
	fi
	if ! plant "$3" "$4" "$5"; then
		uproot "$3"
		result 1 "$1" "$3 does not have it exactly once: $4"
		return
	fi
	# shellcheck disable=SC2086 # words
	patience=1 run_test $2 </dev/null
	got=$?
	uproot "$3"
	case $got in
	0) result 0 "$1" ;;
	2) result 1 "$1" "it does not build: $(tail -n1 planted.log)" ;;
	*) result 1 "$1" "not caught by $2" ;;
	esac
}

# ---- the VM lab -----------------------------------------------------------------

scenarios=() whats=()

# The programs that a scenario runs; program.sh asks for demo-480p, camera.sh for
# vm-camera.
programs_of() # SCENARIO
{
	local file=tests/vm/scenarios/$1.sh

	{
		echo demo-480p
		grep -q camera.sh "$file" && echo vm-camera
		grep -ow "demo-480p\|demo-5994\|demo-trap\|demo\|vm-[a-z]*" "$file"
	} | sort -u
}

# A program with the fault and a scenario that runs it, for the boot to come.
plant_vm() # WHAT SCENARIO FILE OLD NEW
{
	local id program targets=() file=tests/vm/scenarios/$2.sh

	id=p$(printf %02d ${#scenarios[@]})
	for program in $(programs_of "$2"); do
		targets+=("$out/${program%-trap}/$program")
	done
	if ! plant "$3" "$4" "$5"; then
		result 1 "$1" "$3 does not have it exactly once: $4"
	elif ! build "${targets[@]}"; then
		result 1 "$1" "it does not build: $(tail -n1 planted.log)"
	else
		mkdir -p "$TICKLINE_VM_DIR/payload-amd64/$id"
		for program in "${targets[@]}"; do
			strip -o "$TICKLINE_VM_DIR/payload-amd64/$id/$(basename \
				"$program")" "$program"
		done
		sed "s,^\. /lab/lib.sh,PATH=/payload/$id:\$PATH\n&,
			s,/payload/\(demo\|vm-\),/payload/$id/\1,g
			s,/payload/\\\$1,/payload/$id/\$1,g" "$file" \
			>"tests/vm/scenarios/$id-$2.sh"
		scenarios+=("$id-$2")
		whats+=("$1")
	fi
	uproot "$3"
}

vm_begin()
{
	local part real=${TICKLINE_VM_DIR:-$PWD/build/vm}

	export TICKLINE_VM_DIR=$PWD/$copy/vm
	mkdir -p "$TICKLINE_VM_DIR/payload-amd64"
	for part in "$real"/*; do
		case ${part##*/} in
		payload-* | run | lock) ;;
		*) ln -s "$part" "$TICKLINE_VM_DIR/" ;;
		esac
	done
	cp "$(command -v strace)" "$TICKLINE_VM_DIR/payload-amd64/"
}

# The boot that a scenario runs in: the one that does not mind a busy host, else
# the first it names.
boot_of() # SCENARIO
{
	local boots

	boots=$(sed -n 's/^# boots: *//p' "tests/vm/scenarios/$1.sh")
	case " $boots " in
	*" exact "*) echo exact ;;
	*) echo "${boots%% *}" ;;
	esac
}

run_vm()
{
	local i boot boots=()

	for i in "${!scenarios[@]}"; do
		boots[i]=$(boot_of "${scenarios[i]}")
	done
	for boot in $(printf '%s\n' "${boots[@]}" | sort -u); do
		# shellcheck disable=SC2046 # words
		tests/vm/lab.sh test -b "$boot" $(for i in "${!boots[@]}"; do
			[ "${boots[i]}" != "$boot" ] || echo "${scenarios[i]}"
		done) >>vm.log 2>&1
	done
	for i in "${!scenarios[@]}"; do
		grep -q "^not ok .* ${scenarios[i]}: .* checks failed" vm.log
		result $? "${whats[i]}" "not caught by vm/${scenarios[i]}"
	done
}

# ---- all of them ------------------------------------------------------------------

check_rows
if [ "$mode" != rows ]; then
	copy_tree
	export GRAPHC_ROOT=${GRAPHC_ROOT:-$PWD} # the flags that all was built with
	[ "$mode" = quick ] || vm_begin
	cd "$copy" || exit 1
	while IFS='|' read -r row test file edit; do
		what="$row: $test: $file: ${edit%% => *}"
		case $test in
		vm/*)
			[ "$mode" = quick ] || plant_vm "$what" "${test#vm/}" \
				"$file" "${edit%% => *}" "${edit#* => }"
			;;
		*)
			plant_one "$what" "$test" "$file" "${edit%% => *}" \
				"${edit#* => }"
			;;
		esac
	done < <(cd ../.. && faults)
	[ ${#scenarios[@]} = 0 ] || run_vm
fi
echo "1..$count"
exit $status

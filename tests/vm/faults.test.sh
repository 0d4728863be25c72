#!/bin/sh
# docs/faults.md names the scenarios of each fault as their headers do (and maybe
# a unit test), and
# there are as many of both as were promised: 40 scenarios, 25 faults. Each of
# them looks at the ledger and at the display afterwards.
set -u
cd "$(dirname "$0")/../.." || exit 1
status=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

grep '^| [A-Z][0-9]* ' docs/faults.md |
	awk -F'|' '{ n = split($5, s, " "); id = $2; gsub(/ /, "", id)
		for (i = 1; i <= n; i++)
			if (s[i] !~ /test_/) print id, s[i] }' | sort >"$tmp/told"
for file in tests/vm/scenarios/*.sh; do
	name=$(basename "$file" .sh)
	sed -n 's/^# faults: *//p' "$file" | tr ' ' '\n' |
		sed -n "/./s/\$/ $name/p"
done | sort >"$tmp/made"

say() { # WHAT COMMAND...
	what=$1
	shift
	if "$@"; then
		echo "ok - $what"
	else
		echo "not ok - $what"
		status=1
	fi
}

scenarios=$(cut -d' ' -f2 "$tmp/made" | sort -u)
count=$(echo "$scenarios" | wc -l)
faults=$(cut -d' ' -f1 "$tmp/made" | sort -u | wc -l)
say "docs/faults.md names the scenarios" diff "$tmp/told" "$tmp/made"
say "$count fault scenarios, 40 or more" [ "$count" -ge 40 ]
say "$faults faults, 25 or more" [ "$faults" -ge 25 ]
for name in $scenarios; do
	file=tests/vm/scenarios/$name.sh
	grep -q 'check_ledger\|check_runs' "$file" || echo "$name: no ledger"
	grep -q 'check_display\|check_runs\|flips_go_on' "$file" ||
		echo "$name: no look at the display"
done >"$tmp/blind"
say "each looks at the ledger and the display" [ ! -s "$tmp/blind" ]
cat "$tmp/blind"
exit $status

#!/bin/sh
# tests/e2e/control_docs.test.sh: the examples of docs/control.md, run as they
# stand there against the studio graph. BUILD is the build folder (build/host).
set -u
cd "$(dirname "$0")/../.." || exit 1
out=${BUILD:-build/host}
command -v python3 >/dev/null || {
	echo "no python3: apt-get install python3"
	exit 77
}
work=$(mktemp -d) || exit 1
export XDG_RUNTIME_DIR="$work"
unset TICKLINE_SOCKETS
pid=
trap '[ -z "$pid" ] || kill "$pid"; rm -rf "$work"' EXIT
n=0 bad=0
result() { # STATUS NAME
	n=$((n + 1))
	[ "$1" -eq 0 ] && echo "ok $n - $2" && return
	echo "not ok $n - $2"
	bad=1
}

# Block N of the page's Python.
block() {
	awk -v want="$1" '/^```python$/ { in_it = ++n == want; next }
		/^```$/ { in_it = 0 } in_it' docs/control.md
}

"$out/studio/studio" --display headless --clock timer --report none \
	>"$work/out" 2>&1 &
pid=$!
tries=0
until "$out/tickline" stats >/dev/null 2>&1; do
	tries=$((tries + 1))
	if [ "$tries" -ge 600 ] || ! kill -0 "$pid"; then
		cat "$work/out"
		exit 1
	fi
	sleep 0.1
done
block 1 >"$work/one.py"
python3 "$work/one.py" >"$work/said" 2>&1 && grep -q "'code': 200" "$work/said"
result $? "a few lines of Python change a title"
block 2 >"$work/show.py"
lines=$(grep -c . "$work/show.py")
[ "$lines" -le 20 ]
result $? "the show is of 20 lines ($lines)"
python3 "$work/show.py" "$work/tickline/studio.sock" >"$work/said" 2>&1 &&
	grep -q "^on air from tick [0-9]" "$work/said"
result $? "it runs"
sed 's/^/# /' "$work/said"
"$out/tickline" get third.title >"$work/said" && grep -q -- "-> Cem" "$work/said"
result $? "and its last title is to come"
if command -v socat >/dev/null; then
	echo '{"verb":"info"}' |
		socat - "UNIX-CONNECT:$work/tickline/studio.sock,type=5" \
			>"$work/said" && grep -q '"graph":"studio"' "$work/said"
	result $? "socat asks"
else
	n=$((n + 1))
	echo "ok $n - socat asks # SKIP no socat"
fi
# The commands at the top, but for stopping.
sed -n '/^## /q; s/^    \(tickline [a-z].*\)/\1/p' docs/control.md |
	tr ';' '\n' | grep 'tickline \(set\|get\|params\|stats\)' |
	sed "s|^ *tickline|$out/tickline|; s/ # .*//" >"$work/commands"
while read -r command; do
	sh -c "$command" >"$work/said" 2>&1
	result $? "$command"
done <"$work/commands"
"$out/tickline" stop && wait "$pid"
result $? "it ends in order"
pid=
echo "1..$n"
exit $bad

#!/bin/sh
# tests/kernel/nodes.test.sh: docs/nodes.md is what tools/nodes.sh makes of the
# bindings.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0 bad=0
result() { # STATUS NAME
	n=$((n + 1))
	[ "$1" -eq 0 ] || bad=1
	[ "$1" -eq 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}
tools/nodes.sh --text >"$work/nodes.md" && diff docs/nodes.md "$work/nodes.md" |
	sed 's/^/# /' | tee "$work/diff"
[ -s "$work/nodes.md" ] && [ ! -s "$work/diff" ]
result $? "docs/nodes.md is of these bindings (tools/nodes.sh --text >docs/nodes.md)"
echo "1..$n"
exit $bad

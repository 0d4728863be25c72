#!/bin/sh
# tests/runtime/docs.test.sh: docs/running.md lists every option, every exit
# status and every target of make, and none that is not there. BUILD is the
# build folder (build/host).
set -u
cd "$(dirname "$0")/../.." || exit 1
out=${BUILD:-build/host}
page=docs/running.md
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0 bad=0
same() { # NAME: what the program says against what the page says
	n=$((n + 1))
	if [ -s "$work/is" ] && diff "$work/is" "$work/page" >"$work/diff"; then
		echo "ok $n - $1"
	else
		sed 's/^/# /' "$work/diff"
		echo "not ok $n - $1"
		bad=1
	fi
}

"$out/null/null" --help | sed -n 's/^  \(--[a-z-]*\).*/\1/p' | sort >"$work/is"
sed -n 's/^| `\(--[a-z-]*\).*/\1/p' $page | sort >"$work/page"
same "the options of --help"

sed -n 's/^\tEXIT_STATUS_[A-Z_]* = \([0-9]*\),.*/\1/p' \
	runtime/base/exit_status.h | sort >"$work/is"
sed -n 's/^| \([0-9][0-9]*\) |.*/\1/p' $page | sort >"$work/page"
same "the statuses of runtime/base/exit_status.h"

# Those that the page names are targets.
# shellcheck disable=SC2016 # backquotes are the page's
sed -n 's/^| `make \([a-z-]*\)` .*/\1/p' $page | sort >"$work/page"
make help | sed -n 's/^  \([a-z-]*\) .*/\1/p' | sort |
	grep -xFf "$work/page" >"$work/is"
same "targets of make help"
echo "1..$n"
exit $bad

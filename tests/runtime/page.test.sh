#!/bin/sh
# tests/runtime/page.test.sh: runtime/observe/page.h alone, as C and as C++, is all
# that a reader needs: one of a running program's page, written as docs/report.md
# says. BUILD is the build folder (build/host).
set -u
cd "$(dirname "$0")/../.." || exit 1
out=${BUILD:-build/host}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0 bad=0
result() { # STATUS NAME
	n=$((n + 1))
	[ "$1" -eq 0 ] && echo "ok $n - $2" && return
	sed 's/^/# /' "$work/log"
	echo "not ok $n - $2"
	bad=1
}

cp runtime/observe/page.h "$work/page.h"
# The example of the docs, between its fences.
# shellcheck disable=SC2016 # backquotes are the page's
sed -n '/^## The statistics page/,/^## /p' docs/report.md |
	sed -n '/^```c$/,/^```$/p' | grep -v '^```' >"$work/reader.c"
cp "$work/reader.c" "$work/reader.cc"
(cd "$work" && ${CC:-cc} -std=c99 -Wall -Wextra -Wconversion -Werror -o reader reader.c) \
	>"$work/log" 2>&1
result $? "page.h is C"
if command -v g++ >/dev/null; then
	(cd "$work" && g++ -std=c++11 -Wall -Wextra -Werror -o reader++ reader.cc) \
		>"$work/log" 2>&1
	result $? "page.h is C++"
else
	echo "ok $((n += 1)) - page.h is C++ # SKIP no g++"
fi

"$out/null/null" --ticks 30 --hold --report json 2>"$work/log" >"$work/report" &
pid=$!
page=
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	page=$(find "/proc/$pid/fd" -lname '*memfd:tickline-page*' 2>/dev/null | head -n 1)
	[ -n "$page" ] && [ "$("$work/reader" "$page" 2>/dev/null)" = "ticks 30" ] && break
	sleep 0.5
done
if [ -z "$page" ] && grep -q "lacks memfd seals" "$work/log"; then
	echo "ok $((n += 1)) - a running program's page # SKIP no memfd seals here"
else
	[ "$("$work/reader" "$page" 2>>"$work/log")" = "ticks 30" ]
	result $? "a running program's page"
fi
"$work/reader" /dev/null >"$work/log" 2>&1
[ $? -eq 1 ]
result $? "what is no page is refused"
kill "$pid"
wait "$pid"
echo "1..$n"
exit $bad

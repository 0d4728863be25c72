#!/bin/sh
# tests/lint.sh: cppcheck over the product's C and shellcheck over its scripts,
# where they are installed. The tree is kept clean of all that Debian 12's
# versions find. Another version guesses otherwise: of its findings those count
# that every version agrees on, the rest is shown. Word of how thoroughly it
# looked ("information") is neither.
set -u
status=0
agreed='memleak|resourceLeak|doubleFree|useClosedFile|mismatchAllocDealloc'
agreed="$agreed|deallocuse|arrayIndexOutOfBounds|bufferAccessOutOfBounds|zerodiv"
agreed="$agreed|syntaxError|SC1[0-9]*"

# Reads FILE:LINE: SEVERITY: ... [ID] lines; fails where one counts.
count() { # VERSION REFERENCE
	ids=$agreed
	[ "$1" = "$2" ] && ids='[A-Za-z0-9_]*'
	findings=$(cat)
	[ -n "$findings" ] && echo "$findings"
	! echo "$findings" | grep -Eq "\[($ids)\]\$"
}

if command -v cppcheck >/dev/null 2>&1; then
	cppcheck --quiet -j "$(nproc)" --std=c11 --enable=warning,performance,portability \
		--inline-suppr --suppress=missingIncludeSystem \
		--suppress=normalCheckLevelMaxBranches --include=tests/lint.h -DGRAPHC_ROOT='""' \
		--template='{file}:{line}: {severity}: {message} [{id}]' \
		--template-location='' -I. -Ibuild/generated \
		kernel graph runtime drivers tools 2>&1 |
		count "$(cppcheck --version)" "Cppcheck 2.10" || status=1
fi
if command -v shellcheck >/dev/null 2>&1; then
	# the guest's fragments are sourced by its runner: not scripts
	git ls-files '*.sh' .ci/run tools/board-check | grep -v '^tests/vm/\(scenarios\|guest\)/' |
		xargs shellcheck -f gcc |
		count "$(shellcheck --version | sed -n 's/^version: //p')" 0.9.0 ||
		status=1
fi
[ $status -eq 0 ] && echo "no findings"
exit $status

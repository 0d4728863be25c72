#!/bin/sh
# tests/lint.sh: cppcheck over the product's C and shellcheck over its scripts
# where it is installed; any finding fails.
set -u
status=0
cppcheck --quiet --std=c11 --enable=warning,performance,portability \
	--inline-suppr --suppress=missingIncludeSystem --error-exitcode=1 \
	-I. -Ibuild/generated kernel graph runtime drivers tools || status=1
if command -v shellcheck >/dev/null 2>&1; then
	# the guest's fragments are sourced by its runner: not scripts
	git ls-files '*.sh' .ci/run | grep -v '^tests/vm/\(scenarios\|guest\)/' |
		xargs shellcheck || status=1
fi
[ $status -eq 0 ] && echo "no findings"
exit $status

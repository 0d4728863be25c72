#!/bin/sh
# tests/structure.sh: the rules of the source tree that a compiler does not
# hold: arrows between folders, headers that compile alone, sizes of files.
set -u
n=0 bad=0
result() { # STATUS NAME: prints one TAP line
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		bad=1
	fi
}

# kernel <- graph <- runtime <- drivers <- runtime/main.c; graphc sees graph.h.
arrows() { # FOLDER ALLOWED_REGEX [EXCEPT]
	wrong=$(grep -rnE '^#include "' --include='*.[ch]' --include='*.cu' \
		--include='*.cuh' "$1" |
		grep -v "^${3:-no such file}:" | grep -vE "#include \"($2)")
	[ -n "$wrong" ] && echo "$wrong" | sed 's/^/# /'
	[ -z "$wrong" ]
	result $? "$1 includes only $2"
}
arrows kernel 'kernel/'
arrows graph '(kernel|graph)/'
# The rooms of runtime/, each may use those before it; drivers see no app.
seen='kernel|graph'
for room in base observe port time cycle control app; do
	seen="$seen|runtime/$room"
	arrows "runtime/$room" "($seen)/"
done
arrows runtime/program "($seen|runtime/program|drivers/record)/"
arrows drivers '(kernel|graph|runtime/(base|port|observe|time)|drivers)/'
[ "$(echo runtime/*.[ch])" = "runtime/main.c runtime/main.h" ]
result $? "outside its rooms runtime has main.c only"
arrows tools/graphc '(tools/graphc/|tools/bakefont/faces\.h|graph/graph\.h|runtime/base/text\.h)'
arrows tools/bakefont 'tools/bakefont/'
arrows tools/nodedoc 'tools/graphc/library\.h'
arrows tools/tickline '(tools/tickline/|runtime/base/|runtime/control/socket\.h|runtime/observe/page\.h|graph/graph\.h)'

# shellcheck disable=SC2086 # options
drm=$(pkg-config --cflags libdrm)
# shellcheck disable=SC2046 # flags are words
for header in $(git ls-files -co --exclude-standard '*.h' | grep -v '^tests/'); do
	# shellcheck disable=SC2086 # flags are words
	errors=$(echo "#include \"$header\"" | ${CC:-cc} -std=gnu11 -Wall -Wextra \
		-Werror -I. -Ibuild/generated $drm -fsyntax-only -xc - 2>&1)
	status=$?
	[ $status -ne 0 ] && echo "$errors" | sed 's/^/# /'
	result $status "$header compiles alone"
done

for file in $(git ls-files -co --exclude-standard \
	'kernel/*.[ch]' 'kernel/*.cu' 'graph/*.[ch]' 'graph/*.cuh' \
	'runtime/*.[ch]' 'drivers/*.[ch]' 'tools/*.[ch]'); do
	awk -v f="$file" '{ gsub(/\t/, "        ") } length($0) > 100 {
			print "# " f ":" NR ": " length($0) " columns"; bad = 1 }
		END { if (NR > 600) { print "# " f ": " NR " lines"; bad = 1 }
			exit bad }' "$file"
	result $? "$file: at most 100 columns, 600 lines"
done
# A name in a backtrace says which file it is in.
# shellcheck disable=SC2016 # awk's own
statics() { # PROGRAM PATTERN...
	program=$1
	shift
	git ls-files -co --exclude-standard "$@" | xargs awk '
	/^static [^(;={]*$/ { type = 1; next }
	/^static [^;={]*\(/ || (type && /^[a-z_0-9]+\(/) {
		sub(/\(.*/, ""); sub(/.*[ *]/, "") # "static int *name(" -> name
		if ($0 != "" && file[$0] != FILENAME) {
			if (file[$0])
				print "# " $0 ": " file[$0] " " FILENAME
			file[$0] = FILENAME
		}
	}
	{ type = 0 }' | grep . && found=1 || found=0
	result "$found" "no two files of $program have a static of one name"
}
statics "the program" 'runtime/*.c' 'drivers/*.c'
statics graphc 'tools/graphc/*.c'
# A step of the wall clock must stretch no wait: sem_clockwait instead, and
# conditions with pthread_condattr_setclock.
wall='sem_timedwait|pthread_(mutex_timedlock|rwlock_timed|timedjoin)|mq_timed'
grep -rnE "\<($wall)" --include='*.[ch]' runtime drivers tools | sed 's/^/# /' |
	grep . && found=1 || found=0
result "$found" "no wait is on the wall clock"
conditions=$(grep -rlE '\<pthread_cond_timedwait\>' --include='*.c' runtime \
	drivers tools)
# shellcheck disable=SC2086 # file names of ours
[ -z "$conditions" ] || ! grep -L 'condattr_setclock' $conditions | grep .
result $? "each condition with a time limit has its clock set"
echo "1..$n"
exit $bad

#!/bin/sh
# tests/vm/without.sh OPTION,OPTION... GCC ARGUMENT...: a compiler that is older
# than the one its kernel was configured for: without the options it does not know.
drop=,$1, cc=$2
shift 2
for argument; do
	shift
	case $drop in *",$argument,"*) continue ;; esac
	set -- "$@" "$argument"
done
exec "$cc" "$@"

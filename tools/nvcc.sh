#!/bin/sh
# tools/nvcc.sh ARCHITECTURES NVCC...: the first NVCC that knows one of a board's
# ARCHITECTURES ("sm_72 sm_87"), then those that it knows. Says nothing where none
# does. Run by make.
set -u
wanted=$1
shift
for nvcc; do
	codes=$("$nvcc" --list-gpu-code 2>/dev/null) || continue
	known=""
	for arch in $wanted; do
		for code in $codes; do
			[ "$code" != "$arch" ] || known="$known $arch"
		done
	done
	[ -z "$known" ] && continue
	echo "$nvcc$known"
	break
done

#!/bin/sh
# Puts our programs where the lab's guests find them: build/vm/payload-amd64
# (or TICKLINE_VM_DIR's). Run before lab.sh test; without it the scenarios that
# run our programs are skipped.
#
#   tests/vm/payload.sh build/host
set -eu
out=${1:-build/host}
dir=${TICKLINE_VM_DIR:-build/vm}/payload-amd64
mkdir -p "$dir"
for name in demo demo-480p demo-5994; do
	[ -x "$out/$name/$name" ] || {
		echo "payload.sh: $out/$name/$name is not built: make programs" >&2
		exit 1
	}
	cp "$out/$name/$name" "$dir/"
done
[ ! -x "$out/demo/demo-trap" ] || cp "$out/demo/demo-trap" "$dir/"
if strace=$(command -v strace); then
	cp "$strace" "$dir/"
fi

#!/bin/sh
# tools/nodes.sh [--text]: makes docs/nodes.md again from the bindings, and its
# pictures from the graphs in tools/nodedoc: each display there is called as the
# node type that it shows. --text: the page alone, to standard output.
set -eu
cd "$(dirname "$0")/.."
pictures=pictures/nodes
make -s build/tools/nodedoc >&2
if [ "${1:-}" = --text ]; then
	exec build/tools/nodedoc $pictures
fi
mkdir -p docs/$pictures
for graph in tools/nodedoc/*.yaml; do
	program=$(make -s program GRAPH="$PWD/$graph" | tail -1)
	set --
	# shellcheck disable=SC2013 # names, one word each
	for sink in $(sed -n 's/^  \([a-z-]*\): *{type: display}.*/\1/p' "$graph"); do
		set -- "$@" --snapshot "$sink:docs/$pictures/$(echo "$sink" | tr - _).png"
	done
	# 61 ticks: what slides in has come.
	"$program" --display headless --clock free --ticks 61 "$@"
done
build/tools/nodedoc $pictures >docs/nodes.md

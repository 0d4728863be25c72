#!/bin/sh
# tests/graph/record_golden.sh: generate the golden outputs again and show what
# changed. Read the difference before it is committed: the point of these files
# is that a person has.
set -eu
cd "$(dirname "$0")/../.."
for graph in tests/graph/golden/*.yaml; do
	name=$(basename "$graph" .yaml)
	case $name in
	*-plain) fuse=--no-fuse ;;
	*) fuse= ;;
	esac
	build/tools/graphc ${fuse:+"$fuse"} -n tests/graph/nodes \
		-o "tests/graph/golden/$name" "$graph"
done
git --no-pager diff --stat -- tests/graph/golden

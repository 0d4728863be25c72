#!/bin/sh
# tools/studio_picture.sh: makes docs/pictures/studio.png again: the studio graph
# with test pictures for its cameras, after two seconds. These have one picture a
# minute: the first one is on view, and every run gives the same pixels.
set -eu
cd "$(dirname "$0")/.."
program=$(make -s program GRAPH=studio | tail -1)
"$program" --display headless --ticks 120 --source wide:pattern,rate=1/60 \
	--source close:pattern,rate=1/60 --report none --snapshot docs/pictures/studio.png

#!/bin/sh
# tools/studio_picture.sh: makes docs/pictures/studio.png again: the studio graph
# with test pictures for its cameras, after two seconds.
set -eu
cd "$(dirname "$0")/.."
program=$(make -s program GRAPH=studio | tail -1)
"$program" --display headless --ticks 120 --source wide:pattern \
	--source close:pattern --report none --snapshot docs/pictures/studio.png

#!/bin/sh
# tests/runtime/soak.test.sh: a million ticks of tests/runtime/soak.c; make soak has
# a month of them. BUILD is the build folder (build/host).
cd "$(dirname "$0")/../.." || exit 1
exec "${BUILD:-build/host}/tests/runtime/soak" 1000000

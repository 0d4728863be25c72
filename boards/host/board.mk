# The machine that builds: x86-64 or arm64 Linux, headless unless it has a display.
BOARD_ARCH := $(shell uname -m)
BOARD_CC   := cc

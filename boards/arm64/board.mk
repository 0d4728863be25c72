# Any 64-bit ARM Linux, built by a cross compiler on another machine.
BOARD_ARCH := aarch64
BOARD_CC   := aarch64-linux-gnu-gcc

# QEMU's virt machine with a Cortex-A76, and any other 64-bit ARM Linux: built by
# a cross compiler on another machine.
BOARD_ARCH  := aarch64
BOARD_CC    := aarch64-linux-gnu-gcc
BOARD_FLAGS := -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
BOARD_SUITE := bookworm
BOARD_GLIBC := 2.36

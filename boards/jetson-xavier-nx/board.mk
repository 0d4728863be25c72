# NVIDIA Jetson Xavier NX, JetPack 5.
BOARD_ARCH  := aarch64
BOARD_CC    := aarch64-linux-gnu-gcc
BOARD_FLAGS := -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -march=armv8.2-a
# Debian's libraries that programs are linked with, and the board's own C library.
BOARD_SUITE := bullseye
BOARD_GLIBC := 2.31
# Its GPU, and the toolkits whose nvcc knows it.
BOARD_CUDA_ARCHS := sm_72
BOARD_CUDA       := 11.4 to 12.x
# What auto tries first: kms does not work there (README.md).
BOARD_DISPLAYS := eglstream
# For the kernel's command line; --probe says what of it is not there. CPU 1 is
# the tick thread's (board.yaml), so nothing else is put there.
BOARD_CMDLINE := isolcpus=managed_irq,domain,1

# The machine that builds: x86-64 or arm64 Linux, headless unless it has a display.
BOARD_ARCH := $(shell uname -m)
BOARD_CC   := cc
# GPUs that get code, as far as nvcc knows them. sm_80's runs on 86 and 89 too, sm_100's on 103, sm_120's on 121;
# a Tegra's (87, 110) only on itself.
BOARD_CUDA_ARCHS := sm_75 sm_80 sm_87 sm_90 sm_100 sm_110 sm_120

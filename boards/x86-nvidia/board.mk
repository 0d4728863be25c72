# An x86-64 machine with an NVIDIA card that drives the screen.
BOARD_ARCH := x86_64
BOARD_CC   := cc
BOARD_FLAGS := -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
# sm_80's code runs on 86 and 89 too, sm_100's on 103, sm_120's on 121.
BOARD_CUDA_ARCHS := sm_75 sm_80 sm_90 sm_100 sm_120
BOARD_CUDA       := 11.8 and newer
# Displays that --display kms takes first, before the processor's own.
BOARD_KMS_DRIVERS := nvidia-drm

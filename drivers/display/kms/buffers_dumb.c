/*
 * drivers/display/kms/buffers_dumb.c: buffers=dumb: a dumb buffer that the CPU
 * draws in.
 *
 * What CUDA has drawn comes there by a copy: on the device, into pinned memory
 * (one asynchronous copy, part of the launch), and from there row by row by the
 * tick thread.
 *
 * Where it works: with every driver that has dumb buffers, which kms demands.
 *
 * Run: in the VM lab on vkms, virtio-gpu and bochs, drawn by the CPU; with the
 * fake libcuda on vkms there (kms-buffers). Not run: with a GPU, on any board.
 */
#include "drivers/display/kms/provider.h"

const struct kms_provider kms_provider_dumb = {.name = "dumb"};

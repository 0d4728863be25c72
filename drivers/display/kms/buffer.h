/*
 * drivers/display/kms/buffer.h: one dumb buffer: memory that the CPU writes
 * and a plane scans out, with its framebuffer.
 *
 * Created, mapped, blackened (so every page is there) at start. The GEM handle
 * is given back at once: the framebuffer and the mapping keep the memory. On
 * real boards this memory is uncached or write-combined; nothing reads it.
 */
#ifndef DRIVERS_DISPLAY_KMS_BUFFER_H
#define DRIVERS_DISPLAY_KMS_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#include "graph/graph.h"

struct kms_buffer {
	uint32_t fb; /* 0: none */
	unsigned char *base;
	size_t bytes, pitch;
	uint32_t width, height;
};

/* Main or helper thread. 0 or -errno, then nothing is left behind. */
int kms_buffer_create(struct kms_buffer *buffer, int fd, uint32_t width,
		      uint32_t height, enum graph_format format)
	__attribute__((warn_unused_result));

/* Takes the framebuffer off the screen where it is still shown. Accepts a
 * zeroed one; blocks as long as the display does. */
void kms_buffer_destroy(struct kms_buffer *buffer, int fd);

/* Gives the mapping back and leaves the framebuffer, which then ends with the
 * last file of the device. */
void kms_buffer_leave(struct kms_buffer *buffer);

#endif

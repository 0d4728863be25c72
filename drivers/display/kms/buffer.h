/*
 * drivers/display/kms/buffer.h: one buffer: memory that the CPU or a device
 * writes and a plane scans out, with its framebuffer.
 *
 * Created, mapped, blackened (so every page is there) at start; whose it is, and
 * how a device comes to it, a provider says (provider.h). The GEM handle
 * is given back at once: the framebuffer and the mapping keep the memory. On
 * real boards this memory is uncached or write-combined; nothing reads it while
 * ticks run.
 */
#ifndef DRIVERS_DISPLAY_KMS_BUFFER_H
#define DRIVERS_DISPLAY_KMS_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#include "drivers/display/kms/provider.h"
#include "graph/graph.h"

struct kms_buffer {
	uint32_t fb;	     /* 0: none */
	unsigned char *base; /* the CPU's mapping */
	size_t bytes, pitch;
	uint32_t width, height;
	struct display_mapping device; /* zeroed: the CPU draws */
	void *own; /* the provider's; NULL: it is a dumb buffer */
};

/* Main or helper thread. 0 or -errno, then nothing is left behind; where it was
 * the provider, maker->line says why. maker NULL: the CPU draws. */
int kms_buffer_create(struct kms_buffer *buffer, struct kms_maker *maker,
		      int fd, uint32_t width, uint32_t height,
		      enum graph_format format)
	__attribute__((warn_unused_result));

/*
 * Takes the framebuffer off the screen where it is still shown. Accepts a
 * zeroed one; blocks as long as the display does, and a second at most for
 * what a device still draws there. If that does not end the memory stays where
 * it is, mapped. maker: as it was created with.
 */
void kms_buffer_destroy(struct kms_buffer *buffer, struct kms_maker *maker,
			int fd);

/* Gives the mappings back and leaves the framebuffer, which then ends with the
 * last file of the device. */
void kms_buffer_leave(struct kms_buffer *buffer, struct kms_maker *maker);

/* Where its first pixel is drawn: an address of who draws. */
static inline unsigned char *kms_buffer_pixels(const struct kms_buffer *buffer)
{
	return buffer->device.address
		       ? (unsigned char *)(uintptr_t)buffer->device.address
		       : buffer->base;
}

#endif

/*
 * drivers/display/kms/buffers_import.c: buffers=dumb-import: a dumb buffer,
 * exported as a dma-buf and imported by CUDA.
 *
 * DRM_IOCTL_PRIME_HANDLE_TO_FD, cuImportExternalMemory(DMABUF_FD),
 * cuExternalMemoryGetMappedBuffer. The dma-buf keeps the memory there for as
 * long as CUDA has it, whatever becomes of the display.
 *
 * Where it should work: cuda.h of CUDA 13.0 says "only on Tegra Jetson platform
 * starting with Thor series". A GPU with memory of its own is refused without
 * asking, another Tegra by what the call answers.
 *
 * Run: against the fake libcuda (tests/drivers/test_kms_provider; in the VM
 * kms-buffers, over real dma-bufs). Not run: on a Thor.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <xf86drm.h>

#include "drivers/display/kms/buffer.h"
#include "drivers/display/kms/node.h"

static bool attach_import(struct kms_buffer *buffer, struct kms_maker *maker,
			  int fd, uint32_t handle)
{
	const struct display_memory *memory = maker->memory;
	struct drm_prime_handle prime = {.handle = handle,
					 .flags = DRM_CLOEXEC | DRM_RDWR,
					 .fd = -1};
	int error = kms_node_ioctl(fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime);

	if (error) {
		snprintf(maker->line, sizeof(maker->line),
			 "the display's driver exports no dma-buf "
			 "(PRIME_HANDLE_TO_FD: %s)",
			 strerror(-error));
		return false;
	}
	return memory->map->dma_buf(memory->context, prime.fd, buffer->bytes,
				    &buffer->device, maker->line);
}

const struct kms_provider kms_provider_import = {
	.name = "dumb-import",
	.is_device = true,
	.attach = attach_import,
};

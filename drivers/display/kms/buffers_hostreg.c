/*
 * drivers/display/kms/buffers_hostreg.c: buffers=dumb-hostreg: the CPU's mapping
 * of a dumb buffer, registered with CUDA, which so has an address for it.
 *
 * cuMemHostRegister(DEVICEMAP | IOMEMORY), where that is refused without
 * IOMEMORY, then cuMemHostGetDevicePointer. The kernel that draws the frame
 * stores it in the memory that the screen reads, over whatever bus lies between
 * them.
 *
 * Where it should work: where GPU and display share memory, and where the pages
 * of a dumb buffer can be pinned. A user reports it for GB10 with driver 580.
 * IOMEMORY is for pages that the kernel maps by number, as nvidia-drm does; the
 * driver API's reference calls it "memory-mapped I/O" of other devices and lets
 * it be refused to programs without rights and on old kernels. Drivers whose
 * buffers are ordinary pages (vkms, virtio-gpu, i915) are for the second try.
 * Whether the GPU's stores arrive where the screen reads is found out by trying
 * (trial.h), since no call tells.
 *
 * Run: against the fake libcuda (tests/drivers/test_kms_provider; in the VM
 * kms-buffers, over real dumb buffers). Not run: on any GPU with a screen,
 * Orin, Thor or other.
 */
#include "drivers/display/kms/buffer.h"

static bool attach_host(struct kms_buffer *buffer, struct kms_maker *maker,
			int fd, uint32_t handle)
{
	const struct display_memory *memory = maker->memory;

	(void)fd;
	(void)handle;
	return memory->map->host(memory->context, buffer->base, buffer->bytes,
				 &buffer->device, maker->line);
}

const struct kms_provider kms_provider_hostreg = {
	.name = "dumb-hostreg",
	.is_device = true,
	.attach = attach_host,
};

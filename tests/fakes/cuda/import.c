/*
 * tests/fakes/cuda/import.c: memory of others: a dma-buf, or whatever file can be
 * mapped, as cuda.h of 13.0 has it: on Tegras from Thor on. An import takes the
 * file over, or leaves it (config.c). Mappings end before their import does.
 * And EGLImages of the fakes (tests/fakes/egl_image.h).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fakes/cuda/entries.h"
#include "tests/fakes/cuda/fake.h"
#include "tests/fakes/egl_image.h"

#define THOR 110

static bool is_zero(const unsigned int words[16])
{
	int i;

	for (i = 0; i < 16; i++)
		if (words[i])
			return false;
	return true;
}

static int check_import(const struct cuda_import_from *from)
{
	if (from->type != CUDA_IMPORT_DMA_BUF || from->flags || !from->bytes ||
	    !is_zero(from->reserved) || fcntl(from->from.fd, F_GETFD) < 0)
		return fake_misuse("cuImportExternalMemory",
				   FAKE_INVALID_VALUE);
	if (!fake_config.integrated || fake_config.capability < THOR)
		return FAKE_NOT_SUPPORTED;
	return FAKE_OK;
}

int fake_import_memory(struct cuda_import **import,
		       const struct cuda_import_from *from)
{
	int code = fake_enter(CUDA_CALL_import_memory, true);

	if (!code)
		code = check_import(from);
	if (!code) {
		*import = fake_new(FAKE_IMPORT, sizeof(**import));
		(*import)->fd = from->from.fd;
		(*import)->bytes = from->bytes;
	}
	return fake_leave(code);
}

static int check_part(const struct cuda_import *import,
		      const struct cuda_import_part *part)
{
	if (!fake_is(import, FAKE_IMPORT) || part->offset || part->flags ||
	    part->bytes != import->bytes || !is_zero(part->reserved))
		return fake_misuse("cuExternalMemoryGetMappedBuffer",
				   FAKE_INVALID_VALUE);
	return FAKE_OK;
}

int fake_import_map(uint64_t *address, struct cuda_import *import,
		    const struct cuda_import_part *part)
{
	int code = fake_enter(CUDA_CALL_import_map, true);
	struct memory *memory;
	void *base = MAP_FAILED;

	if (!code)
		code = check_part(import, part);
	if (!code)
		base = mmap(NULL, part->bytes, PROT_READ | PROT_WRITE,
			    MAP_SHARED, import->fd, 0);
	if (!code && base == MAP_FAILED)
		code = FAKE_UNKNOWN;
	if (!code) {
		memory = fake_new(FAKE_IMPORTED_MEMORY, sizeof(*memory));
		memory->base = base;
		memory->bytes = part->bytes;
		memory->import = import;
		import->maps++;
		*address = (uint64_t)(uintptr_t)base;
	}
	return fake_leave(code);
}

bool fake_import_unmap(void *base)
{
	struct memory *memory = NULL;

	while ((memory = fake_each(FAKE_IMPORTED_MEMORY, memory)))
		if (memory->base == base && memory->import)
			break;
	if (!memory)
		return false;
	memory->import->maps--;
	munmap(memory->base, memory->bytes);
	fake_delete(memory);
	return true;
}

int fake_import_end(struct cuda_import *import)
{
	int code = fake_enter(CUDA_CALL_import_end, true);

	if (!code && (!fake_is(import, FAKE_IMPORT) || import->maps))
		code = fake_misuse("cuDestroyExternalMemory",
				   FAKE_INVALID_HANDLE);
	if (!code) {
		if (!fake_config.leaves_files)
			close(import->fd);
		fake_delete(import);
	}
	return fake_leave(code);
}

/* ---- EGLImages --------------------------------------------------------------- */

struct image_resource {
	struct object object;
	struct fake_egl_image *image;
	struct memory *memory; /* what copies may touch; NULL: an array */
};

static int check_image(const struct fake_egl_image *image, unsigned int flags)
{
	if (!image || image->magic != FAKE_EGL_IMAGE_MAGIC || flags)
		return fake_misuse("cuGraphicsEGLRegisterImage",
				   FAKE_INVALID_VALUE);
	return image->array || fake_config.integrated ? FAKE_OK
						      : FAKE_NOT_SUPPORTED;
}

int fake_image_register(struct cuda_picture **picture, void *egl_image,
			unsigned int flags)
{
	int code = fake_enter(CUDA_CALL_image_register, true);
	struct fake_egl_image *image = egl_image;
	struct image_resource *made;

	if (!code)
		code = check_image(image, flags);
	if (!code) {
		made = fake_new(FAKE_RESOURCE, sizeof(*made));
		made->image = image;
		if (!image->array) {
			made->memory = fake_new(FAKE_IMPORTED_MEMORY,
						sizeof(*made->memory));
			made->memory->base = image->base;
			made->memory->bytes =
				(size_t)image->pitch * image->height;
		}
		image->registered++;
		*picture = (struct cuda_picture *)(void *)made;
	}
	return fake_leave(code);
}

bool fake_image_frame(struct cuda_frame *frame, const void *which)
{
	const struct image_resource *resource = which;
	const struct fake_egl_image *image;
	const char *other = fake_config.images;

	if (!fake_is(which, FAKE_RESOURCE))
		return false;
	image = resource->image;
	if (image->array) {
		*frame = (struct cuda_frame){
			.plane = {image->array},
			.width = image->width,
			.height = image->height,
			.plane_count = 1,
			.channels = 4,
			.type = other && !strcmp(other, "pitch")
					? CUDA_FRAME_PITCH
					: CUDA_FRAME_ARRAY,
			.element = CUDA_FRAME_BYTES,
		};
		return true;
	}
	*frame = (struct cuda_frame){
		.plane = {image->base},
		.width = image->width,
		.height = image->height,
		.pitch = image->pitch + (other && !strcmp(other, "pitch") ? 256
									 : 0),
		.plane_count = 1,
		.channels = 4,
		.type = other && !strcmp(other, "array") ? 0 : CUDA_FRAME_PITCH,
		.format = CUDA_FRAME_ARGB,
		.element = CUDA_FRAME_BYTES,
	};
	return true;
}

int fake_image_end(struct cuda_picture *picture)
{
	int code = fake_enter(CUDA_CALL_image_end, true);
	struct image_resource *resource = (struct image_resource *)(void *)picture;

	if (!code && (!fake_is(resource, FAKE_RESOURCE) ||
		      resource->image->magic != FAKE_EGL_IMAGE_MAGIC))
		code = fake_misuse("cuGraphicsUnregisterResource",
				   FAKE_INVALID_HANDLE);
	if (!code) {
		resource->image->registered--;
		if (resource->memory)
			fake_delete(resource->memory);
		fake_delete(resource);
	}
	return fake_leave(code);
}

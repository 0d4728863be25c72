/*
 * tests/fakes/cuda/import.c: memory of others: a dma-buf, or whatever file can be
 * mapped, as cuda.h of 13.0 has it: on Tegras from Thor on. An import takes the
 * file over, or leaves it (config.c). Mappings end before their import does.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fakes/cuda/entries.h"
#include "tests/fakes/cuda/fake.h"

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
		if (memory->base == base)
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

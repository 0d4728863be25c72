/*
 * tests/fakes/cuda/memory.c: device memory, which the host cannot touch: it is
 * mapped without any right, but while a copy or a kernel of ours works on it;
 * pinned and registered host memory.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>

#include "tests/fakes/cuda/entries.h"
#include "tests/fakes/cuda/fake.h"

#define PAGE ((size_t)4096)

static uint32_t open_count;

static size_t round_up(size_t bytes)
{
	return (bytes + PAGE - 1) / PAGE * PAGE;
}

static void protect(int rights)
{
	struct memory *memory = NULL;

	while ((memory = fake_each(FAKE_DEVICE_MEMORY, memory)))
		mprotect(memory->base, round_up(memory->bytes), rights);
}

void fake_open_memory(void)
{
	if (!open_count++)
		protect(PROT_READ | PROT_WRITE);
}

void fake_shut_memory(void)
{
	if (!--open_count)
		protect(PROT_NONE);
}

static bool inside(enum fake_kind kind, const void *from, size_t bytes)
{
	const unsigned char *start = from;
	const struct memory *memory = NULL;

	while ((memory = fake_each(kind, memory)))
		if (start >= memory->base &&
		    start + bytes <= memory->base + memory->bytes)
			return true;
	return false;
}

bool fake_in_memory(const void *from, size_t bytes, bool device)
{
	if (device && (inside(FAKE_DEVICE_MEMORY, from, bytes) ||
		       inside(FAKE_IMPORTED_MEMORY, from, bytes)))
		return true;
	return inside(FAKE_PINNED_MEMORY, from, bytes) ||
	       inside(FAKE_REGISTERED_MEMORY, from, bytes);
}

/* With a page that nobody may touch on both sides. */
static struct memory *map(enum fake_kind kind, size_t bytes, int rights)
{
	size_t size = round_up(bytes);
	unsigned char *base;
	struct memory *memory;

	base = mmap(NULL, size + 2 * PAGE, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (base == MAP_FAILED)
		return NULL;
	mprotect(base + PAGE, size, rights);
	memory = fake_new(kind, sizeof(*memory));
	memory->base = base + PAGE;
	memory->bytes = bytes;
	return memory;
}

static struct memory *find(enum fake_kind kind, const void *base)
{
	struct memory *memory = NULL;

	while ((memory = fake_each(kind, memory)))
		if (memory->base == base)
			return memory;
	return NULL;
}

static int unmap(enum fake_kind kind, const void *base, const char *call)
{
	struct memory *memory = find(kind, base);

	if (!memory)
		return fake_misuse(call, FAKE_INVALID_VALUE);
	if (kind == FAKE_DEVICE_MEMORY)
		fake_report->device_bytes -= memory->bytes;
	if (kind != FAKE_REGISTERED_MEMORY)
		munmap(memory->base - PAGE,
		       round_up(memory->bytes) + 2 * PAGE);
	fake_delete(memory);
	return FAKE_OK;
}

int fake_memory_info(size_t *free, size_t *total)
{
	int code = fake_enter(CUDA_CALL_memory_info, true);

	*free = fake_config.memory - fake_report->device_bytes;
	*total = fake_config.memory;
	return fake_leave(code);
}

int fake_memory_alloc(uint64_t *address, size_t bytes)
{
	int code = fake_enter(CUDA_CALL_memory_alloc, true);
	struct memory *memory = NULL;

	if (!code && !bytes)
		code = fake_misuse("cuMemAlloc of 0", FAKE_INVALID_VALUE);
	if (!code && fake_capture_forbids())
		code = FAKE_CAPTURE_UNSUPPORTED;
	if (!code && bytes > fake_config.memory - fake_report->device_bytes)
		code = FAKE_OUT_OF_MEMORY;
	if (!code)
		memory = map(FAKE_DEVICE_MEMORY, bytes,
			     open_count ? PROT_READ | PROT_WRITE : PROT_NONE);
	if (!code && !memory)
		code = FAKE_OUT_OF_MEMORY;
	if (!code) {
		fake_report->device_bytes += bytes;
		*address = (uint64_t)(uintptr_t)memory->base;
		/* new memory holds whatever was there */
		fake_open_memory();
		memset(memory->base, 0xa7, bytes);
		fake_shut_memory();
	}
	return fake_leave(code);
}

/* cuMemFree returns when all work of the context is done. */
static void wait_for_all(void)
{
	struct cuda_stream *stream = NULL;

	fake_wait_stream(fake_default_stream());
	while ((stream = fake_each(FAKE_STREAM, stream)))
		fake_wait_stream(stream);
}

int fake_memory_free(uint64_t address)
{
	int code = fake_enter(CUDA_CALL_memory_free, true);

	if (!code)
		wait_for_all();
	if (!code && !fake_import_unmap((void *)(uintptr_t)address))
		code = unmap(FAKE_DEVICE_MEMORY, (void *)(uintptr_t)address,
			     "cuMemFree");
	return fake_leave(code);
}

/* Device memory is set later, and streams that do not block do not wait. */
int fake_memory_set(uint64_t address, unsigned char value, size_t bytes)
{
	int code = fake_enter(CUDA_CALL_memory_set, true);
	static struct item item = {.type = ITEM_NODE};
	void *to = (void *)(uintptr_t)address;

	item.node.type = NODE_FILL;
	item.node.value = value;
	item.node.copy.to_device = address;
	item.node.copy.width_bytes = bytes;
	if (!code && !fake_in_memory(to, bytes, true))
		code = fake_misuse("cuMemsetD8", FAKE_INVALID_VALUE);
	if (!code)
		code = fake_queue(fake_default_stream(), &item);
	return fake_leave(code);
}

int fake_host_alloc(void **memory, size_t bytes, unsigned int flags)
{
	int code = fake_enter(CUDA_CALL_host_alloc, true);
	struct memory *made = NULL;

	(void)flags;
	if (!code && !bytes)
		code = fake_misuse("cuMemHostAlloc of 0", FAKE_INVALID_VALUE);
	if (!code && fake_capture_forbids())
		code = FAKE_CAPTURE_UNSUPPORTED;
	if (!code)
		made = map(FAKE_PINNED_MEMORY, bytes, PROT_READ | PROT_WRITE);
	if (!code && !made)
		code = FAKE_OUT_OF_MEMORY;
	if (!code) {
		memset(made->base, 0x7a, bytes);
		*memory = made->base;
	}
	return fake_leave(code);
}

int fake_host_free(void *memory)
{
	int code = fake_enter(CUDA_CALL_host_free, true);

	if (!code)
		code = unmap(FAKE_PINNED_MEMORY, memory, "cuMemFreeHost");
	return fake_leave(code);
}

/* Memory that was registered for copies only has no address there. */
static bool is_mapped(const void *at)
{
	const unsigned char *byte = at;
	const struct memory *memory = NULL;

	while ((memory = fake_each(FAKE_REGISTERED_MEMORY, memory)))
		if (byte >= memory->base &&
		    byte < memory->base + memory->bytes)
			return memory->flags & CUDA_REGISTER_MAPPED;
	return fake_in_memory(at, 1, false);
}

int fake_host_address(uint64_t *address, void *memory, unsigned int flags)
{
	int code = fake_enter(CUDA_CALL_host_address, true);

	if (!code && (flags || !is_mapped(memory)))
		code = fake_misuse("cuMemHostGetDevicePointer",
				   FAKE_INVALID_VALUE);
	*address = (uint64_t)(uintptr_t)memory;
	return fake_leave(code);
}

/* Pages that the kernel maps by number are I/O memory, others are not. */
static int register_as(unsigned int flags)
{
	const char *kind = fake_config.registers;
	bool io = flags & CUDA_REGISTER_IO;

	if (flags != CUDA_HOST_PORTABLE && flags != CUDA_REGISTER_MAPPED &&
	    flags != (CUDA_REGISTER_MAPPED | CUDA_REGISTER_IO))
		return fake_misuse("cuMemHostRegister's flags",
				   FAKE_INVALID_VALUE);
	if (!kind || !(flags & CUDA_REGISTER_MAPPED))
		return FAKE_OK;
	if (io)
		return strcmp(kind, "io") ? FAKE_NOT_SUPPORTED : FAKE_OK;
	return strcmp(kind, "plain") ? FAKE_INVALID_VALUE : FAKE_OK;
}

int fake_host_register(void *memory, size_t bytes, unsigned int flags)
{
	int code = fake_enter(CUDA_CALL_host_register, true);
	struct memory *made;

	if (!code && (!memory || !bytes))
		code = fake_misuse("cuMemHostRegister", FAKE_INVALID_VALUE);
	if (!code && fake_in_memory(memory, 1, false))
		code = 712; /* HOST_MEMORY_ALREADY_REGISTERED */
	if (!code)
		code = register_as(flags);
	if (!code) {
		made = fake_new(FAKE_REGISTERED_MEMORY, sizeof(*made));
		made->base = memory;
		made->bytes = bytes;
		made->flags = flags;
	}
	return fake_leave(code);
}

int fake_host_unregister(void *memory)
{
	int code = fake_enter(CUDA_CALL_host_unregister, true);

	if (!code)
		code = unmap(FAKE_REGISTERED_MEMORY, memory,
			     "cuMemHostUnregister");
	return fake_leave(code);
}

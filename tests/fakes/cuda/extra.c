/*
 * tests/fakes/cuda/extra.c: entries that are not counted and do not fail: the
 * names of errors, and what only tests/gpu calls.
 */
#include <string.h>

#include "tests/fakes/cuda/entries.h"
#include "tests/fakes/cuda/fake.h"

int fake_set_words(uint64_t to, unsigned int value, size_t words,
		   struct cuda_stream *stream)
{
	static struct cuda_node node = {.type = NODE_SET};
	int code;

	pthread_mutex_lock(&fake_lock);
	node.value = value;
	node.copy.to_device = to;
	node.copy.width_bytes = words * 4;
	if (to % 4 || !fake_in_memory((void *)(uintptr_t)to, words * 4, true))
		code = fake_misuse("cuMemsetD32Async", FAKE_INVALID_VALUE);
	else
		code = fake_submit(stream, &node);
	return fake_leave(code);
}

int fake_copy_device(uint64_t to, uint64_t from, size_t bytes,
		     struct cuda_stream *stream)
{
	static struct cuda_node node = {.type = NODE_COPY};
	int code;

	pthread_mutex_lock(&fake_lock);
	node.copy = (struct cuda_copy_2d){.from_type = CUDA_MEMORY_DEVICE,
					  .from_device = from,
					  .to_type = CUDA_MEMORY_DEVICE,
					  .to_device = to,
					  .width_bytes = bytes,
					  .height = 1};
	if (!fake_in_memory((void *)(uintptr_t)to, bytes, true) ||
	    !fake_in_memory((void *)(uintptr_t)from, bytes, true))
		code = fake_misuse("cuMemcpyDtoDAsync", FAKE_INVALID_VALUE);
	else
		code = fake_submit(stream, &node);
	return fake_leave(code);
}

/* Those that tests ask for. */
static const struct {
	int code;
	const char *name;
} names[] = {
	{1, "CUDA_ERROR_INVALID_VALUE"},
	{2, "CUDA_ERROR_OUT_OF_MEMORY"},
	{34, "CUDA_ERROR_STUB_LIBRARY"},
	{46, "CUDA_ERROR_DEVICE_UNAVAILABLE"},
	{100, "CUDA_ERROR_NO_DEVICE"},
	{222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"},
	{700, "CUDA_ERROR_ILLEGAL_ADDRESS"},
	{719, "CUDA_ERROR_LAUNCH_FAILED"},
	{801, "CUDA_ERROR_NOT_SUPPORTED"},
	{802, "CUDA_ERROR_SYSTEM_NOT_READY"},
	{803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"},
	{999, "CUDA_ERROR_UNKNOWN"},
};

int fake_error_name(int code, const char **name)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].code == code) {
			*name = names[i].name;
			return FAKE_OK;
		}
	*name = NULL;
	return FAKE_INVALID_VALUE;
}

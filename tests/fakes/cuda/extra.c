/*
 * tests/fakes/cuda/extra.c: entries that only tests/gpu calls. They are not
 * counted and do not fail.
 */
#include <string.h>

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

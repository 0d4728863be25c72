/*
 * drivers/cuda/library.h: libcuda.so.1, if it is there: its entries, and how
 * often the tick thread called each.
 *
 * Nothing links against libcuda: the program runs without it. All calls go
 * through cuda_call, which counts those, and lets watch.h know.
 */
#ifndef DRIVERS_CUDA_LIBRARY_H
#define DRIVERS_CUDA_LIBRARY_H

#include "drivers/cuda/abi.h"
#include "drivers/cuda/watch.h"
#include "runtime/base/seal.h"

struct cuda_library {
	void *handle; /* dlopen's */
	struct cuda_entries entries;
	/* made by a sealed thread: the tick thread, while it runs */
	uint64_t sealed_calls[CUDA_CALL_COUNT];
};

/* A CUresult. */
#define cuda_call(library, name, ...)                                          \
	((library)->sealed_calls[CUDA_CALL_##name] += seal_is_on,              \
	 cuda_watch_enter(CUDA_CALL_##name),                                   \
	 cuda_watch_leave((library)->entries.name(__VA_ARGS__)))

/*
 * Loads the library and takes every entry; those for memory of others and for
 * EGLStreams are NULL where it has none. 0, or -errno with the reason in
 * `line`: ENOENT there is no libcuda, ENOEXEC there is one that cannot be
 * loaded, ENOTSUP it is older than CUDA_ABI_VERSION or none at all. Nothing is
 * left loaded then.
 */
int cuda_library_open(struct cuda_library *library, char *line,
		      size_t line_bytes) __attribute__((warn_unused_result));

/* Accepts a zeroed library. */
void cuda_library_close(struct cuda_library *library);

/* "cuGraphLaunch" */
const char *cuda_call_symbol(enum cuda_call call);

#endif

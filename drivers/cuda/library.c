/*
 * drivers/cuda/library.c: see drivers/cuda/library.h.
 */
#include "drivers/cuda/library.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIBRARY "libcuda.so.1"

#define ENTRY_SYMBOL(name, symbol, arguments) [CUDA_CALL_##name] = symbol,
static const char *const symbols[] = {CUDA_ENTRIES(ENTRY_SYMBOL)};

_Static_assert(sizeof(struct cuda_entries) == CUDA_CALL_COUNT * sizeof(void *),
	       "the entries are an array of function pointers");

static int find_entries(struct cuda_library *library, cuda_find find,
			char *line, size_t line_bytes)
{
	unsigned char *entries = (unsigned char *)&library->entries;
	size_t i;

	for (i = 0; i < CUDA_CALL_COUNT; i++) {
		void *entry = NULL;

		if (find(symbols[i], &entry, CUDA_ABI_VERSION, 0) || !entry) {
			snprintf(line, line_bytes,
				 LIBRARY " has no %s: it is older than CUDA "
					 "11.4; install a newer driver",
				 symbols[i]);
			return -ENOTSUP;
		}
		memcpy(entries + i * sizeof(entry), &entry, sizeof(entry));
	}
	return 0;
}

int cuda_library_open(struct cuda_library *library, char *line,
		      size_t line_bytes)
{
	cuda_find find;
	int error = -ENOTSUP;

	memset(library, 0, sizeof(*library));
	/* code is loaded at start, not in the first tick that runs it */
	setenv("CUDA_MODULE_LOADING", "EAGER", 0);
	library->handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!library->handle) {
		snprintf(line, line_bytes,
			 "no " LIBRARY ": install the NVIDIA driver (on a "
			 "Jetson: the L4T packages)");
		return -ENOENT;
	}
	*(void **)&find = dlsym(library->handle, "cuGetProcAddress");
	if (find)
		error = find_entries(library, find, line, line_bytes);
	else
		snprintf(line, line_bytes,
			 LIBRARY " has no cuGetProcAddress: it is older than "
				 "CUDA 11.3; install a newer driver");
	if (error)
		cuda_library_close(library);
	return error;
}

void cuda_library_close(struct cuda_library *library)
{
	if (library->handle)
		dlclose(library->handle);
	library->handle = NULL;
}

const char *cuda_call_symbol(enum cuda_call call)
{
	return symbols[call];
}

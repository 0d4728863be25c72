/*
 * drivers/cuda/library.c: see drivers/cuda/library.h.
 */
#include "drivers/cuda/library.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/cuda/error.h"

#define LIBRARY "libcuda.so.1"

#define ENTRY_SYMBOL(name, symbol, arguments) [CUDA_CALL_##name] = symbol,
static const char *const symbols[] = {CUDA_ENTRIES(ENTRY_SYMBOL)};

_Static_assert(sizeof(struct cuda_entries) == CUDA_CALL_COUNT * sizeof(void *),
	       "the entries are an array of function pointers");

/* The loader's own words, but where the file is not there at all. */
static int library_refuse_load(const char *why, char *line, size_t line_bytes)
{
	if (!strncmp(why, LIBRARY ":", sizeof(LIBRARY)) &&
	    strstr(why, "No such file")) {
		snprintf(line, line_bytes,
			 "no " LIBRARY ": install the NVIDIA driver (on a "
			 "Jetson: the L4T packages)");
		return -ENOENT;
	}
	snprintf(line, line_bytes,
		 LIBRARY " cannot be loaded: %s: install the NVIDIA driver "
			 "again, all of one version",
		 why);
	return -ENOEXEC;
}

static int library_find(struct cuda_library *library, cuda_find find,
			char *line, size_t line_bytes)
{
	unsigned char *entries = (unsigned char *)&library->entries;
	size_t i;
	int code;

	for (i = 0; i < CUDA_CALL_COUNT; i++) {
		void *entry = NULL;

		cuda_watch_enter(CUDA_WATCH_LOADING);
		code = cuda_watch_leave(
			find(symbols[i], &entry, CUDA_ABI_VERSION, 0));
		if (code && code != CUDA_NOT_FOUND) {
			cuda_error_line(library, LIBRARY ": cuGetProcAddress",
					code, line, line_bytes);
			return -ENOTSUP;
		}
		if (!entry && i < CUDA_CALL_FIRST_OPTIONAL) {
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

static int library_load(struct cuda_library *library, char *line,
			size_t line_bytes)
{
	cuda_find find;

	cuda_watch_enter(CUDA_WATCH_LOADING);
	library->handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	cuda_watch_leave(0);
	if (!library->handle)
		return library_refuse_load(dlerror(), line, line_bytes);
	*(void **)&find = dlsym(library->handle, "cuGetProcAddress");
	if (find)
		return library_find(library, find, line, line_bytes);
	if (dlsym(library->handle, "cuInit"))
		snprintf(line, line_bytes,
			 LIBRARY " has no cuGetProcAddress: it is older than "
				 "CUDA 11.3; install a newer driver");
	else
		snprintf(line, line_bytes,
			 LIBRARY " is not CUDA's, it has no cuInit: install "
				 "the NVIDIA driver");
	return -ENOTSUP;
}

int cuda_library_open(struct cuda_library *library, char *line,
		      size_t line_bytes)
{
	int error;

	memset(library, 0, sizeof(*library));
	/* code is loaded at start, not in the first tick that runs it */
	setenv("CUDA_MODULE_LOADING", "EAGER", 0);
	error = library_load(library, line, line_bytes);
	if (error)
		cuda_library_close(library);
	return error;
}

void cuda_library_close(struct cuda_library *library)
{
	if (library->handle) {
		cuda_watch_enter(CUDA_WATCH_LOADING);
		cuda_watch_leave(dlclose(library->handle));
	}
	library->handle = NULL;
}

const char *cuda_call_symbol(enum cuda_call call)
{
	return symbols[call];
}

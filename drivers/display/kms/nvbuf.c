/*
 * drivers/display/kms/nvbuf.c: see nvbuf.h.
 */
#include "drivers/display/kms/nvbuf.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define LIBRARY "libnvbufsurface.so.1.0.0" /* as L4T names it */

#define NVBUF_SYMBOL(name, symbol, arguments) symbol,
static const char *const symbols[] = {NVBUF_ENTRIES(NVBUF_SYMBOL)};

#define ENTRY_COUNT (sizeof(symbols) / sizeof(symbols[0]))
_Static_assert(sizeof(struct nvbuf_entries) == ENTRY_COUNT * sizeof(void *),
	       "the entries are an array of function pointers");

const struct nvbuf_entries *nvbuf_library(char *line, size_t line_bytes)
{
	static struct nvbuf_entries entries;
	void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	size_t i;

	if (!handle) {
		snprintf(line, line_bytes, "%s",
			 strstr(dlerror(), "No such file")
				 ? "no " LIBRARY ": it belongs to L4T, "
				   "package nvidia-l4t-multimedia-utils"
				 : LIBRARY
				 " cannot be loaded: install L4T's "
				 "packages again, all of one release");
		return NULL;
	}
	for (i = 0; i < ENTRY_COUNT; i++) {
		void *entry = dlsym(handle, symbols[i]);

		if (!entry) {
			snprintf(line, line_bytes,
				 LIBRARY " has no %s: it is of another release",
				 symbols[i]);
			dlclose(handle);
			return NULL;
		}
		memcpy((unsigned char *)&entries + i * sizeof(entry), &entry,
		       sizeof(entry));
	}
	return &entries;
}

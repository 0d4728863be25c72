/*
 * tools/graphc/library.h: the node types there are.
 *
 * Lists the *.yaml files of node directories and reads a type's binding when
 * somebody asks for it: a directory may hold other YAML files too, such as
 * graphs. One type, `source`, is there without a file. Typical use:
 *
 *   struct library library;
 *   struct diag diag;
 *
 *   library_init(&library);
 *   diag_init(&diag);
 *   if (library_add(&library, "kernel", "kernel/", &diag))
 *           ... fputs(diag_line(&diag, &library.arena), stderr)
 *   for (i = 0; i < library.count; i++)
 *           binding = library_find(&library, library.names[i], at, &diag);
 *   library_finish(&library);
 */
#ifndef GRAPHC_LIBRARY_H
#define GRAPHC_LIBRARY_H

#include "tools/graphc/binding.h"

struct library_entry {
	const char *type, *file, *header;
	const struct binding *binding; /* NULL until asked for */
};

struct library {
	struct arena arena; /* bindings live here, until library_finish */
	uint32_t count;
	struct library_entry entries[LIMIT_TYPES];
	const char *names[LIMIT_TYPES]; /* by entry, for hints */
};

void library_init(struct library *library);
void library_finish(struct library *library);

/*
 * Adds the types of directory `path`. Generated code includes their headers as
 * PREFIXfoo.h: "kernel/" in the tree, "" for a directory of the user's, which
 * the build puts on the include path.
 */
int library_add(struct library *library, const char *path, const char *prefix,
		struct diag *diag);

/* The binding of `type`, read now if need be. `at`: who asks, for the message
 * that it is unknown. NULL: refused. */
const struct binding *library_find(struct library *library, const char *type,
				   struct where at, struct diag *diag);

#endif

/*
 * tools/graphc/source.h: reading one file, as a rule text, whatever its path names.
 *
 * A FIFO or device never blocks or is read from, a directory and a file over
 * the limit are refused, and of a file that grows while it is read the
 * rest is left. Symbolic links are followed: what they lead to must be a
 * regular file all the same.
 */
#ifndef GRAPHC_SOURCE_H
#define GRAPHC_SOURCE_H

#include "tools/graphc/arena.h"
#include "tools/graphc/diag.h"

struct source {
	const char *text; /* in the arena; `bytes` long, then a NUL */
	size_t bytes;
};

/* Any regular file of at most `limit` bytes, whatever is in it. RULE_COUNT, or
 * the rule that it breaks, and `why`. */
enum rule source_load(struct source *source, const char *path, size_t limit,
		      struct arena *arena, char *why, size_t why_bytes);

/* Reads the text file at `path`; diag->file is what messages call it. */
int source_read(struct source *source, const char *path, struct arena *arena,
		struct diag *diag);

/* UTF-8 without NUL, BOM or control characters; not empty, not too long. */
int source_check(const struct source *source, struct diag *diag);

/* The place of the byte at `offset`. */
struct where source_where(const struct source *source, size_t offset);

#endif

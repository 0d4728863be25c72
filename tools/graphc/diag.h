/*
 * tools/graphc/diag.h: the one message that refuses an input.
 *
 * The first broken rule stops the compiler, so there is at most one message.
 * Every function that can refuse returns 0, or the -1 that diag_refuse gives.
 * Nothing here prints: main.c does, tests and the fuzzer read the struct.
 */
#ifndef GRAPHC_DIAG_H
#define GRAPHC_DIAG_H

#include <stddef.h>
#include <stdint.h>

#include "tools/graphc/arena.h"
#include "tools/graphc/rules.h"

/* A place in a file, both counted from 1; columns in characters. */
struct where {
	uint32_t line, column;
};

struct diag {
	const char *file; /* being read now: name as the user gave it */
	struct where at;
	enum rule rule; /* RULE_COUNT: nothing refused */
	char text[1024];
	char hint[512];	    /* diag_hint's */
	char quoted[4][96]; /* diag_quote's, used in turn */
	uint32_t next_quoted;
};

void diag_init(struct diag *diag);

/* Records the refusal (keeps an earlier one). Always returns -1. */
int diag_refuse(struct diag *diag, struct where at, enum rule rule,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

/* `text` made safe to print: cut, control and non-ASCII bytes as '?'. Valid
 * until the fourth call after this one. */
const char *diag_quote(struct diag *diag, const char *text);

/*
 * What to write in place of `name`: " (did you mean 'ball'?)", or the list of
 * names when it is short, or "". Valid until the next call.
 */
const char *diag_hint(struct diag *diag, const char *name,
		      const char *const *names, size_t count);

/* "; there is A, B, C", whatever was written. As diag_hint. */
const char *diag_list(struct diag *diag, const char *const *names,
		      size_t count);

/* `file:line:column: error: rule: text` and a newline. */
const char *diag_line(const struct diag *diag, struct arena *arena);

#endif

/*
 * tools/graphc/tree.h: a YAML file as a small tree of values with places.
 *
 * Built from libyaml's events, never its documents: anchors, aliases, tags,
 * directives and second documents are refused where they stand, and depth and
 * count are bounded while the text is still being read. Keys are plain names,
 * unique in their mapping. The tree lives in the arena it was built in.
 */
#ifndef GRAPHC_TREE_H
#define GRAPHC_TREE_H

#include <stdbool.h>

#include "tools/graphc/source.h"

enum tree_kind { TREE_SCALAR, TREE_SEQUENCE, TREE_MAPPING, TREE_KIND_COUNT };

struct tree {
	enum tree_kind kind;
	bool plain;    /* a scalar without quotes */
	bool one_line; /* a scalar that does not go on in the next line */
	struct where at;
	const char *text; /* a scalar's; "" for collections */
	const char *key;  /* in a mapping; else NULL */
	struct where key_at;
	struct tree *first, *next; /* entries; next in the same collection */
	uint32_t count;		   /* of entries */
};

/* One key that a mapping may have. */
struct tree_key {
	const char *name;
	enum tree_kind kind; /* TREE_KIND_COUNT: any */
	bool required;
};

/* Parses a checked source. NULL: refused. */
const struct tree *tree_parse(const struct source *source, struct arena *arena,
			      struct diag *diag);

/* Refuses keys that are not in the table, missing ones and wrong shapes.
 * `what` names the mapping in messages: "a graph", "node 'blur'". */
int tree_check_keys(const struct tree *mapping, const struct tree_key *keys,
		    size_t count, const char *what, struct diag *diag);

/* The value of a key; NULL if there is none or `mapping` is no mapping. */
const struct tree *tree_get(const struct tree *mapping, const char *key);

/* "a value", "a list" or "a mapping". */
const char *tree_kind_name(enum tree_kind kind);

#endif

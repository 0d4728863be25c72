/*
 * tools/graphc/binding_param.h: the `params:` of a binding. Private to
 * binding.c and binding_param.c; binding.h has what others may use.
 */
#ifndef GRAPHC_BINDING_PARAM_H
#define GRAPHC_BINDING_PARAM_H

#include "tools/graphc/binding.h"

/* Reads `params` (NULL: none) and lays struct foo_params out. */
int binding_params(struct binding *binding, const struct tree *params,
		   struct arena *arena, struct diag *diag);

/* A short printable text that needs no escapes in C. */
int binding_text(const struct tree *value, const char **text,
		 struct diag *diag);

#endif

/*
 * tools/graphc/binding_cuda.h: the key `cuda` of a binding; its own file
 * because binding.c would be too long with it.
 */
#ifndef GRAPHC_BINDING_CUDA_H
#define GRAPHC_BINDING_CUDA_H

#include "tools/graphc/binding.h"

/* Whether and how a type runs on a GPU; after kind and state were read. */
int binding_cuda(struct binding *binding, const struct tree *tree,
		 struct diag *diag);

#endif

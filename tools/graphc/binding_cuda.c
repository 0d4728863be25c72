/* tools/graphc/binding_cuda.c: see binding_cuda.h. */
#include "tools/graphc/binding_cuda.h"

#include <string.h>

#include "tools/graphc/number.h"

static const struct tree_key keys[] = {
	{"tile", TREE_SEQUENCE, true},
	{"threads", TREE_SEQUENCE, true},
};

/* "[32, 8]": two whole numbers from 1 to `most`. */
static int read_pair(const struct tree *pair, const char *key, uint32_t most,
		     uint32_t numbers[2], struct diag *diag)
{
	const struct tree *value = pair->first;
	int64_t number;
	uint32_t i;

	for (i = 0; value && i < 2; value = value->next, i++) {
		if (!number_int(value->text, &number) || number < 1 ||
		    number > most)
			break;
		numbers[i] = (uint32_t)number;
	}
	if (!value && i == 2)
		return 0;
	return diag_refuse(
		diag, value ? value->at : pair->at, RULE_BINDING_CUDA,
		"'%s' is [WIDTH, HEIGHT], each from 1 to %u", key, most);
}

static int read_tile(struct binding *binding, const struct tree *cuda,
		     struct diag *diag)
{
	const struct tree *threads;

	if (tree_check_keys(cuda, keys, sizeof(keys) / sizeof(keys[0]),
			    "'cuda'", diag))
		return -1;
	threads = tree_get(cuda, "threads");
	if (read_pair(tree_get(cuda, "tile"), "tile", LIMIT_SIDE_MAX,
		      binding->tile, diag) ||
	    read_pair(threads, "threads", LIMIT_THREADS, binding->threads,
		      diag))
		return -1;
	if (binding->threads[0] * binding->threads[1] > LIMIT_THREADS)
		return diag_refuse(diag, threads->at, RULE_BINDING_CUDA,
				   "%u threads in a block; the limit is %d",
				   binding->threads[0] * binding->threads[1],
				   LIMIT_THREADS);
	if (strcmp(binding->state, "0"))
		return diag_refuse(diag, cuda->at, RULE_BINDING_CUDA,
				   "a frame type with 'state' runs on the CPU: "
				   "leave 'cuda' out");
	binding->cuda = true;
	return 0;
}

int binding_cuda(struct binding *binding, const struct tree *tree,
		 struct diag *diag)
{
	const struct tree *cuda = tree_get(tree, "cuda");
	bool pixel = binding->kind == BINDING_PIXEL ||
		     binding->kind == BINDING_SAMPLE;

	binding->cuda = pixel;
	if (!cuda)
		return 0;
	binding->cuda_at = cuda->at;
	if (cuda->kind == TREE_MAPPING && !pixel)
		return read_tile(binding, cuda, diag);
	binding->cuda = !strcmp(cuda->text, "true");
	if (!strcmp(cuda->text, "false") || (binding->cuda && pixel))
		return 0;
	return diag_refuse(diag, cuda->at, RULE_BINDING_CUDA, "%s",
			   pixel ? "of kind pixel, 'cuda' is true or false"
				 : "of kind frame, 'cuda' is false or {tile: "
				   "[W, H], threads: [X, Y]}");
}

/* tools/graphc/emit_header.c: NAME.h; see emit.h. */
#include "tools/graphc/emit.h"

static void add_guard(const struct ir *ir, struct text *text)
{
	text_add(text,
		 "#ifndef GENERATED_%s_H\n#define GENERATED_%s_H\n\n"
		 "#include \"graph/graph.h\"\n\n"
		 "#if GRAPH_ABI != %d\n"
		 "#error \"%s.h is for GRAPH_ABI %d: run make graphs\"\n"
		 "#endif\n\n",
		 ir->c_upper, ir->c_upper, GRAPH_ABI, ir->name, GRAPH_ABI);
}

static void add_includes(const struct ir *ir, struct text *text)
{
	const struct binding *binding;
	uint32_t i;

	for (i = 0; i < ir->node_count; i++) {
		binding = ir->nodes[ir->order[i]].binding;
		if (binding->header && emit_is_first_of_type(ir, i))
			text_add(text, "#include \"%s\"\n", binding->header);
	}
	text_add(text, "\n");
}

static void add_params(const struct ir *ir, struct text *text)
{
	const struct ir_node *node;
	uint32_t i;

	if (!ir->params_bytes)
		return;
	text_add(text,
		 "/* Parameters, in schedule order; --set changes them before "
		 "the first tick. */\nstruct graph_%s_params {\n",
		 ir->c_name);
	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[ir->order[i]];
		if (node->binding->params_bytes)
			text_add(text, "\tstruct %s_params %s_params;\n",
				 node->binding->type, node->c_name);
	}
	text_add(text, "};\n\n");
}

static void add_offsets(const struct ir *ir, struct text *text)
{
	const struct ir_object *object;
	uint32_t i;

	for (i = 0; i < ir->object_count; i++) {
		object = &ir->objects[i];
		if (object->shared && ir->backend == GRAPH_BACKEND_CUDA)
			continue;
		text_add(text, "\t%s_%s%s%s = %llu,\n", ir->c_upper,
			 emit_domain(ir, object->domain), object->what,
			 object->of, (unsigned long long)object->offset);
	}
}

static void add_pool(const struct ir *ir, struct text *text)
{
	text_add(text,
		 "/* Byte offsets in the host pool. */\n"
		 "enum graph_%s_pool {\n",
		 ir->c_name);
	add_offsets(ir, text);
	text_add(text, "\t%s_POOL_BYTES = %llu,\n};\n\n", ir->c_upper,
		 (unsigned long long)emit_pool_bytes(ir));
}

/* Does the cuda plan have objects of its own, beside those of tick()? */
static bool has_own(const struct ir *cuda)
{
	uint32_t i;

	for (i = 0; cuda && i < cuda->object_count; i++)
		if (!cuda->objects[i].shared)
			return true;
	return false;
}

static void add_cuda_pools(const struct ir *ir, struct text *text)
{
	if (!has_own(ir->cuda))
		return;
	text_add(text,
		 "/* The cuda plan's own: CUDA_ in the host pool, PINNED_ and "
		 "DEVICE_ in those. */\nenum graph_%s_cuda_pools {\n",
		 ir->c_name);
	add_offsets(ir->cuda, text);
	text_add(text, "};\n\n");
}

void emit_header(const struct ir *ir, struct text *text)
{
	emit_head(ir, text, "h");
	add_guard(ir, text);
	add_includes(ir, text);
	add_params(ir, text);
	add_pool(ir, text);
	add_cuda_pools(ir, text);
	text_add(text, "#endif\n");
}

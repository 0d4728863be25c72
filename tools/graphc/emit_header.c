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

static void header_add_includes(const struct ir *ir, struct text *text)
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

static void header_add_params(const struct ir *ir, struct text *text)
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

/* Those in a thread's scratch, or all others. */
static void add_offsets(const struct ir *ir, struct text *text, bool scratch)
{
	const struct ir_object *object;
	uint32_t i;

	for (i = 0; i < ir->object_count; i++) {
		object = &ir->objects[i];
		if (object->shared && ir->backend == GRAPH_BACKEND_CUDA)
			continue;
		if ((object->domain == DOMAIN_SCRATCH) != scratch)
			continue;
		text_add(text, "\t%s_%s%s%s = %llu,\n", ir->c_upper,
			 emit_domain(ir, object->domain), object->what,
			 object->of, (unsigned long long)object->offset);
	}
}

static void header_add_pool(const struct ir *ir, struct text *text)
{
	text_add(text,
		 "/* Byte offsets in the host pool. */\n"
		 "enum graph_%s_pool {\n",
		 ir->c_name);
	add_offsets(ir, text, false);
	text_add(text, "\t%s_POOL_OWN = %llu,\n", ir->c_upper,
		 (unsigned long long)emit_scratch_offset(ir));
	text_add(text, "\t%s_POOL_BYTES = %llu,\n};\n\n", ir->c_upper,
		 (unsigned long long)emit_pool_bytes(ir));
}

/* Does a plan have objects in threads' scratch, or others, of its own? */
static bool has_own(const struct ir *ir, bool scratch)
{
	uint32_t i;

	for (i = 0; ir && i < ir->object_count; i++)
		if (!ir->objects[i].shared &&
		    (ir->objects[i].domain == DOMAIN_SCRATCH) == scratch)
			return true;
	return false;
}

static void add_scratch(const struct ir *ir, struct text *text)
{
	if (!has_own(ir, true) && !has_own(ir->cuda, true))
		return;
	text_add(text,
		 "/* In what each thread has of its own. */\n"
		 "enum graph_%s_own {\n",
		 ir->c_name);
	add_offsets(ir, text, true);
	if (ir->cuda)
		add_offsets(ir->cuda, text, true);
	text_add(text, "};\n\n");
}

static void add_cuda_pools(const struct ir *ir, struct text *text)
{
	if (!has_own(ir->cuda, false))
		return;
	text_add(text,
		 "/* The cuda plan's own: CUDA_ in the host pool, PINNED_ and "
		 "DEVICE_ in those. */\nenum graph_%s_cuda_pools {\n",
		 ir->c_name);
	add_offsets(ir->cuda, text, false);
	text_add(text, "};\n\n");
}

void emit_header(const struct ir *ir, struct text *text)
{
	emit_head(ir, text, "h");
	add_guard(ir, text);
	emit_faces(ir, text);
	emit_baked(ir, text);
	header_add_includes(ir, text);
	header_add_params(ir, text);
	header_add_pool(ir, text);
	add_scratch(ir, text);
	add_cuda_pools(ir, text);
	text_add(text, "#endif\n");
}

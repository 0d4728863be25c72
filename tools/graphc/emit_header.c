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
			text_add(text, "\tstruct %s_params %s;\n",
				 node->binding->type, node->c_name);
	}
	text_add(text, "};\n\n");
}

static void add_pool(const struct ir *ir, struct text *text)
{
	const struct ir_object *object;
	uint32_t i;

	text_add(text,
		 "/* Byte offsets in the host pool. */\n"
		 "enum graph_%s_pool {\n",
		 ir->c_name);
	for (i = 0; i < ir->object_count; i++) {
		object = &ir->objects[i];
		text_add(text, "\t%s_POOL_%s%s = %llu,\n", ir->c_upper,
			 object->what, object->of,
			 (unsigned long long)object->offset);
	}
	text_add(text, "\t%s_POOL_BYTES = %llu,\n};\n\n", ir->c_upper,
		 (unsigned long long)ir->pool_bytes);
}

void emit_header(const struct ir *ir, struct text *text)
{
	emit_head(ir, text, "h");
	add_guard(ir, text);
	add_includes(ir, text);
	add_params(ir, text);
	add_pool(ir, text);
	text_add(text, "#endif\n");
}

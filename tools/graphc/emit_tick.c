/*
 * tools/graphc/emit_tick.c: tick() in NAME.c, which calls every node's
 * foo_tick, and what it and the steps name of the host pool; see emit.h.
 */
#include "tools/graphc/emit.h"

void emit_object(const struct ir *ir, struct text *text, const char *what,
		 const struct ir_node *node, uint64_t bytes)
{
	if (bytes)
		text_add(text, "(void *)(work->pool + %s_POOL_%s%s)",
			 ir->c_upper, what, node->c_upper);
	else
		text_add(text, "NULL");
}

void emit_params_argument(struct text *text, const struct ir_node *node)
{
	if (node->binding->params_bytes)
		text_add(text, "&params->%s_params", node->c_name);
	else
		text_add(text, "NULL");
}

void emit_params_pointer(const struct ir *ir, struct text *text)
{
	text_add(text,
		 "\tconst struct graph_%s_params *params = "
		 "(const void *)(work->pool + %s_POOL_PARAMS);\n",
		 ir->c_name, ir->c_upper);
}

/* Does foo_tick see a struct tick of its node's own? */
static bool has_own_tick(const struct ir_node *node)
{
	return node->binding->param_count || node->binding->count_count ||
	       ir_samples(node);
}

static void add_tick(const struct ir *ir, struct text *text,
		     const struct ir_node *node, uint32_t first_param,
		     uint32_t first_count)
{
	uint32_t i;

	if (node->binding->param_count)
		text_add(text, "\town.changed = changed + %u;\n", first_param);
	if (node->binding->count_count)
		text_add(text, "\town.count = counts + %u;\n", first_count);
	if (ir_samples(node))
		text_add(text, "\town.input = (const struct node_size[]){");
	for (i = 0; i < node->input_count && ir_samples(node); i++) {
		const struct ir_node *from = &ir->nodes[node->from[i]];
		bool source = from->source != IR_NONE;

		text_add(text, "%s{%u, %u}", i ? ", " : "",
			 source ? from->width : ir->width,
			 source ? from->height : ir->height);
	}
	for (; i < node->binding->input_count && ir_samples(node); i++)
		text_add(text, ", {0, 0}");
	if (ir_samples(node))
		text_add(text, "};\n");
	text_add(text, "\t%s_tick(", node->type);
	emit_params_argument(text, node);
	text_add(text, has_own_tick(node) ? ", &own, " : ", tick, ");
	emit_object(ir, text, "STATE_", node, node->state_bytes);
	text_add(text, ", ");
	emit_object(ir, text, "UNIFORM_", node, node->uniform_bytes);
	text_add(text, ");\n");
}

void emit_tick(const struct ir *ir, struct text *text)
{
	const struct ir_node *node;
	uint64_t pooled = ir->params_bytes | ir_count_count(ir);
	uint32_t i, first_param = 0, first_count = 0;
	bool own = ir->params_bytes;

	for (i = 0; i < ir->node_count; i++)
		own |= has_own_tick(&ir->nodes[i]);
	for (i = 0; i < ir->node_count; i++)
		pooled |= ir->nodes[i].uniform_bytes | ir->nodes[i].state_bytes;
	text_add(text, "static void tick(const struct graph_work *work, "
		       "const struct tick *tick)\n{\n");
	if (ir->params_bytes) {
		emit_params_pointer(ir, text);
		text_add(text,
			 "\tconst uint64_t *changed = "
			 "(const void *)(work->pool + %s_POOL_CHANGED);\n",
			 ir->c_upper);
	}
	if (ir_count_count(ir))
		text_add(text,
			 "\tuint64_t *counts = "
			 "(void *)(work->pool + %s_POOL_COUNTS);\n",
			 ir->c_upper);
	if (own)
		text_add(text, "\tstruct tick own = *tick;\n");
	if (!pooled)
		text_add(text, "\t(void)work;\n");
	if (!ir->params_bytes && !ir->work_count)
		text_add(text, "\t(void)tick;\n");
	text_add(text, "\n");
	for (i = 0; i < ir->source_count; i++) {
		node = &ir->nodes[ir->sources[i]];
		if (node->uniform_bytes)
			text_add(text,
				 "\t*(struct ycbcr *)(void *)(work->pool + "
				 "%s_POOL_UNIFORM_%s) = "
				 "work->source[%u].ycbcr;\n",
				 ir->c_upper, node->c_upper, i);
	}
	for (i = 0; i < ir->work_count; i++) {
		node = &ir->nodes[ir->order[i]];
		add_tick(ir, text, node, first_param, first_count);
		first_param += node->binding->param_count;
		first_count += node->binding->count_count;
	}
	text_add(text, "}\n");
}

/* tools/graphc/emit_dot.c: NAME.dot, nodes clustered by the cpu plan's steps,
 * those grey that a GPU cannot run; see emit.h. */
#include "tools/graphc/emit.h"

static void dot_add_node(struct text *text, const struct ir_node *node)
{
	text_add(text, "\"%s\" [label=\"%s\\n%s", node->name, node->name,
		 node->type);
	if (node->source != IR_NONE)
		text_add(text, " %s", graph_format_name(node->format));
	text_add(text, "\"");
	if (node->sink != IR_NONE || node->source != IR_NONE)
		text_add(text, ", shape=oval");
	else if (!node->binding->cuda)
		text_add(text, ", style=filled, fillcolor=lightgrey");
	text_add(text, "];\n");
}

static bool any_grey(const struct ir *ir)
{
	uint32_t i;

	for (i = 0; i < ir->node_count; i++)
		if (ir->nodes[i].sink == IR_NONE && !ir->nodes[i].binding->cuda)
			return true;
	return false;
}

static void add_cluster(const struct ir *ir, struct text *text, uint32_t index)
{
	const struct ir_step *step = &ir->steps[index];
	uint32_t i;

	text_add(text, "\tsubgraph cluster_%u {\n\t\tlabel=\"step %u%s\";\n",
		 index, index, step->kind == IR_STEP_FRAME ? " (frame)" : "");
	for (i = 0; i < step->node_count; i++) {
		text_add(text, "\t\t");
		if (step->kind == IR_STEP_COPY || step->kind == IR_STEP_LOAD)
			text_add(text, "\"copy %u\" [label=\"copy\"];\n",
				 index);
		else
			dot_add_node(text, &ir->nodes[step->nodes[i]]);
	}
	text_add(text, "\t}\n");
}

/* The step that copies a frame node's or a source's picture, or IR_NONE. */
static uint32_t copy_of(const struct ir *ir, uint32_t node)
{
	uint32_t i;

	for (i = 0; i < ir->step_count; i++)
		if ((ir->steps[i].kind == IR_STEP_COPY ||
		     ir->steps[i].kind == IR_STEP_LOAD) &&
		    ir->steps[i].nodes[0] == node)
			return i;
	return IR_NONE;
}

/* Does the user get that copy? Pixel nodes load a source themselves. */
static bool takes_copy(const struct ir_node *node, const struct ir_node *user)
{
	return user->sink != IR_NONE || (node->source != IR_NONE &&
					 user->binding->kind == BINDING_FRAME);
}

static void add_edges(const struct ir *ir, struct text *text, uint32_t index)
{
	const struct ir_node *user, *node = &ir->nodes[index];
	uint32_t i, j, copy = copy_of(ir, index);

	if (copy != IR_NONE)
		text_add(text, "\t\"%s\" -> \"copy %u\";\n", node->name, copy);
	for (i = 0; i < ir->node_count; i++) {
		user = &ir->nodes[ir->order[i]];
		for (j = 0; j < user->input_count; j++) {
			if (user->from[j] != index)
				continue;
			if (copy != IR_NONE && takes_copy(node, user))
				text_add(text, "\t\"copy %u\"", copy);
			else
				text_add(text, "\t\"%s\"", node->name);
			text_add(text, " -> \"%s\"", user->name);
			if (user->binding->input_count > 1)
				text_add(text, " [label=\"%s\"]",
					 user->binding->inputs[j]);
			text_add(text, ";\n");
		}
	}
}

void emit_dot(const struct ir *ir, struct text *text)
{
	uint32_t i;

	text_add(text,
		 "digraph \"%s\" {\n\trankdir=LR;\n"
		 "\tlabel=\"%s: %ux%u, %u/%u ticks a second, board %s%s\";\n"
		 "\tnode [shape=box];\n",
		 ir->name, ir->name, ir->width, ir->height, ir->rate_num,
		 ir->rate_den, ir->board->name,
		 any_grey(ir) ? "; grey: on the CPU also with CUDA" : "");
	for (i = 0; i < ir->step_count; i++)
		add_cluster(ir, text, i);
	for (i = ir->work_count; i < ir->node_count; i++) {
		text_add(text, "\t");
		dot_add_node(text, &ir->nodes[ir->order[i]]);
	}
	for (i = 0; i < ir->node_count; i++)
		add_edges(ir, text, ir->order[i]);
	text_add(text, "}\n");
}

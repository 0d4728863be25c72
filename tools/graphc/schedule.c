/*
 * tools/graphc/schedule.c: the order of the steps, and their names; see
 * passes.h. Leaves ir->order in that order too, still topological.
 *
 * By level (fuse.c), and in it fused groups, then frame nodes, then copies;
 * then as their first nodes come in ir->order. Every step comes after those it
 * reads from.
 */
#include <stdio.h>
#include <string.h>

#include "tools/graphc/passes.h"

#define NAME_BYTES 64 /* of a step; longer ones end in "+12 more" */

/* Steps come from fuse in the order of their first nodes, so a stable sort by
 * level and kind is enough; insertion keeps it stable. */
static bool before(const struct ir_step *a, const struct ir_step *b)
{
	return a->level != b->level ? a->level < b->level : a->kind < b->kind;
}

static void sort_steps(struct ir *ir)
{
	struct ir_step step;
	uint32_t i, j;

	for (i = 1; i < ir->step_count; i++) {
		step = ir->steps[i];
		for (j = i; j && before(&step, &ir->steps[j - 1]); j--)
			ir->steps[j] = ir->steps[j - 1];
		ir->steps[j] = step;
	}
}

/* "pattern+overlay+wave", or "n1+n2+498 more". */
static const char *step_name(struct ir *ir, const struct ir_step *step)
{
	char name[NAME_BYTES + GRAPH_NAME_MAX + 32] = "";
	const char *next;
	size_t used = 0;
	uint32_t i;

	if (step->kind == IR_STEP_COPY)
		used = (size_t)snprintf(name, sizeof(name), "copy of ");
	for (i = 0; i < step->node_count; i++) {
		next = ir->nodes[step->nodes[i]].name;
		if (i && used + 1 + strlen(next) > NAME_BYTES)
			break;
		used += (size_t)snprintf(name + used, sizeof(name) - used,
					 "%s%s", i ? "+" : "", next);
	}
	if (i < step->node_count)
		snprintf(name + used, sizeof(name) - used, "+%u more",
			 step->node_count - i);
	return arena_text(ir->arena, name, strlen(name));
}

/* Tells the nodes of a step its number and puts them next in ir->order. */
static uint32_t number_nodes(struct ir *ir, uint32_t index, uint32_t next)
{
	const struct ir_step *step = &ir->steps[index];
	uint32_t i;

	if (step->kind == IR_STEP_COPY)
		return next;
	for (i = 0; i < step->node_count; i++) {
		ir->nodes[step->nodes[i]].step = index;
		ir->order[next++] = step->nodes[i];
	}
	return next;
}

void pass_schedule(struct ir *ir)
{
	uint32_t i, next = 0;

	sort_steps(ir);
	for (i = 0; i < ir->step_count; i++) {
		ir->steps[i].name = step_name(ir, &ir->steps[i]);
		next = number_nodes(ir, i, next);
	}
}

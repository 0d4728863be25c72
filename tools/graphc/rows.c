/*
 * tools/graphc/rows.c: where each pixel node of a CPU step draws its row.
 *
 * A node's row is, in this order: its frame buffer's, if another step reads the
 * output; its first sink's slot; else a row scratch. Where it may, it draws
 * over its first input: that must be its last use, and nothing else may need
 * it. So a chain is drawn in place in one row, and where a group forks and
 * joins the scratches are as few as outputs alive at once.
 *
 * Drawing in place links a node to the input it overwrites. All nodes linked
 * this way share one row, decided by the last of them: it alone can feed a sink
 * or a frame buffer, since what such a node drew may not be overwritten.
 *
 * A source that the step reads is loaded into a row before all of its nodes,
 * and then is as good as an output of this step.
 */
#include "tools/graphc/passes.h"

struct lane {		      /* nodes of one step that share a row */
	uint32_t first, last; /* positions in the step: drawn, last read; 0:
				 loads, 1: the first node */
	struct ir_row row;
};

struct plan {
	struct ir *ir;
	const struct ir_step *step;
	struct lane lanes[LIMIT_NODES];
	uint32_t lane_of[LIMIT_NODES];	/* by node index */
	uint32_t position[LIMIT_NODES]; /* in the step, by node index */
	uint32_t lane_count;
};

static uint32_t first_sink(const struct ir *ir, const struct ir_node *node)
{
	uint32_t i;

	for (i = 0; i < node->user_count; i++)
		if (ir->nodes[node->users[i]].sink != IR_NONE)
			return ir->nodes[node->users[i]].sink;
	return IR_NONE;
}

/* A buffer holds what another step reads; and what a frame node draws, unless
 * one sink is all that it feeds. */
static bool needs_buffer(const struct ir *ir, const struct ir_node *node)
{
	const struct ir_node *user;
	uint32_t i;

	if (node->binding->kind == BINDING_FRAME && node->user_count > 1)
		return true;
	for (i = 0; i < node->user_count; i++) {
		user = &ir->nodes[node->users[i]];
		if (user->sink == IR_NONE && user->step != node->step)
			return true;
	}
	return false;
}

/* Position in the step of the last node there that reads `index`. */
static uint32_t last_use(const struct plan *plan, uint32_t index)
{
	const struct ir_node *user, *node = &plan->ir->nodes[index];
	uint32_t i, last = plan->position[index];

	for (i = 0; i < node->user_count; i++) {
		user = &plan->ir->nodes[node->users[i]];
		if (user->sink == IR_NONE &&
		    &plan->ir->steps[user->step] == plan->step &&
		    plan->position[node->users[i]] > last)
			last = plan->position[node->users[i]];
	}
	return last;
}

/* May this node draw over its first input? */
static bool in_place(const struct plan *plan, uint32_t index)
{
	const struct ir *ir = plan->ir;
	const struct ir_node *from, *node = &ir->nodes[index];
	uint32_t i;

	if (!node->input_count || ir_samples(node))
		return false;
	for (i = 1; i < node->input_count; i++)
		if (node->from[i] == node->from[0])
			return false;
	from = &ir->nodes[node->from[0]];
	if (last_use(plan, node->from[0]) != plan->position[index])
		return false;
	return from->source != IR_NONE ||
	       (from->step == node->step && !from->buffered &&
		first_sink(ir, from) == IR_NONE);
}

static struct ir_row wanted_row(const struct ir *ir, uint32_t index)
{
	uint32_t sink = first_sink(ir, &ir->nodes[index]);

	if (ir->nodes[index].source != IR_NONE)
		sink = IR_NONE; /* another step fills those */
	if (ir->nodes[index].buffered)
		return (struct ir_row){IR_ROW_FRAME, index, IR_NONE};
	if (sink != IR_NONE)
		return (struct ir_row){IR_ROW_TARGET, sink, IR_NONE};
	return (struct ir_row){IR_ROW_SCRATCH, IR_NONE, IR_NONE};
}

static void add_to_lane(struct plan *plan, uint32_t index)
{
	struct lane *lane;

	if (in_place(plan, index)) {
		plan->lane_of[index] =
			plan->lane_of[plan->ir->nodes[index].from[0]];
	} else {
		plan->lane_of[index] = plan->lane_count;
		plan->lanes[plan->lane_count++].first = plan->position[index];
	}
	lane = &plan->lanes[plan->lane_of[index]];
	lane->row = wanted_row(plan->ir, index);
	/* A target's row stays until it is stored at the end of the row. */
	lane->last = lane->row.kind == IR_ROW_TARGET ? IR_NONE
						     : last_use(plan, index);
}

/* Is `scratch` free for lanes[i], as far as the lanes before it know? A node
 * reads its inputs while it draws, so touching lanes are in each other's way.
 */
static bool is_free(const struct plan *plan, uint32_t i, uint32_t scratch)
{
	uint32_t j;

	for (j = 0; j < i; j++)
		if (plan->lanes[j].row.scratch == scratch &&
		    plan->lanes[j].last >= plan->lanes[i].first)
			return false;
	return true;
}

/* Lanes without a frame buffer need a row scratch: to draw in, or in place of
 * a slot that is slow to read. */
static void choose_scratches(struct plan *plan)
{
	struct ir *ir = plan->ir;
	struct lane *lane;
	uint32_t i, scratch;

	for (i = 0; i < plan->lane_count; i++) {
		lane = &plan->lanes[i];
		if (lane->row.kind == IR_ROW_FRAME)
			continue;
		for (scratch = 0; !is_free(plan, i, scratch); scratch++)
			;
		lane->row.scratch = scratch;
		if (scratch >= ir->row_count)
			ir->row_count = scratch + 1;
	}
}

static void plan_step(struct plan *plan, struct ir_step *step)
{
	uint32_t i;

	plan->step = step;
	plan->lane_count = 0;
	for (i = 0; i < step->source_count; i++)
		plan->position[step->sources[i]] = 0;
	for (i = 0; i < step->node_count; i++)
		plan->position[step->nodes[i]] = i + 1;
	for (i = 0; i < step->source_count; i++)
		if (ir_reads_rows(plan->ir, step, step->sources[i]))
			add_to_lane(plan, step->sources[i]);
	for (i = 0; i < step->node_count; i++)
		add_to_lane(plan, step->nodes[i]);
	choose_scratches(plan);
	for (i = 0; i < step->source_count; i++)
		if (ir_reads_rows(plan->ir, step, step->sources[i]))
			step->source_row[i] =
				plan->lanes[plan->lane_of[step->sources[i]]]
					.row;
	for (i = 0; i < step->node_count; i++)
		plan->ir->nodes[step->nodes[i]].row =
			plan->lanes[plan->lane_of[step->nodes[i]]].row;
}

/* Into the frame buffer, else straight into the first sink's slot. */
static void plan_load(struct ir *ir, struct ir_step *step)
{
	uint32_t index = step->nodes[0];

	step->source_row[0] = (struct ir_row){IR_ROW_FRAME, index, IR_NONE};
	if (step->buffers)
		return;
	step->source_row[0] = (struct ir_row){
		IR_ROW_TARGET, first_sink(ir, &ir->nodes[index]), 0};
	if (!ir->row_count)
		ir->row_count = 1;
}

void allocate_rows(struct ir *ir)
{
	struct plan *plan = arena_alloc(ir->arena, 1, sizeof(*plan));
	struct ir_node *node;
	uint32_t i;

	plan->ir = ir;
	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[i];
		if (node->sink != IR_NONE || node->source != IR_NONE)
			continue;
		node->buffered = needs_buffer(ir, node);
		node->row = wanted_row(ir, i);
	}
	for (i = 0; i < ir->step_count; i++) {
		if (ir->steps[i].backend != GRAPH_BACKEND_CPU)
			continue;
		if (ir->steps[i].kind == IR_STEP_FUSED)
			plan_step(plan, &ir->steps[i]);
		if (ir->steps[i].kind == IR_STEP_LOAD)
			plan_load(ir, &ir->steps[i]);
	}
}

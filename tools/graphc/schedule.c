/*
 * tools/graphc/schedule.c: the order of the steps, and their names; see
 * passes.h. Leaves ir->order in that order too, still topological.
 *
 * By level (fuse.c), and in it by phase, the enum below; then as their first
 * nodes come in ir->order. Every step comes after those it reads from. Sources
 * that the device reads are moved there before everything else.
 *
 * An output that the other backend reads too is moved once, at the end of the
 * level it is computed in, however many read it. All of a level that go the
 * same way make one step; what the device does in a level is a run of
 * neighbouring steps, and so is what the CPU does.
 */
#include <stdio.h>
#include <string.h>

#include "tools/graphc/passes.h"

#define NAME_BYTES 64 /* of a step; longer ones end in "+12 more" */

/* The order in a level. */
enum phase {
	SOURCES, /* to the device */
	GROUPS,
	DEVICE_LOADS,
	DEVICE_BARRIERS,
	DEVICE_COPIES,
	DOWNLOADS, /* of what groups and device barriers made */
	CPU_LOADS,
	CPU_BARRIERS,
	CPU_COPIES,
	UPLOADS, /* of what CPU barriers made */
};

static enum phase phase_of(const struct ir_step *step)
{
	bool copy = step->kind == IR_STEP_COPY;

	if (step->kind == IR_STEP_SOURCE)
		return SOURCES;
	if (step->kind == IR_STEP_LOAD)
		return step->backend == GRAPH_BACKEND_CPU ? CPU_LOADS
							  : DEVICE_LOADS;
	if (step->kind == IR_STEP_UPLOAD)
		return UPLOADS;
	if (step->kind == IR_STEP_DOWNLOAD)
		return DOWNLOADS;
	if (!step->barrier)
		return GROUPS;
	if (step->backend == GRAPH_BACKEND_CPU)
		return copy ? CPU_COPIES : CPU_BARRIERS;
	return copy ? DEVICE_COPIES : DEVICE_BARRIERS;
}

/* Steps come from fuse in the order of their first nodes, so a stable sort by
 * level and phase is enough; insertion keeps it stable. */
static bool before(const struct ir_step *a, const struct ir_step *b)
{
	return a->level != b->level ? a->level < b->level
				    : phase_of(a) < phase_of(b);
}

/* Does a step of another backend read this output? */
static bool crosses(const struct ir *ir, const struct ir_node *node)
{
	const struct ir_node *user;
	uint32_t i;

	for (i = 0; i < node->user_count; i++) {
		user = &ir->nodes[node->users[i]];
		if (user->sink == IR_NONE && user->backend != node->backend)
			return true;
	}
	return false;
}

/* The step that moves outputs of a level from `backend` to the other one. */
static struct ir_step *transfer_step(struct ir *ir, uint32_t level,
				     enum graph_backend backend)
{
	enum ir_step_kind kind = backend == GRAPH_BACKEND_CPU
					 ? IR_STEP_UPLOAD
					 : IR_STEP_DOWNLOAD;
	struct ir_step *step;
	uint32_t i;

	for (i = 0; i < ir->step_count; i++)
		if (ir->steps[i].kind == kind && ir->steps[i].level == level)
			return &ir->steps[i];
	step = &ir->steps[ir->step_count++];
	step->kind = kind;
	step->backend = GRAPH_BACKEND_CUDA;
	step->level = level;
	step->nodes =
		arena_alloc(ir->arena, ir->node_count, sizeof(*step->nodes));
	return step;
}

/* Does a step on the device read this source? */
static bool read_on_device(const struct ir *ir, const struct ir_node *source)
{
	const struct ir_node *user;
	uint32_t i;

	for (i = 0; i < source->user_count; i++) {
		user = &ir->nodes[source->users[i]];
		if ((user->sink == IR_NONE ? user : source)->backend ==
		    GRAPH_BACKEND_CUDA)
			return true;
	}
	return false;
}

static void schedule_add_sources(struct ir *ir)
{
	struct ir_step *step;
	uint32_t i;

	for (i = 0; i < ir->source_count; i++) {
		if (!read_on_device(ir, &ir->nodes[ir->sources[i]]))
			continue;
		step = &ir->steps[ir->step_count++];
		step->kind = IR_STEP_SOURCE;
		step->backend = GRAPH_BACKEND_CUDA;
		step->nodes = &ir->sources[i];
		step->node_count = 1;
	}
}

static void schedule_add_transfers(struct ir *ir)
{
	const struct ir_node *node;
	struct ir_step *step;
	uint32_t i;

	for (i = 0; i < ir->work_count; i++) {
		node = &ir->nodes[ir->order[i]];
		if (!crosses(ir, node))
			continue;
		step = transfer_step(ir, node->level, node->backend);
		step->nodes[step->node_count++] = ir->order[i];
	}
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
	static const char *const moves[] = {
		[IR_STEP_FUSED] = "",
		[IR_STEP_FRAME] = "",
		[IR_STEP_COPY] = "copy of ",
		[IR_STEP_LOAD] = "load of ",
		[IR_STEP_SOURCE] = "upload of ",
		[IR_STEP_UPLOAD] = "upload of ",
		[IR_STEP_DOWNLOAD] = "download of ",
	};
	char name[NAME_BYTES + GRAPH_NAME_MAX + 32];
	const char *next;
	size_t used;
	uint32_t i;

	used = (size_t)snprintf(name, sizeof(name), "%s", moves[step->kind]);
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

	if (step->kind != IR_STEP_FUSED && step->kind != IR_STEP_FRAME)
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

	schedule_add_sources(ir);
	schedule_add_transfers(ir);
	sort_steps(ir);
	for (i = 0; i < ir->step_count; i++) {
		ir->steps[i].name = step_name(ir, &ir->steps[i]);
		next = number_nodes(ir, i, next);
	}
}

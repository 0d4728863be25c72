/*
 * tools/graphc/allocate.c: lifetimes -> offsets in the host pool.
 *
 * Parameters, uniforms, state and row scratches live all the time and come
 * first, one after the other. Frame buffers and frame nodes' scratch live for
 * some steps only: from the largest to the smallest, each gets the lowest place
 * where nothing lies that is alive at the same time. Read rows.c first.
 */
#include <stdio.h>
#include <string.h>

#include "tools/graphc/passes.h"

#define ROW_NAME_BYTES 12

static uint64_t aligned(uint64_t bytes)
{
	return (bytes + GRAPH_ALIGN - 1) / GRAPH_ALIGN * GRAPH_ALIGN;
}

static void add(struct ir *ir, const char *what, const char *of, uint64_t bytes)
{
	struct ir_object *object = &ir->objects[ir->object_count];

	if (!bytes)
		return;
	object->what = what;
	object->of = of;
	object->bytes = bytes;
	object->always = true;
	ir->object_count++;
}

/* The same for an object that lives from one step to another. */
static void add_for(struct ir *ir, const char *what, const char *of,
		    uint64_t bytes, uint32_t first, uint32_t last)
{
	uint32_t index = ir->object_count;

	add(ir, what, of, bytes);
	if (ir->object_count == index)
		return;
	ir->objects[index].always = false;
	ir->objects[index].first = first;
	ir->objects[index].last = last;
}

/* sizeof(struct graph_NAME_params): one struct foo_params a node, in order. */
static uint32_t params_bytes(const struct ir *ir)
{
	uint32_t i, j, end = 0, align, widest = 1;
	const struct binding *binding;

	for (i = 0; i < ir->node_count; i++) {
		binding = ir->nodes[ir->order[i]].binding;
		if (!binding->params_bytes)
			continue;
		for (align = 4, j = 0; j < binding->param_count; j++)
			if (binding->params[j].type == GRAPH_PARAM_FLOAT)
				align = 8;
		end = (end + align - 1) / align * align + binding->params_bytes;
		widest = align > widest ? align : widest;
	}
	return (end + widest - 1) / widest * widest;
}

static void add_always(struct ir *ir)
{
	const struct ir_node *node;
	uint32_t i;
	char *name;

	add(ir, "PARAMS", "", ir->params_bytes);
	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[ir->order[i]];
		add(ir, "UNIFORM_", node->c_upper, node->uniform_bytes);
	}
	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[ir->order[i]];
		add(ir, "STATE_", node->c_upper, node->state_bytes);
	}
	for (i = 0; i < ir->row_count; i++) {
		name = arena_alloc(ir->arena, ROW_NAME_BYTES, 1);
		snprintf(name, ROW_NAME_BYTES, "%u", i);
		add(ir, "ROW_", name, (uint64_t)ir->width * 4);
	}
}

/* The last step that reads a frame buffer, copies to sinks included. */
static uint32_t last_reader(const struct ir *ir, uint32_t index)
{
	uint32_t i, j, last = ir->nodes[index].step;

	for (i = last + 1; i < ir->step_count; i++)
		for (j = 0; j < ir->steps[i].input_count; j++)
			if (ir->steps[i].inputs[j] == index)
				last = i;
	return last;
}

static void add_passing(struct ir *ir)
{
	const struct ir_node *node;
	uint32_t i;

	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[ir->order[i]];
		add_for(ir, "SCRATCH_", node->c_upper, node->scratch_bytes,
			node->step, node->step);
	}
	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[ir->order[i]];
		if (node->buffered)
			add_for(ir, "FRAME_", node->c_upper,
				(uint64_t)ir->pitch * ir->height, node->step,
				last_reader(ir, ir->order[i]));
	}
}

static int refuse_size(const struct ir *ir, const char *what, const char *of,
		       uint64_t bytes)
{
	return diag_refuse(ir->diag, ir->size_at, RULE_POOL_SIZE,
			   "%s%s needs %llu bytes of host memory; board %s "
			   "gives a graph %llu",
			   what, of, (unsigned long long)bytes, ir->board->name,
			   (unsigned long long)ir->board->host_bytes);
}

static bool collide(const struct ir_object *a, const struct ir_object *b)
{
	return a->always || b->always ||
	       (a->first <= b->last && b->first <= a->last);
}

/* Puts `object` at the lowest free place among the `count` that are placed,
 * which are sorted by offset and stay so. Sizes are below 2^36 each and there
 * are fewer than 2^12: no sum overflows. */
static void place_object(struct ir_object *placed, uint32_t count,
			 struct ir_object object)
{
	uint64_t at = 0;
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (!collide(&placed[i], &object))
			continue;
		if (at + object.bytes <= placed[i].offset)
			break;
		if (placed[i].offset + aligned(placed[i].bytes) > at)
			at = placed[i].offset + aligned(placed[i].bytes);
	}
	object.offset = at;
	for (i = count; i && placed[i - 1].offset > at; i--)
		placed[i] = placed[i - 1];
	placed[i] = object;
}

/* Largest first; objects that always live before all others, as they come. */
static bool goes_before(const struct ir_object *a, const struct ir_object *b)
{
	if (a->always || b->always)
		return a->always && !b->always;
	return a->bytes > b->bytes;
}

static void sort_objects(struct ir *ir)
{
	struct ir_object object;
	uint32_t i, j;

	for (i = 1; i < ir->object_count; i++) {
		object = ir->objects[i];
		for (j = i; j && goes_before(&object, &ir->objects[j - 1]); j--)
			ir->objects[j] = ir->objects[j - 1];
		ir->objects[j] = object;
	}
}

static int place_objects(struct ir *ir)
{
	const struct ir_object *object;
	uint64_t end;
	uint32_t i;

	for (i = 0; i < ir->object_count; i++) {
		object = &ir->objects[i];
		if (object->bytes > ir->board->host_bytes)
			return refuse_size(ir, object->what, object->of,
					   object->bytes);
	}
	sort_objects(ir);
	for (i = 0; i < ir->object_count; i++)
		place_object(ir->objects, i, ir->objects[i]);
	for (i = 0; i < ir->object_count; i++) {
		object = &ir->objects[i];
		end = object->offset + aligned(object->bytes);
		ir->pool_bytes = end > ir->pool_bytes ? end : ir->pool_bytes;
	}
	if (ir->pool_bytes > ir->board->host_bytes)
		return refuse_size(ir, "the graph", "", ir->pool_bytes);
	return 0;
}

/* Adds a node to the frame buffers that a step reads, once. */
static void add_input(struct ir_step *step, uint32_t node)
{
	uint32_t i;

	for (i = 0; i < step->input_count; i++)
		if (step->inputs[i] == node)
			return;
	step->inputs[step->input_count++] = node;
}

static void list_inputs(struct ir *ir, struct ir_step *step)
{
	const struct ir_node *node;
	uint32_t i, j, most = 1;

	for (i = 0; i < step->node_count; i++)
		most += ir->nodes[step->nodes[i]].binding->input_count;
	step->inputs = arena_alloc(ir->arena, most, sizeof(*step->inputs));
	if (step->kind == IR_STEP_COPY) {
		add_input(step, step->nodes[0]);
		return;
	}
	for (i = 0; i < step->node_count; i++) {
		node = &ir->nodes[step->nodes[i]];
		for (j = 0; j < node->binding->input_count; j++)
			if (ir->nodes[node->source[j]].step != node->step)
				add_input(step, node->source[j]);
	}
}

/* Whole frames in and out: frame buffers and slots, not rows in the cache. */
static void count_bytes(struct ir *ir, struct ir_step *step)
{
	uint64_t frame = (uint64_t)ir->width * ir->height * 4;
	const struct ir_node *node;
	uint32_t i, j, sinks;

	step->bytes_read = frame * step->input_count;
	for (i = 0; i < step->node_count; i++) {
		node = &ir->nodes[step->nodes[i]];
		for (sinks = 0, j = 0; j < node->user_count; j++)
			sinks += ir->nodes[node->users[j]].sink != IR_NONE;
		if (step->kind == IR_STEP_FRAME)
			sinks = node->buffered ? 0 : 1;
		if (step->kind != IR_STEP_COPY && node->buffered)
			step->bytes_written += frame;
		step->bytes_written += frame * sinks;
	}
}

int pass_allocate(struct ir *ir)
{
	uint32_t i;

	allocate_rows(ir);
	for (i = 0; i < ir->step_count; i++) {
		list_inputs(ir, &ir->steps[i]);
		count_bytes(ir, &ir->steps[i]);
	}
	ir->pitch = (uint32_t)aligned((uint64_t)ir->width * 4);
	ir->params_bytes = params_bytes(ir);
	ir->objects = arena_alloc(ir->arena, 5 * ir->node_count + 1,
				  sizeof(*ir->objects));
	add_always(ir);
	add_passing(ir);
	return place_objects(ir);
}

/*
 * tools/graphc/allocate.c: lifetimes -> offsets in one pool a domain.
 *
 * In the host pool parameters, uniforms and state live all the time; frame
 * buffers and frame nodes' scratch live for some steps only. What a thread
 * writes while it draws a band, row scratches and the scratch of frame types
 * that draw in bands, is in the scratch pool, of which each thread has one. What
 * the device computes has its frame buffer in the device pool. What crosses
 * between the two backends has one there and one in the pinned pool, where the
 * CPU's steps read and write it; outputs that cross together lie side by side
 * in both, so that one copy moves them. Nothing in the pinned pool shares
 * bytes: copies may still be under way when a step of the CPU starts.
 *
 * Read rows.c first, offsets.c next.
 */
#include <stdio.h>
#include <string.h>

#include "tools/graphc/passes.h"

#define ROW_NAME_BYTES	12
#define BAND_BYTES	(256u << 10) /* that a band moves, at least */
#define BAND_ROWS_FRAME 64	     /* of a frame node, at least */

/* An object in the host pool that lives all the time, to be changed at will. */
static struct ir_object *add(struct ir *ir, const char *what, const char *of,
			     uint64_t bytes)
{
	struct ir_object *object = &ir->objects[ir->object_count++];

	object->domain = DOMAIN_HOST;
	object->what = what;
	object->of = of;
	object->bytes = bytes;
	object->always = true;
	return object;
}

/* sizeof(struct graph_NAME_params): one struct foo_params a node, in order. */
static uint32_t params_bytes(const struct ir *ir)
{
	uint32_t i, j, end = 0, align, bytes, widest = 1;
	const struct binding *binding;

	for (i = 0; i < ir->node_count; i++) {
		binding = ir->nodes[ir->tick_order[i]].binding;
		if (!binding->params_bytes)
			continue;
		for (align = 1, j = 0; j < binding->param_count; j++) {
			bytes = binding_element_bytes(binding->params[j].type);
			align = bytes > align ? bytes : align;
		}
		end = (end + align - 1) / align * align + binding->params_bytes;
		widest = align > widest ? align : widest;
	}
	return (end + widest - 1) / widest * widest;
}

/* What tick() uses, the same in every plan. */
static void add_shared(struct ir *ir)
{
	const struct ir_node *node;
	uint32_t i;

	if (ir->params_bytes)
		add(ir, "PARAMS", "", ir->params_bytes)->shared = true;
	if (ir->params_bytes)
		add(ir, "CHANGED", "", ir_param_count(ir) * sizeof(uint64_t))
			->shared = true;
	if (ir_count_count(ir))
		add(ir, "COUNTS", "", ir_count_count(ir) * sizeof(uint64_t))
			->shared = true;
	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[ir->tick_order[i]];
		if (node->uniform_bytes)
			add(ir, "UNIFORM_", node->c_upper, node->uniform_bytes)
				->shared = true;
	}
	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[ir->tick_order[i]];
		if (node->state_bytes)
			add(ir, "STATE_", node->c_upper, node->state_bytes)
				->shared = true;
	}
}

/* The rows of a sample node's windows, for its span. */
static void add_windows(struct ir *ir, const struct ir_node *node)
{
	uint64_t bytes = 0;
	uint32_t i;

	if (!ir_samples(node) || !node->binding->span ||
	    node->backend != GRAPH_BACKEND_CPU)
		return;
	for (i = 0; i < node->input_count; i++)
		bytes += ir_window_rows(&ir->nodes[node->from[i]]) *
			 ir_window_row_bytes(ir, &ir->nodes[node->from[i]]);
	add(ir, "WINDOW_", node->c_upper, bytes)->domain = DOMAIN_SCRATCH;
}

static void add_work(struct ir *ir)
{
	const struct ir_node *node;
	struct ir_object *object;
	uint32_t i;
	char *name;

	for (i = 0; i < ir->row_count; i++) {
		name = arena_alloc(ir->arena, ROW_NAME_BYTES, 1);
		snprintf(name, ROW_NAME_BYTES, "%u", i);
		add(ir, "ROW_", name, (uint64_t)ir->width * 4)->domain =
			DOMAIN_SCRATCH;
	}
	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[ir->order[i]];
		add_windows(ir, node);
		if (node->backend != GRAPH_BACKEND_CPU || !node->scratch_bytes)
			continue;
		object =
			add(ir, "SCRATCH_", node->c_upper, node->scratch_bytes);
		if (node->binding->bands)
			object->domain = DOMAIN_SCRATCH;
		object->always = false;
		object->first = object->last = node->step;
	}
}

/* The last step of a backend that reads a node's frame buffer, copies and
 * transfers included; at least `last`. */
static uint32_t last_reader(const struct ir *ir, uint32_t index,
			    enum graph_backend backend, uint32_t last)
{
	uint32_t i, j;

	for (i = last + 1; i < ir->step_count; i++)
		for (j = 0; j < ir->steps[i].input_count; j++)
			if (ir->steps[i].inputs[j] == index &&
			    ir->steps[i].backend == backend)
				last = i;
	return last;
}

/* Frame buffers side by side. `first` is the step that fills them; IR_NONE: the
 * steps of the nodes do. */
static void add_frames(struct ir *ir, enum domain domain, const uint32_t *nodes,
		       uint32_t count, uint32_t first)
{
	struct ir_object *object =
		add(ir, "FRAME_", ir->nodes[nodes[0]].c_upper,
		    (uint64_t)ir->pitch * ir->height * count);
	enum graph_backend reader = domain == DOMAIN_DEVICE ? GRAPH_BACKEND_CUDA
							    : GRAPH_BACKEND_CPU;
	uint32_t i, begin, end;

	object->domain = domain;
	object->nodes = nodes;
	object->node_count = count;
	object->always = domain == DOMAIN_PINNED;
	object->first = UINT32_MAX;
	object->last = 0;
	for (i = 0; i < count; i++) {
		begin = first == IR_NONE ? ir->nodes[nodes[i]].step : first;
		end = last_reader(ir, nodes[i], reader, begin);
		object->first = begin < object->first ? begin : object->first;
		object->last = end > object->last ? end : object->last;
	}
}

/* A source's frame on the device, from its upload to its last reader. */
static void allocate_add_picture(struct ir *ir, uint32_t upload)
{
	const uint32_t *index = ir->steps[upload].nodes;
	const struct ir_node *node = &ir->nodes[*index];
	struct ir_object *object;
	struct picture picture;
	uint32_t i, j;

	object = add(ir, "SOURCE_", node->c_upper,
		     graph_picture(&picture, node->format, node->width,
				   node->height, NULL));
	object->domain = DOMAIN_DEVICE;
	object->nodes = index;
	object->node_count = 1;
	object->picture = true;
	object->always = false;
	object->first = object->last = upload;
	for (i = upload; i < ir->step_count; i++)
		for (j = 0; j < ir->steps[i].source_count; j++)
			if (ir->steps[i].sources[j] == *index &&
			    ir->steps[i].backend == GRAPH_BACKEND_CUDA)
				object->last = i;
}

/* What a transfer moves, in both memories. */
static void add_crossing(struct ir *ir, uint32_t index, bool crosses[])
{
	const struct ir_step *step = &ir->steps[index];
	uint32_t i;

	add_frames(ir, DOMAIN_PINNED, step->nodes, step->node_count, index);
	add_frames(ir, DOMAIN_DEVICE, step->nodes, step->node_count,
		   step->kind == IR_STEP_UPLOAD ? index : IR_NONE);
	for (i = 0; i < step->node_count; i++)
		crosses[step->nodes[i]] = true;
}

/* Where the frame buffers of a backend's own are. */
static enum domain domain_of(enum graph_backend backend)
{
	return backend == GRAPH_BACKEND_CPU ? DOMAIN_HOST : DOMAIN_DEVICE;
}

static void add_all_frames(struct ir *ir)
{
	bool crosses[LIMIT_NODES] = {false};
	const struct ir_step *step;
	const uint32_t *index;
	uint32_t i;

	for (i = 0; i < ir->step_count; i++) {
		step = &ir->steps[i];
		if (step->kind == IR_STEP_SOURCE)
			allocate_add_picture(ir, i);
		else if (ir_is_transfer(step))
			add_crossing(ir, i, crosses);
		else if (step->kind == IR_STEP_LOAD && step->buffers)
			add_frames(ir, domain_of(step->backend), step->nodes, 1,
				   i);
	}
	for (i = 0; i < ir->work_count; i++) {
		index = &ir->order[i];
		if (ir->nodes[*index].buffered && !crosses[*index])
			add_frames(ir, domain_of(ir->nodes[*index].backend),
				   index, 1, IR_NONE);
	}
}

/* Adds a node to a list, once. */
static void add_once(uint32_t *list, uint32_t *count, uint32_t node)
{
	uint32_t i;

	for (i = 0; i < *count; i++)
		if (list[i] == node)
			return;
	list[(*count)++] = node;
}

/* What a computing step reads: frame buffers, and sources if it can load
 * them itself. */
static void list_reads(struct ir *ir, struct ir_step *step, uint32_t index)
{
	const struct ir_node *node = &ir->nodes[index];
	uint32_t i;

	for (i = 0; i < node->input_count; i++) {
		const struct ir_node *from = &ir->nodes[node->from[i]];

		if (from->source != IR_NONE && step->kind == IR_STEP_FUSED)
			add_once(step->sources, &step->source_count,
				 node->from[i]);
		else if (from->source != IR_NONE || from->step != node->step)
			add_once(step->inputs, &step->input_count,
				 node->from[i]);
	}
}

static void list_inputs(struct ir *ir, struct ir_step *step)
{
	uint32_t i, most = 1;

	for (i = 0; i < step->node_count; i++)
		most += 1 + ir->nodes[step->nodes[i]].input_count;
	step->inputs = arena_alloc(ir->arena, most, sizeof(*step->inputs));
	for (i = 0; i < step->node_count; i++) {
		if (step->kind == IR_STEP_LOAD || step->kind == IR_STEP_SOURCE)
			add_once(step->sources, &step->source_count,
				 step->nodes[i]);
		else if (step->kind == IR_STEP_COPY || ir_is_transfer(step))
			add_once(step->inputs, &step->input_count,
				 step->nodes[i]);
		else
			list_reads(ir, step, step->nodes[i]);
	}
}

static uint64_t source_bytes(const struct ir_node *node)
{
	uint64_t bytes = 0;
	uint32_t i;

	for (i = 0; i < graph_format_row(node->format)->planes; i++)
		bytes += (uint64_t)graph_plane_row_bytes(node->format, i,
							 node->width) *
			 graph_plane_rows(node->format, i, node->height);
	return bytes;
}

/* Sinks that a step fills. */
static uint32_t sinks_of(const struct ir *ir, const struct ir_step *step,
			 const struct ir_node *node)
{
	uint32_t i, sinks = 0;

	if (step->kind == IR_STEP_FRAME)
		return node->buffered ? 0 : 1;
	if (step->kind == IR_STEP_LOAD && step->backend != node->backend)
		return 0;
	for (i = 0; i < node->user_count; i++)
		sinks += ir->nodes[node->users[i]].sink != IR_NONE;
	return sinks;
}

/* Whole frames in and out: frame buffers, sources and slots, not rows in the
 * cache. */
static void count_bytes(struct ir *ir, struct ir_step *step)
{
	uint64_t frame = (uint64_t)ir->width * ir->height * 4;
	const struct ir_node *node;
	uint32_t i, buffers;

	for (i = 0; i < step->source_count; i++)
		step->bytes_read += source_bytes(&ir->nodes[step->sources[i]]);
	if (ir_is_transfer(step)) {
		step->bytes_read +=
			(uint64_t)ir->pitch * ir->height * step->input_count;
		step->bytes_written = step->bytes_read;
		return;
	}
	step->bytes_read += frame * step->input_count;
	for (i = 0; i < step->node_count; i++) {
		node = &ir->nodes[step->nodes[i]];
		buffers = step->kind == IR_STEP_LOAD ? step->buffers
			  : step->kind == IR_STEP_COPY ? 0
						       : node->buffered;
		step->bytes_written +=
			frame * (buffers + sinks_of(ir, step, node));
	}
}

/*
 * The rows of a band: so many that what they move is worth waking a thread for
 * and taking from a counter, and for a frame node what it computes again at a
 * band's edges is little. A step that has not two such bands stays on one core.
 */
static void choose_band(const struct ir *ir, struct ir_step *step)
{
	bool frame = step->kind == IR_STEP_FRAME;
	uint64_t moved = step->bytes_read + step->bytes_written;
	uint64_t rows = frame ? BAND_ROWS_FRAME : GRAPH_BAND;

	if (step->backend != GRAPH_BACKEND_CPU ||
	    (frame && !ir->nodes[step->nodes[0]].binding->bands))
		return;
	while (rows < ir->height && moved * rows < BAND_BYTES * ir->height)
		rows += GRAPH_BAND;
	step->band = (uint32_t)rows;
}

int pass_allocate(struct ir *ir)
{
	uint32_t i;

	if (ir->backend == GRAPH_BACKEND_CPU)
		ir->tick_order = ir->order;
	ir->pitch = (uint32_t)((ir->width * 4 + GRAPH_ALIGN - 1) / GRAPH_ALIGN *
			       GRAPH_ALIGN);
	for (i = 0; i < ir->step_count; i++)
		list_inputs(ir, &ir->steps[i]);
	allocate_rows(ir);
	for (i = 0; i < ir->step_count; i++)
		count_bytes(ir, &ir->steps[i]);
	for (i = 0; i < ir->step_count; i++)
		choose_band(ir, &ir->steps[i]);
	ir->params_bytes = params_bytes(ir);
	/* A node has at most a uniform, state, scratch, windows, a row of its
	   own and frame buffers in two domains. */
	ir->objects = arena_alloc(ir->arena, 7 * (size_t)ir->node_count + 1,
				  sizeof(*ir->objects));
	add_shared(ir);
	add_work(ir);
	add_all_frames(ir);
	return allocate_offsets(ir);
}

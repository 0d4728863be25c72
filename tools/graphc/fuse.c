/*
 * tools/graphc/fuse.c: maximal groups of pixel nodes; see passes.h.
 *
 * A frame node needs its whole input before it starts, so a group may not
 * reach around one. In the cuda plan the same is true of every node that stays
 * on the CPU, also of a pixel node. Such nodes are barriers. Example, with F a
 * barrier and the rest pixel nodes that can be fused:
 *
 *   a -> b -> F -> c -> d -> sink         levels: a b F  0, c d e  1
 *        e ------------>                  steps:  a+b | F | c+d+e
 *
 * A pixel node of kind sample reads whole inputs too, but is drawn pixel by pixel
 * itself: what feeds it has a lower level, and no group reaches across that edge.
 *
 * A node's level counts the barriers that must have run before it. A barrier
 * has its earliest level; a pixel node that leads to barriers (b above) the
 * latest that these allow, so that it joins its users and needs no buffer.
 * The others, which lead to sinks only, are free: connected ones (c, d, e) all
 * get the level that the last of them has to wait for. Connected pixel nodes of
 * one level form a group. An edge never leads to a lower level, and within a
 * level groups come before barriers: no cycle of steps can arise.
 */
#include "tools/graphc/passes.h"

#define FREE UINT32_MAX /* in place of a level, while levels are found */

/* Can it be fused in this plan? */
static bool is_pixel(const struct ir *ir, const struct ir_node *node)
{
	return (node->binding->kind == BINDING_PIXEL || ir_samples(node)) &&
	       node->backend == ir->backend;
}

/* Has `from` to be drawn in a lower level than `node`, which it feeds? */
static bool is_cut(const struct ir *ir, const struct ir_node *from,
		   const struct ir_node *node)
{
	return !is_pixel(ir, from) || (ir_samples(node) && is_pixel(ir, node));
}

/* The lowest level that a node's inputs allow; sources, which are there before
 * all steps, and free ones do not count. */
static uint32_t earliest_level(const struct ir *ir, const struct ir_node *node)
{
	const struct ir_node *from;
	uint32_t i, level, earliest = 0;

	for (i = 0; i < node->input_count; i++) {
		from = &ir->nodes[node->from[i]];
		if (from->source != IR_NONE || from->level == FREE)
			continue;
		level = from->level + (is_cut(ir, from, node) ? 1 : 0);
		earliest = level > earliest ? level : earliest;
	}
	return earliest;
}

/* The highest level that a node's users allow, or FREE. What a free sample node
 * reads keeps its earliest. */
static uint32_t latest_level(const struct ir *ir, const struct ir_node *node)
{
	const struct ir_node *user;
	uint32_t i, level, latest = FREE;

	for (i = 0; i < node->user_count; i++) {
		user = &ir->nodes[node->users[i]];
		if (user->sink != IR_NONE)
			continue;
		level = user->level;
		if (is_cut(ir, node, user))
			level = level == FREE ? node->level : level - 1;
		latest = level < latest ? level : latest;
	}
	return latest;
}

/* Sets of nodes: by node index, a node nearer to the set's first, or itself. */
struct sets {
	uint32_t nearer[LIMIT_NODES];
	uint32_t position[LIMIT_NODES]; /* in ir->order */
	uint32_t size[LIMIT_NODES];	/* of a first node's set */
};

/* The first node, in topological order, of the set that `node` is in. */
static uint32_t first_of(const struct sets *sets, uint32_t node)
{
	while (sets->nearer[node] != node)
		node = sets->nearer[node];
	return node;
}

static void unite(struct sets *sets, uint32_t a, uint32_t b)
{
	uint32_t swap, first = first_of(sets, a), second = first_of(sets, b);

	if (first == second)
		return;
	if (sets->position[first] > sets->position[second]) {
		swap = first;
		first = second;
		second = swap;
	}
	sets->nearer[second] = first;
	sets->size[first] += sets->size[second];
}

/* Unites connected pixel nodes of one level; FREE is one for this purpose. */
static void unite_levels(const struct ir *ir, struct sets *sets, uint32_t count)
{
	const struct ir_node *from, *node;
	uint32_t i, j;

	for (i = 0; i < count; i++) {
		node = &ir->nodes[ir->order[i]];
		if (!is_pixel(ir, node))
			continue;
		for (j = 0; j < node->input_count; j++) {
			from = &ir->nodes[node->from[j]];
			if (!is_cut(ir, from, node) &&
			    from->level == node->level)
				unite(sets, ir->order[i], node->from[j]);
		}
	}
}

static struct sets *new_sets(struct ir *ir, uint32_t count)
{
	struct sets *sets = arena_alloc(ir->arena, 1, sizeof(*sets));
	uint32_t i;

	for (i = 0; i < count; i++) {
		sets->nearer[ir->order[i]] = ir->order[i];
		sets->position[ir->order[i]] = i;
		sets->size[ir->order[i]] = 1;
	}
	return sets;
}

/* One level for connected free nodes: the latest of their earliest ones. */
static void bind_free(struct ir *ir, uint32_t count)
{
	uint32_t levels[LIMIT_NODES] = {0}; /* by first node */
	struct sets *sets = new_sets(ir, count);
	uint32_t i, first, level;

	unite_levels(ir, sets, count);
	for (i = 0; i < count; i++) {
		first = first_of(sets, ir->order[i]);
		level = earliest_level(ir, &ir->nodes[ir->order[i]]);
		levels[first] = level > levels[first] ? level : levels[first];
	}
	for (i = 0; i < count; i++)
		if (ir->nodes[ir->order[i]].level == FREE)
			ir->nodes[ir->order[i]].level =
				levels[first_of(sets, ir->order[i])];
}

static void find_levels(struct ir *ir, uint32_t count)
{
	struct ir_node *node;
	uint32_t i;

	for (i = 0; i < count; i++) {
		node = &ir->nodes[ir->order[i]];
		node->level = earliest_level(ir, node);
	}
	for (i = count; i-- > 0;) {
		node = &ir->nodes[ir->order[i]];
		if (is_pixel(ir, node))
			node->level = latest_level(ir, node);
	}
	bind_free(ir, count);
}

static struct ir_step *fuse_add_step(struct ir *ir, enum ir_step_kind kind,
				const struct ir_node *node, uint32_t nodes)
{
	struct ir_step *step = &ir->steps[ir->step_count++];

	step->kind = kind;
	step->backend = node->backend;
	step->barrier = !is_pixel(ir, node);
	step->level = node->level;
	step->nodes = arena_alloc(ir->arena, nodes, sizeof(*step->nodes));
	return step;
}

/* Puts a node into its set's step, which the first of the set makes. */
static void take_node(struct ir *ir, const struct sets *sets, uint32_t index)
{
	struct ir_node *node = &ir->nodes[index];
	uint32_t first = first_of(sets, index);
	struct ir_step *step;

	if (first == index) {
		node->step = ir->step_count;
		step = fuse_add_step(ir,
				node->binding->kind == BINDING_FRAME
					? IR_STEP_FRAME
					: IR_STEP_FUSED,
				node, sets->size[index]);
	} else {
		node->step = ir->nodes[first].step;
		step = &ir->steps[node->step];
	}
	step->nodes[step->node_count++] = index;
}

/* A frame node draws straight into a sink's slot if that is its only user;
 * other sinks of frame nodes are filled by a copy of its frame buffer. */
static void fuse_add_copy(struct ir *ir, uint32_t index)
{
	const struct ir_node *node = &ir->nodes[index];
	struct ir_step *step;
	uint32_t i, sinks = 0;

	for (i = 0; i < node->user_count; i++)
		sinks += ir->nodes[node->users[i]].sink != IR_NONE;
	if (node->binding->kind != BINDING_FRAME || !sinks ||
	    node->user_count == 1)
		return;
	step = fuse_add_step(ir, IR_STEP_COPY, node, 1);
	step->nodes[step->node_count++] = index;
}

/* The lowest level of the frame nodes on a backend that a source feeds; FREE:
 * none. */
static uint32_t frame_level(const struct ir *ir, const struct ir_node *source,
			    enum graph_backend backend)
{
	const struct ir_node *user;
	uint32_t i, level = FREE;

	for (i = 0; i < source->user_count; i++) {
		user = &ir->nodes[source->users[i]];
		if (user->binding->kind == BINDING_FRAME &&
		    user->backend == backend && user->level < level)
			level = user->level;
	}
	return level;
}

/*
 * Pixel nodes load a source's rows as they go. Frame nodes, which take whole
 * images with X = 0xFF, and sinks need a step that does it for them: a frame
 * buffer on each backend with such nodes, sinks on the plan's.
 */
static void add_load(struct ir *ir, uint32_t index, enum graph_backend backend)
{
	const struct ir_node *node = &ir->nodes[index];
	uint32_t i, sinks = 0, level = frame_level(ir, node, backend);
	struct ir_step *step;

	for (i = 0; i < node->user_count && backend == node->backend; i++)
		sinks += ir->nodes[node->users[i]].sink != IR_NONE;
	if (!sinks && level == FREE)
		return;
	step = fuse_add_step(ir, IR_STEP_LOAD, node, 1);
	step->backend = backend;
	step->level = level == FREE ? 0 : level;
	step->buffers = level != FREE;
	step->nodes[step->node_count++] = index;
}

void pass_fuse(struct ir *ir)
{
	uint32_t i, count = ir->work_count;
	enum graph_backend backend;
	struct sets *sets = new_sets(ir, count);

	/* A step and a copy for each node, and in the schedule an upload and a
	   download for each level; two loads and an upload for a source. */
	ir->steps = arena_alloc(ir->arena, 4 * (size_t)ir->node_count,
				sizeof(*ir->steps));
	find_levels(ir, count);
	if (ir->fuse)
		unite_levels(ir, sets, count);
	for (i = 0; i < count; i++)
		take_node(ir, sets, ir->order[i]);
	for (i = 0; i < count; i++)
		fuse_add_copy(ir, ir->order[i]);
	for (i = 0; i < ir->source_count; i++)
		for (backend = 0; backend < GRAPH_BACKEND_COUNT; backend++)
			add_load(ir, ir->sources[i], backend);
}

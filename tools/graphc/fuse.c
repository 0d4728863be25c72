/*
 * tools/graphc/fuse.c: maximal groups of pixel nodes; see passes.h.
 *
 * A frame node needs its whole input before it starts, so a group may not
 * reach around one. Example, with F a frame node and the rest pixel nodes:
 *
 *   a -> b -> F -> c -> d -> sink         levels: a b F  0, c d e  1
 *        e ------------>                  steps:  a+b | F | c+d+e
 *
 * A node's level counts the frame nodes that must have run before it. A frame
 * node and a pixel node that feeds only sinks have their earliest level; other
 * pixel nodes (e above) the latest that their users allow, so that they join
 * their users and need no buffer. Connected pixel nodes of one level form a
 * group. An edge never leads to a lower level, and within a level groups come
 * before frame nodes: no cycle of steps can arise.
 */
#include "tools/graphc/passes.h"

static bool is_pixel(const struct ir_node *node)
{
	return node->binding->kind == BINDING_PIXEL;
}

static bool is_frame(const struct ir_node *node)
{
	return node->binding->kind == BINDING_FRAME;
}

static void earliest_level(struct ir *ir, struct ir_node *node)
{
	const struct ir_node *source;
	uint32_t i, level;

	for (i = 0; i < node->binding->input_count; i++) {
		source = &ir->nodes[node->source[i]];
		level = source->level + (is_frame(source) ? 1 : 0);
		if (level > node->level)
			node->level = level;
	}
}

static void latest_level(struct ir *ir, struct ir_node *node)
{
	const struct ir_node *user;
	uint32_t i, latest = IR_NONE;

	if (!is_pixel(node))
		return;
	for (i = 0; i < node->user_count; i++) {
		user = &ir->nodes[node->users[i]];
		if (user->sink == IR_NONE && user->level < latest)
			latest = user->level;
	}
	if (latest != IR_NONE)
		node->level = latest;
}

/* The first node, in topological order, of the group that `node` is in. */
static uint32_t find(const uint32_t *leader, uint32_t node)
{
	while (leader[node] != node)
		node = leader[node];
	return node;
}

static void join(uint32_t *leader, const uint32_t *position, uint32_t a,
		 uint32_t b)
{
	uint32_t first = find(leader, a), second = find(leader, b);

	if (position[first] < position[second])
		leader[second] = first;
	else
		leader[first] = second;
}

static void join_group(struct ir *ir, uint32_t *leader,
		       const uint32_t *position, uint32_t index)
{
	const struct ir_node *source, *node = &ir->nodes[index];
	uint32_t i;

	if (!is_pixel(node))
		return;
	for (i = 0; i < node->binding->input_count; i++) {
		source = &ir->nodes[node->source[i]];
		if (is_pixel(source) && source->level == node->level)
			join(leader, position, index, node->source[i]);
	}
}

static struct ir_step *add_step(struct ir *ir, enum ir_step_kind kind,
				uint32_t level, uint32_t nodes)
{
	struct ir_step *step = &ir->steps[ir->step_count++];

	step->kind = kind;
	step->level = level;
	step->nodes = arena_alloc(ir->arena, nodes, sizeof(*step->nodes));
	return step;
}

/* Puts a node into its leader's step; the leader comes first and makes it. */
static void take_node(struct ir *ir, const uint32_t *leader,
		      const uint32_t *members, uint32_t index)
{
	struct ir_node *node = &ir->nodes[index];
	uint32_t lead = find(leader, index);
	struct ir_step *step;

	if (lead == index) {
		node->step = ir->step_count;
		step = add_step(ir, is_frame(node) ? IR_STEP_FRAME
						   : IR_STEP_FUSED,
				node->level, members[index]);
	} else {
		node->step = ir->nodes[lead].step;
		step = &ir->steps[node->step];
	}
	step->nodes[step->node_count++] = index;
}

/* A frame node draws straight into a sink's slot if that is its only user;
 * other sinks of frame nodes are filled by a copy of its frame buffer. */
static void add_copy(struct ir *ir, uint32_t index)
{
	const struct ir_node *node = &ir->nodes[index];
	struct ir_step *step;
	uint32_t i, sinks = 0;

	for (i = 0; i < node->user_count; i++)
		sinks += ir->nodes[node->users[i]].sink != IR_NONE;
	if (!is_frame(node) || !sinks || node->user_count == 1)
		return;
	step = add_step(ir, IR_STEP_COPY, node->level, 1);
	step->nodes[step->node_count++] = index;
}

void pass_fuse(struct ir *ir)
{
	uint32_t i, count = ir->node_count - ir->sink_count;
	uint32_t *leader, *position, *members;

	leader = arena_alloc(ir->arena, ir->node_count, sizeof(*leader));
	position = arena_alloc(ir->arena, ir->node_count, sizeof(*position));
	members = arena_alloc(ir->arena, ir->node_count, sizeof(*members));
	ir->steps = arena_alloc(ir->arena, 2 * ir->node_count,
				sizeof(*ir->steps));
	for (i = 0; i < count; i++) {
		position[ir->order[i]] = i;
		leader[ir->order[i]] = ir->order[i];
		earliest_level(ir, &ir->nodes[ir->order[i]]);
	}
	for (i = count; i-- > 0;)
		latest_level(ir, &ir->nodes[ir->order[i]]);
	for (i = 0; i < count && ir->fuse; i++)
		join_group(ir, leader, position, ir->order[i]);
	for (i = 0; i < count; i++)
		members[find(leader, ir->order[i])]++;
	for (i = 0; i < count; i++)
		take_node(ir, leader, members, ir->order[i]);
	for (i = 0; i < count; i++)
		add_copy(ir, ir->order[i]);
}

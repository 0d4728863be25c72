/*
 * tools/graphc/check.c: is it a graph that can run? See passes.h.
 *
 * After this pass every input has one producer, every output a user, and
 * ir->order is a topological order: proof that there is no cycle.
 */
#include <stdio.h>

#include "tools/graphc/formula.h"
#include "tools/graphc/passes.h"

static int check_rate(const struct ir *ir)
{
	if (ir->rate_num < ir->rate_den ||
	    ir->rate_num > (uint64_t)ir->rate_den * ir->board->rate_max)
		return diag_refuse(ir->diag, ir->rate_at, RULE_RATE_RANGE,
				   "board %s holds 1 to %u ticks a second",
				   ir->board->name, ir->board->rate_max);
	return 0;
}

static int connect(struct ir *ir, const struct ir_link *link)
{
	struct ir_node *to = &ir->nodes[link->to.index];
	struct ir_node *from = &ir->nodes[link->from.index];
	uint32_t before = to->from[link->input];

	if (to == from)
		return diag_refuse(ir->diag, link->to.at, RULE_SELF_LINK,
				   "'%s' would feed itself", to->name);
	if (before != IR_NONE)
		return diag_refuse(ir->diag, link->to.at, RULE_TWO_PRODUCERS,
				   "input '%s' of '%s' is already fed by '%s' "
				   "(line %u); one link an input",
				   to->binding->inputs[link->input], to->name,
				   ir->nodes[before].name,
				   to->linked[link->input].line);
	to->from[link->input] = link->from.index;
	to->linked[link->input] = link->to.at;
	from->user_count++;
	return 0;
}

static int connect_all(struct ir *ir)
{
	uint32_t i, j;

	for (i = 0; i < ir->node_count; i++)
		for (j = 0; j < LIMIT_INPUTS; j++)
			ir->nodes[i].from[j] = IR_NONE;
	for (i = 0; i < ir->link_count; i++)
		if (connect(ir, &ir->links[i]))
			return -1;
	return 0;
}

/* The inputs that are fed: all, but for optional ones at the end. */
static int check_inputs(const struct ir *ir, struct ir_node *node)
{
	const struct binding *binding = node->binding;
	uint32_t i, least = binding->input_count - binding->optional;

	node->input_count = binding->input_count;
	while (node->input_count > least &&
	       node->from[node->input_count - 1] == IR_NONE)
		node->input_count--;
	for (i = 0; i < node->input_count; i++)
		if (node->from[i] == IR_NONE)
			return diag_refuse(ir->diag, node->at,
					   RULE_UNCONNECTED_INPUT,
					   "input '%s' of '%s' (%s) is not "
					   "fed; link something to it",
					   node->binding->inputs[i], node->name,
					   node->type);
	return 0;
}

/* A parameter that names an input names one that is fed. */
static int check_named(const struct ir *ir, const struct ir_node *node,
		       uint32_t index)
{
	const struct binding_param *param = &node->binding->params[index];
	const struct tree *given = tree_get(node->tree, param->name);
	uint32_t i, named;

	if (!binding_names_inputs(node->binding, param))
		return 0;
	for (i = 0; i < param->count; i++) {
		named = (uint32_t)node->values[index][i];
		if (named >= node->input_count)
			return diag_refuse(
				ir->diag, given ? given->at : node->at,
				RULE_UNCONNECTED_INPUT,
				"'%s' is input '%s' of '%s', which nothing "
				"feeds; link something to it, or name another",
				param->name, param->choices[named], node->name);
	}
	return 0;
}

static int check_ports(const struct ir *ir, struct ir_node *node)
{
	uint32_t i;

	if (check_inputs(ir, node))
		return -1;
	for (i = 0; i < node->binding->param_count; i++)
		if (check_named(ir, node, i))
			return -1;
	if (node->binding->output && !node->user_count)
		return diag_refuse(ir->diag, node->at, RULE_UNUSED_OUTPUT,
				   "the output of '%s' (%s) goes nowhere; link "
				   "it or remove the node",
				   node->name, node->type);
	return 0;
}

/* Lists each node's users, in the order of the links. */
static void list_users(struct ir *ir)
{
	struct ir_node *node;
	uint32_t i;

	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[i];
		node->users = arena_alloc(ir->arena, node->user_count,
					  sizeof(*node->users));
		node->user_count = 0;
	}
	for (i = 0; i < ir->link_count; i++) {
		node = &ir->nodes[ir->links[i].from.index];
		node->users[node->user_count++] = ir->links[i].to.index;
	}
}

enum state { NEW, ON_PATH, DONE };

/* The walk from the sinks back to what they are made from. */
struct walk {
	struct ir *ir;
	enum state state[LIMIT_NODES];
	uint32_t path[LIMIT_NODES], depth; /* each is fed by the next */
	uint32_t taken;
};

/* path[start] feeds the last of the path: a cycle. Printed from its first
 * declared node: "b -> c -> b". */
static int refuse_cycle(const struct walk *walk, uint32_t start)
{
	uint32_t i, length = walk->depth - start, first = 0;
	const uint32_t *path = walk->path + start;
	const struct ir *ir = walk->ir;
	char text[600];
	size_t used;

	for (i = 1; i < length; i++)
		if (path[i] < path[first])
			first = i;
	used = (size_t)snprintf(text, sizeof(text), "%s",
				ir->nodes[path[first]].name);
	for (i = 1; i <= length && used < sizeof(text); i++)
		used += (size_t)snprintf(
			text + used, sizeof(text) - used, " -> %s",
			ir->nodes[path[(first + length - i) % length]].name);
	return diag_refuse(ir->diag, ir->nodes[path[first]].at, RULE_CYCLE,
			   "%u nodes feed each other: %s", length, text);
}

/* Puts a node into ir->order, after all that feeds it. */
static int take(struct walk *walk, uint32_t index)
{
	const struct ir_node *node = &walk->ir->nodes[index];
	uint32_t i, start = 0;

	if (walk->state[index] == DONE)
		return 0;
	if (walk->state[index] == ON_PATH) {
		while (walk->path[start] != index)
			start++;
		return refuse_cycle(walk, start);
	}
	walk->state[index] = ON_PATH;
	walk->path[walk->depth++] = index;
	for (i = 0; i < node->input_count; i++)
		if (take(walk, node->from[i]))
			return -1;
	walk->depth--;
	walk->state[index] = DONE;
	if (node->sink == IR_NONE && node->source == IR_NONE)
		walk->ir->order[walk->taken++] = index;
	return 0;
}

/* From each sink back, depth first: what a node needs comes shortly before it,
 * so that few rows or frames wait. Those that lead to no sink feed a cycle. */
static int order_nodes(struct ir *ir)
{
	struct walk *walk = arena_alloc(ir->arena, 1, sizeof(*walk));
	uint32_t i;

	walk->ir = ir;
	ir->order = arena_alloc(ir->arena, ir->node_count, sizeof(*ir->order));
	for (i = 0; i < ir->sink_count; i++)
		if (take(walk, ir->sinks[i]))
			return -1;
	for (i = 0; i < ir->node_count; i++)
		if (take(walk, i))
			return -1;
	ir->work_count = walk->taken;
	for (i = 0; i < ir->source_count; i++)
		ir->order[walk->taken++] = ir->sources[i];
	for (i = 0; i < ir->sink_count; i++)
		ir->order[walk->taken++] = ir->sinks[i];
	return 0;
}

static int check_list_sinks(struct ir *ir)
{
	uint32_t i;

	ir->sinks = arena_alloc(ir->arena, LIMIT_SINKS, sizeof(*ir->sinks));
	for (i = 0; i < ir->node_count; i++) {
		ir->nodes[i].sink = IR_NONE;
		if (ir->nodes[i].binding->kind != BINDING_SINK)
			continue;
		if (ir->sink_count == LIMIT_SINKS)
			return diag_refuse(
				ir->diag, ir->nodes[i].at, RULE_SINK_COUNT,
				"over %d sinks, the limit", LIMIT_SINKS);
		ir->nodes[i].sink = ir->sink_count;
		ir->sinks[ir->sink_count++] = i;
	}
	if (!ir->sink_count)
		return diag_refuse(ir->diag, ir->nodes_at, RULE_SINK_COUNT,
				   "no sink; add a node such as "
				   "screen: {type: display}");
	return 0;
}

/* What it feeds has the graph's size, or reads pictures of any. */
static int check_source(const struct ir *ir, const struct ir_node *node)
{
	const struct ir_node *user;
	uint32_t i;

	if (node->width == ir->width && node->height == ir->height)
		return 0;
	for (i = 0; i < node->user_count; i++) {
		user = &ir->nodes[node->users[i]];
		if (ir_samples(user))
			continue;
		return diag_refuse(ir->diag, node->size_at, RULE_SOURCE_SIZE,
				   "source '%s' is %ux%u and feeds '%s', which "
				   "has the graph's size: put a node of type fit "
				   "between, or make it %ux%u",
				   node->name, node->width, node->height,
				   user->name, ir->width, ir->height);
	}
	return 0;
}

static int check_sources(const struct ir *ir)
{
	uint32_t i;

	for (i = 0; i < ir->source_count; i++)
		if (check_source(ir, &ir->nodes[ir->sources[i]]))
			return -1;
	return 0;
}

/* The other one's frame is chosen first, so that there is no circle. */
static int check_with(const struct ir *ir, const struct ir_node *node)
{
	const struct ir_node *other = &ir->nodes[node->with];

	if (other == node)
		return diag_refuse(ir->diag, node->with_at, RULE_SOURCE_WITH,
				   "'%s' would be taken with itself",
				   node->name);
	if (other->source == IR_NONE)
		return diag_refuse(ir->diag, node->with_at, RULE_SOURCE_WITH,
				   "'%s' is no source", other->name);
	if (other->policy == GRAPH_POLICY_WITH)
		return diag_refuse(ir->diag, node->with_at, RULE_SOURCE_WITH,
				   "'%s' is taken with '%s': name that one",
				   other->name, ir->nodes[other->with].name);
	return 0;
}

static int check_all_with(const struct ir *ir)
{
	uint32_t i;

	for (i = 0; i < ir->source_count; i++) {
		const struct ir_node *node = &ir->nodes[ir->sources[i]];

		if (node->policy == GRAPH_POLICY_WITH && check_with(ir, node))
			return -1;
	}
	return 0;
}

static int list_sources(struct ir *ir)
{
	uint32_t i;

	ir->sources =
		arena_alloc(ir->arena, LIMIT_SOURCES, sizeof(*ir->sources));
	for (i = 0; i < ir->node_count; i++) {
		ir->nodes[i].source = IR_NONE;
		if (ir->nodes[i].binding->kind != BINDING_SOURCE)
			continue;
		if (ir->source_count == LIMIT_SOURCES)
			return diag_refuse(ir->diag, ir->nodes[i].at,
					   RULE_SOURCE_COUNT,
					   "over %d sources, the limit",
					   LIMIT_SOURCES);
		ir->nodes[i].source = ir->source_count;
		ir->sources[ir->source_count++] = i;
	}
	return check_all_with(ir);
}

static int check_formula(const struct ir *ir, const struct ir_node *node,
			 const char *key, const char *formula, uint64_t *bytes)
{
	enum formula_status status;
	uint32_t offset;

	status = formula_value(formula, ir->width, ir->height, bytes, &offset);
	if (status == FORMULA_OK)
		return 0;
	return diag_refuse(ir->diag, node->at, RULE_FORMULA_VALUE,
			   "%s of type '%s' at %ux%u: %s in '%s'", key,
			   node->type, ir->width, ir->height,
			   formula_problem(status),
			   diag_quote(ir->diag, formula));
}

/* The head is a part of the uniform; and both are small enough to be copied
 * every tick. */
static int check_uniform(const struct ir *ir, struct ir_node *node)
{
	const struct binding *binding = node->binding;

	node->head_bytes = node->uniform_bytes;
	if (binding->head && check_formula(ir, node, "uniform_head",
					   binding->head, &node->head_bytes))
		return -1;
	if (node->uniform_bytes > LIMIT_UNIFORM)
		return diag_refuse(ir->diag, node->at, RULE_FORMULA_VALUE,
				   "uniform of type '%s' at %ux%u: %llu bytes; "
				   "the limit is %u",
				   node->type, ir->width, ir->height,
				   (unsigned long long)node->uniform_bytes,
				   LIMIT_UNIFORM);
	if (node->head_bytes > node->uniform_bytes)
		return diag_refuse(ir->diag, node->at, RULE_FORMULA_VALUE,
				   "uniform_head of type '%s' at %ux%u: %llu "
				   "bytes of a uniform of %llu",
				   node->type, ir->width, ir->height,
				   (unsigned long long)node->head_bytes,
				   (unsigned long long)node->uniform_bytes);
	return 0;
}

static int check_bytes(const struct ir *ir, struct ir_node *node)
{
	const struct binding *binding = node->binding;

	if (check_formula(ir, node, "uniform", binding->uniform,
			  &node->uniform_bytes) ||
	    check_formula(ir, node, "state", binding->state,
			  &node->state_bytes) ||
	    check_uniform(ir, node))
		return -1;
	/* tick() puts its matrix where others have their uniform */
	if (binding->kind == BINDING_SOURCE &&
	    graph_format_is_ycbcr(node->format))
		node->uniform_bytes = node->head_bytes = sizeof(struct ycbcr);
	return check_formula(ir, node, "scratch", binding->scratch,
			     &node->scratch_bytes);
}

int pass_check(struct ir *ir)
{
	uint32_t i;

	if (check_rate(ir) || check_list_sinks(ir) || list_sources(ir) ||
	    connect_all(ir))
		return -1;
	for (i = 0; i < ir->node_count; i++)
		if (check_ports(ir, &ir->nodes[i]) ||
		    check_bytes(ir, &ir->nodes[i]))
			return -1;
	list_users(ir);
	if (check_sources(ir))
		return -1;
	return order_nodes(ir);
}

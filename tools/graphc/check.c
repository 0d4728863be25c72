/*
 * tools/graphc/check.c: is it a graph that can run? See passes.h.
 *
 * After this pass every input has one producer, every output a user, and
 * ir->order is a topological order: proof that there is no cycle.
 */
#include <stdio.h>
#include <string.h>

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
	uint32_t before = to->source[link->input];

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
	to->source[link->input] = link->from.index;
	to->linked[link->input] = link->to.at;
	from->user_count++;
	return 0;
}

static int connect_all(struct ir *ir)
{
	uint32_t i, j;

	for (i = 0; i < ir->node_count; i++)
		for (j = 0; j < LIMIT_INPUTS; j++)
			ir->nodes[i].source[j] = IR_NONE;
	for (i = 0; i < ir->link_count; i++)
		if (connect(ir, &ir->links[i]))
			return -1;
	return 0;
}

static int check_ports(const struct ir *ir, const struct ir_node *node)
{
	uint32_t i;

	for (i = 0; i < node->binding->input_count; i++)
		if (node->source[i] == IR_NONE)
			return diag_refuse(ir->diag, node->at,
					   RULE_UNCONNECTED_INPUT,
					   "input '%s' of '%s' (%s) is not "
					   "fed; link something to it",
					   node->binding->inputs[i],
					   node->name, node->type);
	if (node->binding->output && !node->user_count)
		return diag_refuse(ir->diag, node->at, RULE_UNUSED_OUTPUT,
				   "the output of '%s' (%s) goes nowhere; link "
				   "it or remove the node", node->name,
				   node->type);
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

/* The producer of one of a waiting node's inputs that waits too. */
static uint32_t waiting_source(const struct ir *ir, const uint32_t *waiting,
			       uint32_t node)
{
	const struct ir_node *at = &ir->nodes[node];
	uint32_t i = 0;

	while (!waiting[at->source[i]])
		i++;
	return at->source[i];
}

/* Every waiting node waits for another, so that walking back from any of them
 * ends on a cycle. Printed from its first declared node: "b -> c -> b". */
static int refuse_cycle(const struct ir *ir, const uint32_t *waiting,
			uint32_t at)
{
	char path[512] = "";
	uint32_t i, start, length = 0;
	size_t used;

	for (i = 0; i < ir->node_count; i++)
		at = waiting_source(ir, waiting, at);
	start = at;
	for (i = at; length == 0 || i != at; length++) {
		i = waiting_source(ir, waiting, i);
		start = i < start ? i : start;
	}
	snprintf(path, sizeof(path), "%s", ir->nodes[start].name);
	at = start;
	do {
		char longer[sizeof(path)];

		at = waiting_source(ir, waiting, at);
		used = (size_t)snprintf(longer, sizeof(longer), "%s -> %s",
					ir->nodes[at].name, path);
		if (used >= sizeof(longer))
			break; /* the rest of a long cycle is not printed */
		memcpy(path, longer, used + 1);
	} while (at != start);
	return diag_refuse(ir->diag, ir->nodes[start].at, RULE_CYCLE,
			   "%u nodes feed each other: %s", length, path);
}

/* A node is ready when none of its inputs' producers waits. */
static bool is_ready(const struct ir *ir, const uint32_t *waiting,
		     uint32_t node)
{
	const struct ir_node *at = &ir->nodes[node];
	uint32_t i;

	for (i = 0; i < at->binding->input_count; i++)
		if (waiting[at->source[i]])
			return false;
	return true;
}

/* Takes the first declared node that is ready, again and again; sinks last. */
static int order_nodes(struct ir *ir)
{
	uint32_t *waiting, i, taken = 0, sink, count = ir->node_count;

	waiting = arena_alloc(ir->arena, count, sizeof(*waiting));
	ir->order = arena_alloc(ir->arena, count, sizeof(*ir->order));
	for (i = 0; i < count; i++)
		waiting[i] = ir->nodes[i].sink == IR_NONE;
	while (taken < count - ir->sink_count) {
		for (i = 0; i < count; i++)
			if (waiting[i] && is_ready(ir, waiting, i))
				break;
		if (i == count) {
			for (i = 0; !waiting[i]; i++)
				;
			return refuse_cycle(ir, waiting, i);
		}
		waiting[i] = 0;
		ir->order[taken++] = i;
	}
	for (sink = 0; sink < ir->sink_count; sink++)
		ir->order[taken++] = ir->sinks[sink];
	return 0;
}

static int list_sinks(struct ir *ir)
{
	uint32_t i;

	ir->sinks = arena_alloc(ir->arena, LIMIT_SINKS, sizeof(*ir->sinks));
	for (i = 0; i < ir->node_count; i++) {
		ir->nodes[i].sink = IR_NONE;
		if (ir->nodes[i].binding->kind != BINDING_SINK)
			continue;
		if (ir->sink_count == LIMIT_SINKS)
			return diag_refuse(ir->diag, ir->nodes[i].at,
					   RULE_SINK_COUNT,
					   "over %d sinks, the limit",
					   LIMIT_SINKS);
		ir->nodes[i].sink = ir->sink_count;
		ir->sinks[ir->sink_count++] = i;
	}
	if (!ir->sink_count)
		return diag_refuse(ir->diag, ir->nodes_at, RULE_SINK_COUNT,
				   "no sink; add a node such as "
				   "screen: {type: display}");
	return 0;
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

static int check_bytes(const struct ir *ir, struct ir_node *node)
{
	const struct binding *binding = node->binding;

	if (check_formula(ir, node, "uniform", binding->uniform,
			  &node->uniform_bytes) ||
	    check_formula(ir, node, "state", binding->state,
			  &node->state_bytes))
		return -1;
	return check_formula(ir, node, "scratch", binding->scratch,
			     &node->scratch_bytes);
}

int pass_check(struct ir *ir)
{
	uint32_t i;

	if (check_rate(ir) || list_sinks(ir) || connect_all(ir))
		return -1;
	for (i = 0; i < ir->node_count; i++)
		if (check_ports(ir, &ir->nodes[i]) ||
		    check_bytes(ir, &ir->nodes[i]))
			return -1;
	list_users(ir);
	return order_nodes(ir);
}

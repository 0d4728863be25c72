/*
 * tests/graph/random_graph.c: see random_graph.h.
 *
 * Nodes are made one after the other, each fed by earlier ones, so there is no
 * cycle; then outputs that nothing uses are joined until few enough are left
 * for a sink each.
 */
#include "tests/graph/random_graph.h"

#include <string.h>

#define NODES_MAX 40 /* made at random: up to 14; then joins and sinks */

struct node {
	const struct binding *binding;
	uint32_t source[LIMIT_INPUTS];
	uint32_t fed; /* inputs */
	uint32_t users;
};

struct maker {
	struct text *text;
	uint64_t state;
	const struct binding *generators[LIMIT_TYPES], *filters[LIMIT_TYPES];
	const struct binding *joins[LIMIT_TYPES], *sinks[LIMIT_TYPES];
	const struct binding *source;
	uint32_t generator_count, filter_count, join_count, sink_count;
	uint32_t width, height, sources; /* of the graph; made so far */
	struct node nodes[NODES_MAX];
	uint32_t count;
};

/* splitmix64 */
static uint64_t next(struct maker *m)
{
	uint64_t z = (m->state += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

/* 0 .. count-1 */
static uint32_t pick(struct maker *m, uint32_t count)
{
	return (uint32_t)(next(m) % count);
}

static void sort_type(struct maker *m, const struct binding *binding)
{
	if (binding->kind == BINDING_SINK)
		m->sinks[m->sink_count++] = binding;
	else if (binding->kind == BINDING_SOURCE)
		m->source = binding;
	else if (!binding->input_count)
		m->generators[m->generator_count++] = binding;
	else
		m->filters[m->filter_count++] = binding;
	if (binding->kind != BINDING_SINK && binding->input_count > 1)
		m->joins[m->join_count++] = binding;
}

static int read_types(struct maker *m, struct library *library,
		      struct diag *diag)
{
	const struct binding *binding;
	uint32_t i;

	for (i = 0; i < library->count; i++) {
		binding = library_find(library, library->names[i],
				       (struct where){1, 1}, diag);
		if (!binding)
			return -1;
		sort_type(m, binding);
	}
	return 0;
}

/* An earlier output: often one that nothing uses yet. */
static uint32_t pick_output(struct maker *m, uint32_t count)
{
	uint32_t tries, node = pick(m, count);

	for (tries = 0; tries < 4 && m->nodes[node].users; tries++)
		node = pick(m, count);
	return node;
}

/* Begins a node, which has some of its optional inputs. */
static struct node *begin(struct maker *m, const struct binding *binding)
{
	struct node *node = &m->nodes[m->count];

	node->binding = binding;
	node->users = 0;
	node->fed = binding->input_count;
	if (binding->optional)
		node->fed -= pick(m, binding->optional + 1);
	return node;
}

static void add(struct maker *m, const struct binding *binding)
{
	struct node *node = begin(m, binding);
	uint32_t i;

	for (i = 0; i < node->fed; i++) {
		node->source[i] = pick_output(m, m->count);
		m->nodes[node->source[i]].users++;
	}
	m->count++;
}

/* A picture from nothing: drawn, or as often from outside. */
static const struct binding *pick_first(struct maker *m)
{
	if (m->sources == GRAPH_SOURCES_MAX || pick(m, 2))
		return m->generators[pick(m, m->generator_count)];
	m->sources++;
	return m->source;
}

static void add_nodes(struct maker *m)
{
	uint32_t i, count = 1 + pick(m, 14);

	for (i = 0; i < count; i++) {
		if (!i || pick(m, 4) == 0)
			add(m, pick_first(m));
		else
			add(m, m->filters[pick(m, m->filter_count)]);
	}
}

static uint32_t unused(const struct maker *m, uint32_t nth)
{
	uint32_t i;

	for (i = 0; i < m->count; i++)
		if (m->nodes[i].binding->output && !m->nodes[i].users && !nth--)
			break;
	return i;
}

static uint32_t unused_count(const struct maker *m)
{
	uint32_t count = 0;

	while (unused(m, count) < m->count)
		count++;
	return count;
}

static void feed(struct maker *m, struct node *node, uint32_t input,
		 uint32_t source)
{
	node->source[input] = source;
	m->nodes[source].users++;
}

/* Joins unused outputs until at most `limit` are left. */
static void join(struct maker *m, uint32_t limit)
{
	struct node *node;
	uint32_t i, count = m->count;

	while (unused_count(m) > limit) {
		node = begin(m, m->joins[pick(m, m->join_count)]);
		for (i = 0; i < node->fed; i++)
			feed(m, node, i,
			     unused(m, 0) < m->count ? unused(m, 0)
						     : pick(m, count));
		m->count++;
	}
}

static void add_sinks(struct maker *m)
{
	uint32_t i, inner, sinks, extra = pick(m, 3);

	join(m, 1 + pick(m, 5));
	inner = m->count;
	sinks = unused_count(m) + extra;
	for (i = 0; i < sinks; i++) {
		feed(m, begin(m, m->sinks[pick(m, m->sink_count)]), 0,
		     unused(m, 0) < inner ? unused(m, 0) : pick(m, inner));
		m->count++;
	}
}

/* Characters of one to three bytes, as many as fit or fewer. */
static void write_string(struct maker *m, uint32_t bytes)
{
	static const char *const characters[] = {
		"A", "V", "i", " ", "?", "\303\204", "\320\226",
		"\342\202\254"};
	uint32_t limit = pick(m, bytes + 1), used = 0, i;

	text_add(m->text, "\"");
	while (used < limit) {
		i = pick(m, 8);
		if (used + strlen(characters[i]) > bytes)
			break;
		text_add(m->text, "%s", characters[i]);
		used += (uint32_t)strlen(characters[i]);
	}
	text_add(m->text, "\"");
}

/* One of the sources; where there is none, nothing. */
static void write_source_name(struct maker *m)
{
	uint32_t i, nth = m->sources ? pick(m, m->sources) : 0;

	for (i = 0; i < m->count; i++)
		if (m->nodes[i].binding == m->source && !nth--) {
			text_add(m->text, "node-%u", i);
			return;
		}
	text_add(m->text, "\"\"");
}

/* Files lie in a folder beside the graph: tests/graph/files. */
static void write_reference(struct maker *m, const struct binding_param *param)
{
	switch (param->reference) {
	case REFERENCE_IMAGE:
		text_add(m->text, "files/%s.png",
			 pick(m, 4) ? "sample" : "dot");
		return;
	case REFERENCE_GRID:
		text_add(m->text, "files/sample.grid");
		return;
	default:
		write_source_name(m);
	}
}

static void write_value(struct maker *m, const struct node *node,
			const struct binding_param *param)
{
	double low = param->min, high = param->max;

	switch (param->type) {
	case GRAPH_PARAM_COLOR:
		text_add(m->text, "\"#%06x\"", pick(m, 1 << 24));
		return;
	case GRAPH_PARAM_RGBA:
		text_add(m->text, "\"#%06x%02x\"", pick(m, 1 << 24),
			 pick(m, 3) * 127);
		return;
	case GRAPH_PARAM_STRING:
		write_string(m, param->count - 1);
		return;
	case GRAPH_PARAM_BOOL:
		text_add(m->text, pick(m, 2) ? "true" : "false");
		return;
	case GRAPH_PARAM_CHOICE:
		text_add(m->text, "\"%s\"",
			 param->choices[pick(m, binding_names_inputs(
							node->binding, param)
							? node->fed
							: param->choice_count)]);
		return;
	default:
		break;
	}
	if (param->font) { /* few sizes: each is baked */
		text_add(m->text, "%u", 12 + 5 * pick(m, 2));
		return;
	}
	/* Extremes of wide ranges show nothing in a small frame. */
	if (low < param->defaults[0] - 100)
		low = param->defaults[0] - 100;
	if (high > param->defaults[0] + 100)
		high = param->defaults[0] + 100;
	low += (high - low) * pick(m, 1001) / 1000;
	if (param->type == GRAPH_PARAM_INT)
		text_add(m->text, "%d", (int32_t)low);
	else
		text_add(m->text, "%.6f", low < param->min ? param->min : low);
}

static void write_param(struct maker *m, const struct node *node,
			const struct binding_param *param)
{
	bool list = param->count > 1 && param->type != GRAPH_PARAM_STRING;
	uint32_t i;

	text_add(m->text, ", %s: ", param->name);
	for (i = 0; i < (list ? param->count : 1); i++) {
		if (list)
			text_add(m->text, i ? ", " : "[");
		if (param->reference)
			write_reference(m, param);
		else
			write_value(m, node, param);
	}
	if (list)
		text_add(m->text, "]");
}

/* Do only nodes of kind sample read it? Then its size is anyone's. */
static bool is_only_sampled(const struct maker *m, uint32_t index)
{
	uint32_t i, j;

	for (i = 0; i < m->count; i++)
		for (j = 0; j < m->nodes[i].fed; j++)
			if (m->nodes[i].source[j] == index &&
			    m->nodes[i].binding->kind != BINDING_SAMPLE)
				return false;
	return true;
}

static void write_source(struct maker *m, uint32_t index)
{
	static const char *const sitings[] = {"auto", "left", "centre",
					      "top_left"};
	enum graph_format format =
		(enum graph_format)pick(m, GRAPH_FORMAT_COUNT);
	bool free = is_only_sampled(m, index);

	text_add(m->text, ", format: %s, size: %ux%u",
		 graph_format_name(format),
		 free ? 16 + pick(m, 150) : m->width,
		 free ? 16 + pick(m, 100) : m->height);
	if (chroma_is_shared(format) && pick(m, 2))
		text_add(m->text, ", chroma: bilinear, siting: %s",
			 sitings[pick(m, 4)]);
}

static void write_node(struct maker *m, uint32_t index)
{
	const struct binding *binding = m->nodes[index].binding;
	uint32_t i;

	text_add(m->text, "  node-%u: {type: %s", index, binding->type);
	if (binding->kind == BINDING_SOURCE)
		write_source(m, index);
	for (i = 0; i < binding->param_count; i++)
		if (pick(m, 2) || binding->params[i].required)
			write_param(m, &m->nodes[index],
				    &binding->params[i]);
	text_add(m->text, "}\n");
}

static void write_links(struct maker *m, uint32_t index)
{
	const struct node *node = &m->nodes[index];
	uint32_t i;

	for (i = 0; i < node->fed; i++) {
		text_add(m->text, "  - node-%u%s -> node-%u", node->source[i],
			 pick(m, 4) ? "" : ".out", index);
		if (node->binding->input_count > 1 || !pick(m, 4))
			text_add(m->text, ".%s", node->binding->inputs[i]);
		text_add(m->text, "\n");
	}
}

/* Calls `write` for every node, in an order of chance. */
static void write_all(struct maker *m,
		      void (*write)(struct maker *m, uint32_t index))
{
	uint32_t order[NODES_MAX], i, j, swap;

	for (i = 0; i < m->count; i++)
		order[i] = i;
	for (i = m->count; i > 1; i--) {
		j = pick(m, i);
		swap = order[j];
		order[j] = order[i - 1];
		order[i - 1] = swap;
	}
	for (i = 0; i < m->count; i++)
		write(m, order[i]);
}

int random_graph(struct text *text, struct library *library, uint64_t seed,
		 struct diag *diag)
{
	static const char *const rates[] = {"60", "30", "60000/1001", "25/2"};
	struct arena *arena = text->arena;
	struct maker *m = arena_alloc(arena, 1, sizeof(*m));
	uint32_t rate;

	m->text = text;
	m->state = seed;
	if (read_types(m, library, diag))
		return -1;
	m->width = 16 + pick(m, 150);
	m->height = 16 + pick(m, 100);
	add_nodes(m);
	add_sinks(m);
	rate = pick(m, 4);
	text_add(text, "graph: random-%llu\nsize: %ux%u\n",
		 (unsigned long long)seed, m->width, m->height);
	text_add(text, "format: XRGB8888\nrate: %s\ncharacters: [41-56]\nnodes:\n", rates[rate]);
	write_all(m, write_node);
	text_add(text, "links:\n");
	write_all(m, write_links);
	return 0;
}

/* tools/graphc/parse.c: the description's own keys; see passes.h. */
#include <string.h>

#include "runtime/base/text.h"
#include "tools/graphc/number.h"
#include "tools/graphc/passes.h"

static const struct tree_key keys[] = {
	{"graph", TREE_SCALAR, true},	{"size", TREE_SCALAR, true},
	{"format", TREE_SCALAR, false}, {"rate", TREE_SCALAR, true},
	{"nodes", TREE_MAPPING, true},	{"links", TREE_SEQUENCE, true},
	{"pipeline", TREE_SCALAR, false}, {"characters", TREE_SEQUENCE, false},
};

/* `name` as a C identifier, in its own case or in capitals. */
static const char *c_name(struct arena *arena, const char *name, bool upper)
{
	char *c, *copy = arena_text(arena, name, strlen(name));

	for (c = copy; *c; c++) {
		if (*c == '-')
			*c = '_';
		else if (upper && *c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	}
	return copy;
}

static int parse_name(struct ir *ir, const struct tree *value)
{
	ir->at = value->at;
	ir->name = value->text;
	if (name_check(ir->name, false, "graph", value->at, ir->diag))
		return -1;
	ir->c_name = c_name(ir->arena, ir->name, false);
	ir->c_upper = c_name(ir->arena, ir->name, true);
	return 0;
}

int parse_size(const struct tree *value, uint32_t *width, uint32_t *height,
	       struct diag *diag)
{
	if (!number_pair(value->text, 'x', false, width, height))
		return diag_refuse(diag, value->at, RULE_SIZE_SYNTAX,
				   "'%s' is not WIDTHxHEIGHT in pixels, such "
				   "as 1920x1080",
				   diag_quote(diag, value->text));
	if (*width < LIMIT_SIDE_MIN || *width > LIMIT_SIDE_MAX ||
	    *height < LIMIT_SIDE_MIN || *height > LIMIT_SIDE_MAX)
		return diag_refuse(diag, value->at, RULE_SIZE_RANGE,
				   "%ux%u; width and height are from %d to %d "
				   "pixels",
				   *width, *height, LIMIT_SIDE_MIN,
				   LIMIT_SIDE_MAX);
	return 0;
}

/* What nodes draw; sources and displays have formats of their own. */
static int parse_format(struct ir *ir, const struct tree *value)
{
	static const char *const name = "XRGB8888";

	if (!value || !strcmp(value->text, name))
		return 0;
	return diag_refuse(ir->diag, value->at, RULE_UNKNOWN_FORMAT,
			   "no format '%s'%s",
			   diag_quote(ir->diag, value->text),
			   diag_hint(ir->diag, value->text, &name, 1));
}

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
	while (b) {
		uint32_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static int parse_rate(struct ir *ir, const struct tree *value)
{
	uint32_t num, den = 1, divisor;

	ir->rate_at = value->at;
	if (!number_pair(value->text, '/', true, &num, &den))
		return diag_refuse(ir->diag, value->at, RULE_RATE_SYNTAX,
				   "'%s' is not a rate in ticks a second, such "
				   "as 60 or 60000/1001",
				   diag_quote(ir->diag, value->text));
	if (!num || !den || num > LIMIT_RATE_TERM || den > LIMIT_RATE_TERM)
		return diag_refuse(ir->diag, value->at, RULE_RATE_RANGE,
				   "numerator and denominator of a rate are "
				   "from 1 to %d",
				   LIMIT_RATE_TERM);
	divisor = common_divisor(num, den);
	ir->rate_num = num / divisor;
	ir->rate_den = den / divisor;
	return 0;
}

static int parse_pipeline(struct ir *ir, const struct tree *value)
{
	if (!value)
		return 0;
	if (strcmp(value->text, "0") && strcmp(value->text, "1"))
		return diag_refuse(ir->diag, value->at, RULE_PIPELINE_VALUE,
				   "'%s' is not 0 (show a tick's own frame) or "
				   "1 (that of the tick before)",
				   diag_quote(ir->diag, value->text));
	ir->pipeline = value->text[0] == '1';
	return 0;
}

static int parse_node(struct ir *ir, const struct tree *tree)
{
	struct ir_node *node = &ir->nodes[ir->node_count];
	const struct tree *type;
	uint32_t i;

	if (name_check(tree->key, false, "node", tree->key_at, ir->diag))
		return -1;
	for (i = 0; i < ir->node_count; i++)
		if (name_same(ir->nodes[i].name, tree->key))
			return diag_refuse(ir->diag, tree->key_at,
					   RULE_DUPLICATE_NAME,
					   "'%s' and '%s' would be one name in "
					   "C; rename one",
					   tree->key, ir->nodes[i].name);
	if (tree->kind != TREE_MAPPING)
		return diag_refuse(ir->diag, tree->at, RULE_WRONG_SHAPE,
				   "node '%s' is a mapping such as "
				   "{type: ball}, not %s",
				   tree->key, tree_kind_name(tree->kind));
	type = tree_get(tree, "type");
	if (!type)
		return diag_refuse(ir->diag, tree->at, RULE_MISSING_KEY,
				   "node '%s' needs the key 'type'", tree->key);
	if (type->kind != TREE_SCALAR)
		return diag_refuse(ir->diag, type->at, RULE_WRONG_SHAPE,
				   "'type' takes a value, not %s",
				   tree_kind_name(type->kind));
	node->name = tree->key;
	node->at = tree->key_at;
	node->type = type->text;
	node->type_at = type->at;
	node->tree = tree;
	node->c_name = c_name(ir->arena, node->name, false);
	node->c_upper = c_name(ir->arena, node->name, true);
	ir->node_count++;
	return 0;
}

static int parse_nodes(struct ir *ir, const struct tree *nodes)
{
	const struct tree *tree;

	ir->nodes_at = nodes->at;
	if (!nodes->count || nodes->count > LIMIT_NODES)
		return diag_refuse(ir->diag, nodes->at, RULE_NODE_COUNT,
				   "%u nodes; a graph has 1 to %d",
				   nodes->count, LIMIT_NODES);
	ir->nodes = arena_alloc(ir->arena, nodes->count, sizeof(*ir->nodes));
	for (tree = nodes->first; tree; tree = tree->next)
		if (parse_node(ir, tree))
			return -1;
	return 0;
}

/* A link while it is read: `at` moves through `text`. */
struct reader {
	struct ir *ir;
	const struct tree *tree;
	const char *at;
};

static struct where reader_where(const struct reader *r)
{
	uint32_t quote = r->tree->plain ? 0 : 1;

	return (struct where){r->tree->at.line,
			      r->tree->at.column + quote +
				      (uint32_t)(r->at - r->tree->text)};
}

static void skip_spaces(struct reader *r)
{
	while (*r->at == ' ' || *r->at == '\t')
		r->at++;
}

static bool is_arrow(const char *at)
{
	return at[0] == '-' && at[1] == '>';
}

static bool in_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* Takes the name at r->at; "" if there is none. */
static const char *take_name(struct reader *r)
{
	const char *start = r->at;

	while (in_name(*r->at) && !is_arrow(r->at))
		r->at++;
	return arena_text(r->ir->arena, start, (size_t)(r->at - start));
}

static int take_end(struct reader *r, struct ir_end *end)
{
	skip_spaces(r);
	end->at = reader_where(r);
	end->node = take_name(r);
	end->port = NULL;
	if (*end->node && *r->at == '.') {
		r->at++;
		end->port_at = reader_where(r);
		end->port = take_name(r);
	}
	if (!*end->node || (end->port && !*end->port))
		return diag_refuse(r->ir->diag, reader_where(r),
				   RULE_LINK_SYNTAX,
				   "a name is missing here; a link is "
				   "node[.port] -> node[.port] ...");
	skip_spaces(r);
	return 0;
}

static int add_link(struct ir *ir, const struct ir_end *from,
		    const struct ir_end *to)
{
	if (ir->link_count == LIMIT_LINKS)
		return diag_refuse(ir->diag, to->at, RULE_LINK_COUNT,
				   "over %d arrows, the limit", LIMIT_LINKS);
	ir->links[ir->link_count].from = *from;
	ir->links[ir->link_count++].to = *to;
	return 0;
}

/* One entry of `links`: a chain of one arrow or more. */
static int parse_chain(struct ir *ir, const struct tree *tree)
{
	struct reader r = {.ir = ir, .tree = tree, .at = tree->text};
	struct ir_end from, to;

	if (tree->kind != TREE_SCALAR)
		return diag_refuse(ir->diag, tree->at, RULE_WRONG_SHAPE,
				   "a link is a text such as a -> b, not %s",
				   tree_kind_name(tree->kind));
	if (!tree->one_line)
		return diag_refuse(ir->diag, tree->at, RULE_LINK_SYNTAX,
				   "a link is written on one line");
	if (take_end(&r, &from))
		return -1;
	do {
		if (!is_arrow(r.at))
			return diag_refuse(ir->diag, reader_where(&r),
					   RULE_LINK_SYNTAX,
					   "'->' is missing here");
		r.at += 2;
		if (take_end(&r, &to) || add_link(ir, &from, &to))
			return -1;
		/* In the middle of a chain the port is the input's. */
		from = to;
		from.port = NULL;
	} while (*r.at);
	return 0;
}

static int parse_links(struct ir *ir, const struct tree *links)
{
	const struct tree *tree;

	ir->links_at = links->at;
	if (!links->count)
		return diag_refuse(ir->diag, links->at, RULE_LINK_COUNT,
				   "no links; write one such as "
				   "'- source -> sink'");
	ir->links = arena_alloc(ir->arena, LIMIT_LINKS, sizeof(*ir->links));
	for (tree = links->first; tree; tree = tree->next)
		if (parse_chain(ir, tree))
			return -1;
	return 0;
}

static int parse_range(struct ir *ir, const struct tree *range)
{
	const struct faces_range *added;
	uint32_t code;

	if (range->kind != TREE_SCALAR ||
	    !faces_name_range(&ir->faces, range->text))
		return diag_refuse(ir->diag, range->at, RULE_CHARACTERS_RANGE,
				   "'%s' is not latin, greek, cyrillic or a "
				   "range of characters such as 2190-21ff, of "
				   "which %d are possible",
				   diag_quote(ir->diag, range->text),
				   FACES_RANGES);
	added = &ir->faces.ranges[ir->faces.range_count - 1];
	if (!text_range_shaped(added->first, added->last, &code))
		return 0;
	return diag_refuse(ir->diag, range->at, RULE_CHARACTERS_RANGE,
			   "'%s': U+%04X %s: leave it out",
			   diag_quote(ir->diag, range->text), code,
			   text_fault_words(TEXT_SHAPED));
}

/* What text nodes can show, whatever --set makes them say. */
static int parse_characters(struct ir *ir, const struct tree *list)
{
	static const char *const usual[] = {"latin", "greek", "cyrillic"};
	const struct tree *range;
	uint32_t i;

	ir->faces.font = FACES_FONT;
	for (i = 0; !list && i < 3; i++)
		if (!faces_name_range(&ir->faces, usual[i]))
			return -1;
	if (!list)
		return 0;
	ir->characters_at = list->at;
	for (range = list->first; range; range = range->next)
		if (parse_range(ir, range))
			return -1;
	return 0;
}

int pass_parse(struct ir *ir, const struct tree *tree)
{
	if (tree_check_keys(tree, keys, sizeof(keys) / sizeof(keys[0]),
			    "a graph", ir->diag))
		return -1;
	ir->size_at = tree_get(tree, "size")->at;
	if (parse_name(ir, tree_get(tree, "graph")) ||
	    parse_size(tree_get(tree, "size"), &ir->width, &ir->height,
		       ir->diag) ||
	    parse_format(ir, tree_get(tree, "format")) ||
	    parse_rate(ir, tree_get(tree, "rate")) ||
	    parse_pipeline(ir, tree_get(tree, "pipeline")) ||
	    parse_characters(ir, tree_get(tree, "characters")) ||
	    parse_nodes(ir, tree_get(tree, "nodes")))
		return -1;
	return parse_links(ir, tree_get(tree, "links"));
}

/*
 * tools/graphc/bind.c: names -> what they stand for: a node's type and
 * parameter values, a link's nodes and ports. See passes.h.
 */
#include <string.h>

#include "tools/graphc/passes.h"

/* The file's index in the program: one for all that name it by this path. */
static int bind_file(struct ir *ir, const struct ir_node *node,
		     const struct binding_param *param,
		     const struct tree *value, double *index)
{
	struct ir_file *file;
	uint32_t i;

	*index = 1;
	for (i = 0; i < ir->file_count; i++) {
		file = &ir->files[i];
		if (file->kind != param->reference)
			continue;
		if (!strcmp(file->path, value->text))
			return 0;
		*index += 1;
	}
	if (i == LIMIT_FILES)
		return diag_refuse(ir->diag, value->at, RULE_PARAM_FILE,
				   "'%s.%s': over %d files in a graph, the "
				   "limit",
				   node->name, param->name, LIMIT_FILES);
	file = &ir->files[ir->file_count++];
	file->kind = param->reference;
	file->path = value->text;
	file->node = node->name;
	file->param = param->name;
	file->at = value->at;
	return 0;
}

/* Sources are numbered as they are declared. */
static int bind_source_name(struct ir *ir, const struct ir_node *node,
			    const struct binding_param *param,
			    const struct tree *value, double *index)
{
	const char *names[LIMIT_SOURCES];
	uint32_t i, count = 0;

	for (i = 0; i < ir->node_count && count < LIMIT_SOURCES; i++) {
		if (strcmp(ir->nodes[i].type, "source") != 0)
			continue;
		names[count++] = ir->nodes[i].name;
		*index = count;
		if (!strcmp(ir->nodes[i].name, value->text))
			return 0;
	}
	return diag_refuse(ir->diag, value->at, RULE_PARAM_SOURCE,
			   "'%s.%s': no source '%s'%s", node->name, param->name,
			   diag_quote(ir->diag, value->text),
			   count ? diag_hint(ir->diag, value->text, names,
					     count)
				 : "; the graph has none");
}

/* What a reference names, "" nothing. */
static int bind_reference(struct ir *ir, const struct ir_node *node,
			  const struct binding_param *param,
			  const struct tree *value, double *index)
{
	const char *type = binding_param_type_name(param);

	*index = 0;
	if (value->kind != TREE_SCALAR)
		return diag_refuse(ir->diag, value->at, RULE_PARAM_TYPE,
				   "'%s' is the name of a %s, not %s",
				   param->name, type,
				   tree_kind_name(value->kind));
	if (!*value->text && !param->required)
		return 0;
	if (!*value->text)
		return diag_refuse(ir->diag, value->at, RULE_PARAM_TYPE,
				   "'%s' is the name of a %s, not empty",
				   param->name, type);
	if (param->reference == REFERENCE_SOURCE)
		return bind_source_name(ir, node, param, value, index);
	return bind_file(ir, node, param, value, index);
}

/* What it cannot do without. */
static int bind_required(const struct ir *ir, const struct ir_node *node)
{
	const struct binding *binding = node->binding;
	const struct binding_param *param;
	uint32_t i;

	for (i = 0; i < binding->param_count; i++) {
		param = &binding->params[i];
		if (param->required && node->values[i] == param->defaults)
			return diag_refuse(ir->diag, node->at, RULE_MISSING_KEY,
					   "node '%s' needs the key '%s': the "
					   "name of a %s",
					   node->name, param->name,
					   binding_param_type_name(param));
	}
	return 0;
}

static int bind_param(struct ir *ir, struct ir_node *node,
		      const struct tree *value)
{
	const struct binding *binding = node->binding;
	const struct binding_param *param = binding_param(binding, value->key);
	uint32_t count = binding->param_count + binding->setting_count;
	const char *names[LIMIT_PARAMS];
	double *values;
	uint32_t i;

	if (!param) {
		for (i = 0; i < count; i++)
			names[i] = binding->params[i].name;
		return diag_refuse(ir->diag, value->key_at, RULE_UNKNOWN_PARAM,
				   "type '%s' has no parameter '%s'%s",
				   binding->type,
				   diag_quote(ir->diag, value->key),
				   diag_hint(ir->diag, value->key, names,
					     count));
	}
	values = arena_alloc(ir->arena, param->count, sizeof(*values));
	node->values[param - binding->params] = values;
	if (param->reference)
		return bind_reference(ir, node, param, value, values);
	return binding_value(param, value, values, ir->diag);
}

/* A type outside the tree is included as TYPE.h, and the graph makes NAME.h. */
static int bind_header(const struct ir *ir, const struct ir_node *node)
{
	const char *header = node->binding->header;

	if (!header || strchr(header, '/') || strcmp(node->type, ir->name) != 0)
		return 0;
	return diag_refuse(ir->diag, ir->at, RULE_DUPLICATE_NAME,
			   "graph and node type '%s' would both be %s; give "
			   "the graph another name",
			   ir->name, header);
}

static int bind_format(struct ir *ir, struct ir_node *node,
		       const struct tree *value)
{
	const char *names[GRAPH_FORMAT_COUNT];
	uint32_t i;

	node->format = graph_format_find(value->text);
	if (node->format < GRAPH_FORMAT_COUNT)
		return 0;
	for (i = 0; i < GRAPH_FORMAT_COUNT; i++)
		names[i] = graph_format_name((enum graph_format)i);
	return diag_refuse(ir->diag, value->at, RULE_UNKNOWN_FORMAT,
			   "no format '%s'%s",
			   diag_quote(ir->diag, value->text),
			   diag_list(ir->diag, names, GRAPH_FORMAT_COUNT));
}

static int bind_no_node(const struct ir *ir, const char *name, struct where at)
{
	const char **names =
		arena_alloc(ir->arena, ir->node_count, sizeof(*names));
	uint32_t i;

	for (i = 0; i < ir->node_count; i++)
		names[i] = ir->nodes[i].name;
	return diag_refuse(ir->diag, at, RULE_UNKNOWN_NODE, "no node '%s'%s",
			   diag_quote(ir->diag, name),
			   diag_hint(ir->diag, name, names, ir->node_count));
}

/* The node that a source is taken with; check.c sees whether it can be. */
static int bind_with(struct ir *ir, struct ir_node *node,
		     const struct tree *value)
{
	uint32_t i;

	node->with = IR_NONE;
	if (!value)
		return 0;
	if (tree_get(node->tree, "policy"))
		return diag_refuse(ir->diag, value->key_at, RULE_SOURCE_WITH,
				   "'with' is a policy: leave 'policy' out");
	for (i = 0; i < ir->node_count; i++)
		if (!strcmp(ir->nodes[i].name, value->text))
			node->with = i;
	if (node->with == IR_NONE)
		return bind_no_node(ir, value->text, value->at);
	node->policy = GRAPH_POLICY_WITH;
	node->with_at = value->at;
	return 0;
}

/* The default comes first; `with: NODE` is a key of its own. */
static int bind_policy(struct ir *ir, struct ir_node *node)
{
	static const char *const words[] = {"newest", "steady", "every"};
	const struct tree *value = tree_get(node->tree, "policy");
	uint32_t i;

	node->policy = GRAPH_POLICY_NEWEST;
	for (i = 0; value && i < 3 && strcmp(value->text, words[i]); i++)
		;
	if (i == 3)
		return diag_refuse(ir->diag, value->at, RULE_SOURCE_POLICY,
				   "no policy '%s'%s, or with: NODE",
				   diag_quote(ir->diag, value->text),
				   diag_list(ir->diag, words, 3));
	node->policy = (enum graph_policy)i;
	return bind_with(ir, node, tree_get(node->tree, "with"));
}

static int bind_lost(const struct ir *ir, struct ir_node *node)
{
	static const char *const words[] = {"card", "hold"};
	const struct tree *value = tree_get(node->tree, "lost");

	node->hold = value && !strcmp(value->text, "hold");
	if (!value || node->hold || !strcmp(value->text, "card"))
		return 0;
	return diag_refuse(ir->diag, value->at, RULE_SOURCE_LOST,
			   "'lost' cannot be '%s'%s",
			   diag_quote(ir->diag, value->text),
			   diag_list(ir->diag, words, 2));
}

/* Which of the words a value is; none: the first. */
static int bind_word(const struct ir *ir, const struct tree *value,
		     const char *const words[], uint32_t count, uint32_t *which)
{
	*which = 0;
	while (value && *which < count && strcmp(value->text, words[*which]))
		++*which;
	if (*which < count)
		return 0;
	return diag_refuse(ir->diag, value->at, RULE_SOURCE_COLOR,
			   "no %s '%s'%s", value->key,
			   diag_quote(ir->diag, value->text),
			   diag_list(ir->diag, words, count));
}

/* How chroma that pixels share is loaded; of what has none there is nothing to
 * say. */
static int bind_chroma(const struct ir *ir, struct ir_node *node)
{
	static const char *const filters[PICTURE_CHROMA_COUNT] = {"nearest",
								  "bilinear"};
	static const char *const sitings[COLOR_SITING_COUNT] = {
		"auto", "left", "centre", "top_left"};
	const struct tree *chroma = tree_get(node->tree, "chroma");
	const struct tree *siting = tree_get(node->tree, "siting");
	const struct tree *given = chroma ? chroma : siting;

	if (given && !chroma_is_shared(node->format))
		return diag_refuse(ir->diag, given->key_at, RULE_SOURCE_COLOR,
				   "%s has no '%s': leave it out",
				   graph_format_name(node->format), given->key);
	if (bind_word(ir, chroma, filters, PICTURE_CHROMA_COUNT,
		      &node->chroma) ||
	    bind_word(ir, siting, sitings, COLOR_SITING_COUNT, &node->siting))
		return -1;
	if (siting && node->chroma == PICTURE_NEAREST)
		return diag_refuse(ir->diag, siting->key_at, RULE_SOURCE_COLOR,
				   "'siting' is what chroma: bilinear goes by; "
				   "add that, or leave it out");
	return 0;
}

/* Of what is not Y'CbCr there is nothing to say. */
static int bind_color(const struct ir *ir, struct ir_node *node)
{
	static const char *const encodings[COLOR_ENCODING_COUNT] = {
		"auto", "bt601", "bt709", "bt2020"};
	static const char *const ranges[COLOR_RANGE_COUNT] = {"auto", "limited",
							      "full"};
	const struct tree *encoding = tree_get(node->tree, "encoding");
	const struct tree *range = tree_get(node->tree, "range");
	const struct tree *given = encoding ? encoding : range;

	if (given && !graph_format_is_ycbcr(node->format))
		return diag_refuse(ir->diag, given->key_at, RULE_SOURCE_COLOR,
				   "%s has no '%s': leave it out",
				   graph_format_name(node->format), given->key);
	if (bind_word(ir, encoding, encodings, COLOR_ENCODING_COUNT,
		      &node->encoding))
		return -1;
	if (bind_word(ir, range, ranges, COLOR_RANGE_COUNT, &node->range))
		return -1;
	return bind_chroma(ir, node);
}

/* What a driver, chosen at start, has to bring. */
static int bind_source(struct ir *ir, struct ir_node *node)
{
	static const struct tree_key keys[] = {
		{"type", TREE_SCALAR, true},
		{"format", TREE_SCALAR, true},
		{"size", TREE_SCALAR, true},
		{"encoding", TREE_SCALAR, false},
		{"range", TREE_SCALAR, false},
		{"chroma", TREE_SCALAR, false},
		{"siting", TREE_SCALAR, false},
		{"policy", TREE_SCALAR, false},
		{"with", TREE_SCALAR, false},
		{"lost", TREE_SCALAR, false},
	};
	const struct tree *size;

	if (tree_check_keys(node->tree, keys, sizeof(keys) / sizeof(keys[0]),
			    "a source", ir->diag))
		return -1;
	size = tree_get(node->tree, "size");
	node->size_at = size->at;
	if (parse_size(size, &node->width, &node->height, ir->diag) ||
	    bind_format(ir, node, tree_get(node->tree, "format")) ||
	    bind_color(ir, node))
		return -1;
	return bind_policy(ir, node) || bind_lost(ir, node) ? -1 : 0;
}

/* One more size of the font, unless it is there. Ascending. */
static int bind_size(struct ir *ir, const struct ir_node *node, uint32_t size)
{
	struct faces_request *faces = &ir->faces;
	uint32_t i, kept, taken;

	for (i = 0; i < faces->size_count && faces->sizes[i] < size; i++)
		;
	if (i < faces->size_count && faces->sizes[i] == size)
		return 0;
	if (faces->size_count == FACES_MAX)
		return diag_refuse(ir->diag, node->at, RULE_FONT_SIZES,
				   "'%s' needs one more size of the font, %u "
				   "px; a graph has %d at most",
				   node->name, size, FACES_MAX);
	for (faces->size_count++, taken = size; i < faces->size_count; i++) {
		kept = faces->sizes[i];
		faces->sizes[i] = taken;
		taken = kept;
	}
	return 0;
}

static int bind_fonts(struct ir *ir, const struct ir_node *node)
{
	uint32_t i;

	for (i = 0; i < node->binding->param_count; i++)
		if (node->binding->params[i].font &&
		    bind_size(ir, node, (uint32_t)node->values[i][0]))
			return -1;
	return 0;
}

static int bind_node(struct ir *ir, struct ir_node *node,
		     struct library *library)
{
	const struct tree *value;
	uint32_t i, count;

	node->binding =
		library_find(library, node->type, node->type_at, ir->diag);
	if (!node->binding || bind_header(ir, node))
		return -1;
	count = node->binding->param_count + node->binding->setting_count;
	node->values = arena_alloc(ir->arena, count, sizeof(*node->values));
	for (i = 0; i < count; i++)
		node->values[i] = node->binding->params[i].defaults;
	if (node->binding->kind == BINDING_SOURCE)
		return bind_source(ir, node);
	for (value = node->tree->first; value; value = value->next)
		if (strcmp(value->key, "type") && bind_param(ir, node, value))
			return -1;
	return bind_required(ir, node) || bind_fonts(ir, node) ? -1 : 0;
}

static int bind_end(struct ir *ir, struct ir_end *end)
{
	uint32_t i;

	for (i = 0; i < ir->node_count; i++)
		if (!strcmp(ir->nodes[i].name, end->node))
			break;
	end->index = i;
	return i < ir->node_count ? 0 : bind_no_node(ir, end->node, end->at);
}

static int bind_output(struct ir *ir, const struct ir_end *end)
{
	const struct binding *binding = ir->nodes[end->index].binding;

	if (!binding->output)
		return diag_refuse(ir->diag, end->at, RULE_NO_OUTPUT,
				   "'%s' is a sink (%s): it has no output",
				   ir->nodes[end->index].name, binding->type);
	if (end->port && strcmp(end->port, binding->output))
		return diag_refuse(
			ir->diag, end->port_at, RULE_UNKNOWN_PORT,
			"type '%s' has no output '%s'%s", binding->type,
			diag_quote(ir->diag, end->port),
			diag_hint(ir->diag, end->port, &binding->output, 1));
	return 0;
}

static int bind_input(struct ir *ir, const struct ir_end *end, uint32_t *input)
{
	const struct ir_node *node = &ir->nodes[end->index];
	const struct binding *binding = node->binding;

	if (binding->kind == BINDING_SOURCE)
		return diag_refuse(ir->diag, end->at, RULE_NO_INPUT,
				   "'%s' is a source, filled from outside: it "
				   "has no input",
				   node->name);
	if (!binding->input_count)
		return diag_refuse(ir->diag, end->at, RULE_NO_INPUT,
				   "'%s' is a generator (%s): it has no input",
				   node->name, binding->type);
	if (!end->port && binding->input_count > 1)
		return diag_refuse(ir->diag, end->at, RULE_AMBIGUOUS_PORT,
				   "'%s' (%s) has %u inputs; write which, such "
				   "as %s.%s",
				   node->name, binding->type,
				   binding->input_count, node->name,
				   binding->inputs[0]);
	for (*input = 0; end->port && *input < binding->input_count; ++*input)
		if (!strcmp(binding->inputs[*input], end->port))
			break;
	if (*input < binding->input_count)
		return 0;
	return diag_refuse(ir->diag, end->port_at, RULE_UNKNOWN_PORT,
			   "type '%s' has no input '%s'%s", binding->type,
			   diag_quote(ir->diag, end->port),
			   diag_hint(ir->diag, end->port, binding->inputs,
				     binding->input_count));
}

static int bind_link(struct ir *ir, struct ir_link *link)
{
	if (bind_end(ir, &link->from) || bind_end(ir, &link->to) ||
	    bind_output(ir, &link->from))
		return -1;
	return bind_input(ir, &link->to, &link->input);
}

int pass_bind(struct ir *ir, struct library *library)
{
	uint32_t i;

	ir->files = arena_alloc(ir->arena, LIMIT_FILES, sizeof(*ir->files));
	for (i = 0; i < ir->node_count; i++)
		if (bind_node(ir, &ir->nodes[i], library))
			return -1;
	for (i = 0; i < ir->link_count; i++)
		if (bind_link(ir, &ir->links[i]))
			return -1;
	return 0;
}

/* tools/graphc/binding.c: see binding.h. Parameters are in binding_param.c, the
 * key `cuda` in binding_cuda.c. */
#include "tools/graphc/binding.h"

#include <string.h>

#include "tools/graphc/binding_cuda.h"
#include "tools/graphc/binding_param.h"
#include "tools/graphc/formula.h"
#include "tools/graphc/number.h"

static const struct tree_key keys[] = {
	{"type", TREE_SCALAR, true},	   {"kind", TREE_SCALAR, true},
	{"doc", TREE_SCALAR, false},	   {"inputs", TREE_SEQUENCE, false},
	{"outputs", TREE_SEQUENCE, false}, {"params", TREE_MAPPING, false},
	{"uniform", TREE_SCALAR, false},   {"state", TREE_SCALAR, false},
	{"scratch", TREE_SCALAR, false},   {"span", TREE_SCALAR, false},
	{"rows", TREE_SCALAR, false},	   {"settings", TREE_MAPPING, false},
	{"cuda", TREE_KIND_COUNT, false},  {"uniform_head", TREE_SCALAR, false},
	{"touches", TREE_SCALAR, false},   {"bands", TREE_SCALAR, false},
	{"run", TREE_SCALAR, false},	   {"optional", TREE_SCALAR, false},
	{"counts", TREE_SEQUENCE, false},
};

static const char *const kind_names[] = {"pixel", "sample", "frame", "sink",
					 "source"};

const char *binding_kind_name(enum binding_kind kind)
{
	return kind_names[kind];
}

const struct binding_param *binding_param(const struct binding *binding,
					  const char *name)
{
	uint32_t i;

	for (i = 0; i < binding->param_count + binding->setting_count; i++)
		if (!strcmp(binding->params[i].name, name))
			return &binding->params[i];
	return NULL;
}

bool binding_names_inputs(const struct binding *binding,
			  const struct binding_param *param)
{
	uint32_t i;

	if (!binding->input_count || param->choice_count != binding->input_count)
		return false;
	for (i = 0; i < param->choice_count; i++)
		if (strcmp(param->choices[i], binding->inputs[i]) != 0)
			return false;
	return true;
}

int binding_text(const struct tree *value, const char **text, struct diag *diag)
{
	const char *c;

	if (strlen(value->text) > LIMIT_TEXT)
		return diag_refuse(diag, value->at, RULE_BINDING_TEXT,
				   "%zu characters; the limit is %d",
				   strlen(value->text), LIMIT_TEXT);
	for (c = value->text; *c; c++)
		if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\')
			return diag_refuse(diag, value->at, RULE_BINDING_TEXT,
					   "one line of printable ASCII "
					   "without \" and \\, please");
	*text = value->text;
	return 0;
}

static int binding_read_type(struct binding *binding, const char *type,
		     const struct tree *tree, struct diag *diag)
{
	const struct tree *value = tree_get(tree, "type");

	if (strcmp(value->text, type))
		return diag_refuse(diag, value->at, RULE_BINDING_TYPE,
				   "type '%s' in the file of type '%s'; the "
				   "two must agree",
				   diag_quote(diag, value->text),
				   diag_quote(diag, type));
	if (!strncmp(type, "graph_", 6))
		return diag_refuse(diag, value->at, RULE_NAME_RESERVED,
				   "types named graph_... are graphc's own");
	binding->type = value->text;
	return name_check(type, true, "type", value->at, diag);
}

static int binding_read_kind(struct binding *binding, const struct tree *tree,
		     struct diag *diag)
{
	const struct tree *value = tree_get(tree, "kind");
	uint32_t kind;

	for (kind = 0; kind < BINDING_SOURCE; kind++)
		if (!strcmp(value->text, kind_names[kind]))
			break;
	if (kind == BINDING_SOURCE)
		return diag_refuse(diag, value->at, RULE_BINDING_KIND,
				   "no kind '%s'%s",
				   diag_quote(diag, value->text),
				   diag_hint(diag, value->text, kind_names,
					     BINDING_SOURCE));
	binding->kind = (enum binding_kind)kind;
	return 0;
}

static int read_port(const char *const *names, uint32_t count,
		     const struct tree *port, struct diag *diag)
{
	uint32_t i;

	if (port->kind != TREE_SCALAR)
		return diag_refuse(diag, port->at, RULE_WRONG_SHAPE,
				   "a port is a name, not %s",
				   tree_kind_name(port->kind));
	if (name_check(port->text, true, "port", port->at, diag))
		return -1;
	for (i = 0; i < count; i++)
		if (!strcmp(names[i], port->text))
			return diag_refuse(diag, port->at, RULE_BINDING_PORTS,
					   "port '%s' is there twice",
					   port->text);
	return 0;
}

/* The list of a key; one without entries if the key is missing. */
static const struct tree *list_of(const struct tree *tree, const char *key)
{
	static const struct tree none = {
		.kind = TREE_SEQUENCE, .at = {1, 1}, .text = ""};
	const struct tree *list = tree_get(tree, key);

	return list ? list : &none;
}

static int read_inputs(struct binding *binding, const struct tree *tree,
		       struct diag *diag)
{
	const struct tree *port, *list = list_of(tree, "inputs");

	if (list->count > LIMIT_INPUTS)
		return diag_refuse(diag, list->at, RULE_BINDING_PORTS,
				   "%u inputs; the limit is %d", list->count,
				   LIMIT_INPUTS);
	if (binding->kind == BINDING_SAMPLE && !list->count)
		return diag_refuse(diag, list->at, RULE_BINDING_PORTS,
				   "kind sample reads pictures: it has inputs");
	if (binding->kind == BINDING_SINK && list->count != 1)
		return diag_refuse(diag, list->at, RULE_BINDING_PORTS,
				   "a sink has one input, this one %u",
				   list->count);
	for (port = list->first; port; port = port->next) {
		if (read_port(binding->inputs, binding->input_count, port,
			      diag))
			return -1;
		binding->inputs[binding->input_count++] = port->text;
	}
	return 0;
}

/* How many of them, from the last one back, may be left unfed. */
static int read_optional(struct binding *binding, const struct tree *tree,
			 struct diag *diag)
{
	const struct tree *value = tree_get(tree, "optional");
	int64_t count;

	if (!value)
		return 0;
	if (binding->kind != BINDING_SAMPLE)
		return diag_refuse(diag, value->key_at, RULE_BINDING_KIND,
				   "only kind sample has 'optional'");
	if (!number_int(value->text, &count) || count < 0 ||
	    count >= binding->input_count)
		return diag_refuse(diag, value->at, RULE_BINDING_PORTS,
				   "'%s' of %u inputs cannot be optional; one "
				   "is always fed",
				   diag_quote(diag, value->text),
				   binding->input_count);
	binding->optional = (uint32_t)count;
	return 0;
}

static int read_outputs(struct binding *binding, const struct tree *tree,
			struct diag *diag)
{
	const struct tree *list = list_of(tree, "outputs");
	uint32_t wanted = binding->kind == BINDING_SINK ? 0 : 1;

	if (list->count != wanted)
		return diag_refuse(diag, list->at, RULE_BINDING_PORTS,
				   "kind %s has %s, this one %u",
				   kind_names[binding->kind],
				   wanted ? "one output" : "no output",
				   list->count);
	if (!wanted)
		return 0;
	if (read_port(binding->inputs, binding->input_count, list->first, diag))
		return -1;
	binding->output = list->first->text;
	binding->output_count = 1;
	return 0;
}

/* Names that the report has under the node's. */
static int read_counts(struct binding *binding, const struct tree *tree,
		       struct diag *diag)
{
	const struct tree *name, *list = list_of(tree, "counts");
	uint32_t i;

	if (list->count > LIMIT_COUNTS)
		return diag_refuse(diag, list->at, RULE_BINDING_COUNTS,
				   "%u counts; the limit is %d", list->count,
				   LIMIT_COUNTS);
	for (name = list->first; name; name = name->next) {
		if (name->kind != TREE_SCALAR)
			return diag_refuse(diag, name->at, RULE_WRONG_SHAPE,
					   "a count is a name, not %s",
					   tree_kind_name(name->kind));
		if (name_check(name->text, true, "count", name->at, diag))
			return -1;
		for (i = 0; i < binding->count_count; i++)
			if (!strcmp(binding->counts[i], name->text))
				return diag_refuse(diag, name->at,
						   RULE_BINDING_COUNTS,
						   "count '%s' is there twice",
						   name->text);
		binding->counts[binding->count_count++] = name->text;
	}
	return 0;
}

/* The formula of a key, "0" without; tried at the smallest and largest size. */
static int read_formula(const struct tree *tree, const char *key,
			const char **formula, struct where *at,
			struct diag *diag)
{
	const struct tree *value = tree_get(tree, key);
	enum formula_status status;
	uint32_t offset;
	uint64_t bytes;

	*formula = "0";
	*at = tree->at;
	if (!value)
		return 0;
	if (binding_text(value, formula, diag))
		return -1;
	*at = value->at;
	status = formula_value(*formula, LIMIT_SIDE_MIN, LIMIT_SIDE_MIN, &bytes,
			       &offset);
	if (status == FORMULA_SYNTAX)
		return diag_refuse(diag, value->at, RULE_FORMULA_SYNTAX,
				   "'%s' is no formula at character %u: %s",
				   diag_quote(diag, *formula), offset + 1,
				   formula_problem(status));
	return 0;
}

/* One of the functions that make a node faster: of kind pixel "span", "rows",
 * "touches" or "run", of kind sample "span" or "run", of kind frame "bands". */
static int read_form(const struct binding *binding, const struct tree *tree,
		     const char *key, enum binding_kind kind, bool *form,
		     struct diag *diag)
{
	const struct tree *value = tree_get(tree, key);

	if (!value)
		return 0;
	if (strcmp(value->text, "true") && strcmp(value->text, "false"))
		return diag_refuse(diag, value->at, RULE_PARAM_TYPE,
				   "'%s' is true or false", key);
	*form = value->text[0] == 't';
	if (*form && binding->kind != kind &&
	    !((form == &binding->span || form == &binding->run) &&
	      binding->kind == BINDING_SAMPLE))
		return diag_refuse(diag, value->at, RULE_BINDING_KIND,
				   "kind %s has no %s form",
				   kind_names[binding->kind], key);
	return 0;
}

static int read_forms(struct binding *binding, const struct tree *tree,
		      struct diag *diag)
{
	if (read_form(binding, tree, "span", BINDING_PIXEL, &binding->span,
		      diag) ||
	    read_form(binding, tree, "rows", BINDING_PIXEL, &binding->rows,
		      diag) ||
	    read_form(binding, tree, "touches", BINDING_PIXEL,
		      &binding->touches, diag) ||
	    read_form(binding, tree, "run", BINDING_PIXEL, &binding->run,
		      diag) ||
	    read_form(binding, tree, "bands", BINDING_FRAME, &binding->bands,
		      diag))
		return -1;
	if (binding->rows && (!binding->span || binding->input_count))
		return diag_refuse(diag, tree_get(tree, "rows")->at,
				   RULE_BINDING_KIND,
				   "'rows' is for generators with 'span: true'");
	return 0;
}

/* Keys that only make sense for another kind. */
static int check_kind(const struct binding *binding, const struct tree *tree,
		      struct diag *diag)
{
	static const char *const not_sink[] = {"params", "uniform", "state",
					       "scratch", "uniform_head",
					       "cuda", "counts"};
	const struct tree *scratch = tree_get(tree, "scratch");
	const struct tree *settings = tree_get(tree, "settings");
	const struct tree *value;
	size_t i;

	for (i = 0; i < sizeof(not_sink) / sizeof(not_sink[0]); i++) {
		value = tree_get(tree, not_sink[i]);
		if (value && binding->kind == BINDING_SINK)
			return diag_refuse(
				diag, value->key_at, RULE_BINDING_KIND,
				"kind sink has no '%s'", not_sink[i]);
	}
	if (settings && binding->kind != BINDING_SINK)
		return diag_refuse(diag, settings->key_at, RULE_BINDING_KIND,
				   "only kind sink has 'settings'");
	if (scratch && binding->kind != BINDING_FRAME)
		return diag_refuse(diag, scratch->key_at, RULE_BINDING_KIND,
				   "only kind frame has 'scratch'");
	return 0;
}

/* A driver is given its settings as words with commas between them. */
static int check_setting(const struct binding_param *param,
			 const struct tree *settings, struct diag *diag)
{
	const struct tree *tree = tree_get(settings, param->name);

	if (param->count == 1 && !param->reference &&
	    (param->type == GRAPH_PARAM_INT ||
	     param->type == GRAPH_PARAM_BOOL ||
	     param->type == GRAPH_PARAM_CHOICE))
		return 0;
	return diag_refuse(diag, tree->at, RULE_BINDING_PARAM,
			   "a setting is an int, a bool or a choice, not %s",
			   diag_quote(diag, tree_get(tree, "type")->text));
}

/* A sink's settings are its driver's, not a step's: no struct holds them. */
static int read_params(struct binding *binding, const struct tree *tree,
		       struct arena *arena, struct diag *diag)
{
	bool sink = binding->kind == BINDING_SINK;
	const struct tree *params =
		tree_get(tree, sink ? "settings" : "params");
	uint32_t i;

	if (binding_params(binding, params, arena, diag))
		return -1;
	if (!sink)
		return 0;
	for (i = 0; i < binding->param_count; i++)
		if (check_setting(&binding->params[i], params, diag))
			return -1;
	binding->setting_count = binding->param_count;
	binding->param_count = 0;
	binding->params_bytes = 0;
	return 0;
}

int binding_read(struct binding *binding, const char *type,
		 const struct tree *tree, struct arena *arena,
		 struct diag *diag)
{
	const struct tree *doc = tree_get(tree, "doc");
	const struct tree *head = tree_get(tree, "uniform_head");

	memset(binding, 0, sizeof(*binding));
	binding->doc = "";
	if (tree_check_keys(tree, keys, sizeof(keys) / sizeof(keys[0]),
			    "a binding", diag) ||
	    binding_read_type(binding, type, tree, diag) ||
	    binding_read_kind(binding, tree, diag) || check_kind(binding, tree, diag) ||
	    (doc && binding_text(doc, &binding->doc, diag)) ||
	    read_inputs(binding, tree, diag) ||
	    read_optional(binding, tree, diag) ||
	    read_outputs(binding, tree, diag) ||
	    read_params(binding, tree, arena, diag) ||
	    read_counts(binding, tree, diag) ||
	    read_formula(tree, "uniform", &binding->uniform,
			 &binding->uniform_at, diag) ||
	    read_formula(tree, "state", &binding->state, &binding->state_at,
			 diag) ||
	    read_formula(tree, "scratch", &binding->scratch,
			 &binding->scratch_at, diag) ||
	    (head && read_formula(tree, "uniform_head", &binding->head,
				  &binding->head_at, diag)) ||
	    read_forms(binding, tree, diag))
		return -1;
	return binding_cuda(binding, tree, diag);
}

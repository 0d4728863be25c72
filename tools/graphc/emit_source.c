/* tools/graphc/emit_source.c: NAME.c; emit_steps.c makes its functions. */
#include "tools/graphc/emit.h"

static void add_asserts_of(struct text *text, const struct ir_node *node)
{
	const struct binding *binding = node->binding;
	const struct binding_param *param;
	const char *type = binding->type;
	uint32_t i;

	for (i = 0; i < binding->param_count; i++) {
		param = &binding->params[i];
		text_add(text,
			 "_Static_assert(offsetof(struct %s_params, %s) == %u, "
			 "\"%s.yaml: %s\");\n",
			 type, param->name, param->offset, type, param->name);
		text_add(text,
			 "_Static_assert(sizeof(((struct %s_params *)0)->%s) "
			 "== %u, \"%s.yaml: %s\");\n",
			 type, param->name,
			 binding_element_bytes(param->type) * param->count,
			 type, param->name);
	}
	if (binding->params_bytes)
		text_add(text,
			 "_Static_assert(sizeof(struct %s_params) == %u, "
			 "\"%s.yaml: params\");\n",
			 type, binding->params_bytes, type);
	if (node->uniform_bytes)
		text_add(text,
			 "_Static_assert(sizeof(struct %s_uniform) <= %llu, "
			 "\"%s.yaml: uniform\");\n",
			 type, (unsigned long long)node->uniform_bytes, type);
}

static void add_asserts(const struct ir *ir, struct text *text)
{
	const struct ir_node *node;
	uint32_t i;

	text_add(text,
		 "\n/* The bindings' promises, held by the compiler. */\n");
	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[ir->order[i]];
		if (node->binding->header && emit_is_first_of_type(ir, i))
			add_asserts_of(text, node);
	}
	if (ir->params_bytes)
		text_add(text,
			 "_Static_assert(sizeof(struct graph_%s_params) == %u, "
			 "\"params\");\n",
			 ir->c_name, ir->params_bytes);
}

static void add_value(struct text *text, const struct binding_param *param,
		      double value)
{
	if (param->type == GRAPH_PARAM_COLOR || param->type == GRAPH_PARAM_RGBA)
		text_add(text, "0x%08X", (uint32_t)value);
	else
		text_add_double(text, value);
}

/* As a literal: what is not plain goes out in octal, three digits, so that what
 * follows is never read as one more. A ? never begins a trigraph. */
static void add_string(struct text *text, const double *bytes)
{
	text_add(text, "\"");
	for (; *bytes > 0; bytes++) {
		int byte = (int)*bytes;

		if (byte < ' ' || byte > '~' || byte == '"' || byte == '\\' ||
		    byte == '?')
			text_add(text, "\\%03o", (unsigned int)byte);
		else
			text_add(text, "%c", byte);
	}
	text_add(text, "\"");
}

static void add_values(struct text *text, const struct binding_param *param,
		       const double *values)
{
	uint32_t i;

	text_add(text, ".%s = ", param->name);
	if (param->type == GRAPH_PARAM_STRING) {
		add_string(text, values);
		return;
	}
	if (param->count == 1) {
		add_value(text, param, values[0]);
		return;
	}
	for (i = 0; i < param->count; i++) {
		text_add(text, i ? ", " : "{");
		add_value(text, param, values[i]);
	}
	text_add(text, "}");
}

static void add_defaults(const struct ir *ir, struct text *text)
{
	const struct ir_node *node;
	uint32_t i, j;

	if (!ir->params_bytes)
		return;
	text_add(text, "\nstatic const struct graph_%s_params defaults = {\n",
		 ir->c_name);
	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[ir->order[i]];
		if (!node->binding->param_count)
			continue;
		text_add(text, "\t.%s_params = {", node->c_name);
		for (j = 0; j < node->binding->param_count; j++) {
			text_add(text, j ? ", " : "");
			add_values(text, &node->binding->params[j],
				   node->values[j]);
		}
		text_add(text, "},\n");
	}
	text_add(text, "};\n");
}

static const char *type_constant(enum graph_param_type type)
{
	static const char *const names[GRAPH_PARAM_TYPE_COUNT] = {
		"INT", "FLOAT", "COLOR", "BOOL", "CHOICE", "RGBA", "STRING"};

	return names[type];
}

/* A baked size is the only one that --set would accept, and an input that is
 * fed. */
static void add_param(const struct ir *ir, struct text *text,
		      const struct ir_node *node,
		      const struct binding_param *param)
{
	double size = node->values[param - node->binding->params][0];
	uint32_t i, choices = binding_names_inputs(node->binding, param)
				      ? node->input_count
				      : param->choice_count;

	text_add(text, "\t{\"%s.%s\", GRAPH_PARAM_%s, %u, AT(%s_params.%s), ",
		 node->name, param->name, type_constant(param->type),
		 param->count, node->c_name, param->name);
	text_add_double(text, param->font ? size : param->min);
	text_add(text, ", ");
	text_add_double(text, param->font ? size : param->max);
	text_add(text, ", \"%s\", ", param->unit);
	for (i = 0; i < choices; i++)
		text_add(text, "%s\"%s\"", i ? ", " : "(const char *const[]){",
			 param->choices[i]);
	if (param->reference)
		emit_references(ir, text, param->reference);
	else
		text_add(text,
			 choices ? ", NULL}},\n" : "NULL},\n");
}

static void source_add_params(const struct ir *ir, struct text *text)
{
	const struct ir_node *node;
	uint32_t i, j;

	if (!ir->params_bytes)
		return;
	text_add(text,
		 "\n#define AT(field) ((uint32_t)(%s_POOL_PARAMS + \\\n"
		 "\t\t\t      offsetof(struct graph_%s_params, field)))\n"
		 "static const struct graph_param params[] = {\n",
		 ir->c_upper, ir->c_name);
	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[ir->order[i]];
		for (j = 0; j < node->binding->param_count; j++)
			add_param(ir, text, node,
				  &node->binding->params[j]);
	}
	text_add(text, "};\n");
}

/* Most graphs count nothing. */
static void source_add_counts(const struct ir *ir, struct text *text)
{
	const struct ir_node *node;
	uint32_t i, j;

	if (!ir_count_count(ir))
		return;
	text_add(text, "\nstatic const struct graph_count counts[] = {\n");
	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[ir->order[i]];
		for (j = 0; j < node->binding->count_count; j++)
			text_add(text, "\t{\"%s\", \"%s\"},\n", node->name,
				 node->binding->counts[j]);
	}
	text_add(text, "};\n");
}

static void add_sinks(const struct ir *ir, struct text *text)
{
	uint32_t i;

	text_add(text, "\nstatic const struct graph_sink sinks[] = {\n");
	for (i = 0; i < ir->sink_count; i++)
		text_add(text, "\t{\"%s\", \"%s\"},\n",
			 ir->nodes[ir->sinks[i]].name,
			 ir->nodes[ir->sinks[i]].type);
	text_add(text, "};\n");
}

/* The index of the source that it is taken with, 0 if there is none. */
static uint32_t add_sources_with(const struct ir *ir,
				 const struct ir_node *node)
{
	return node->with == IR_NONE ? 0 : ir->nodes[node->with].source;
}

/* Most graphs have none. */
static void source_add_sources(const struct ir *ir, struct text *text)
{
	static const char *const encodings[COLOR_ENCODING_COUNT] = {
		"ENCODING_AUTO", "BT601", "BT709", "BT2020"};
	static const char *const ranges[COLOR_RANGE_COUNT] = {
		"RANGE_AUTO", "LIMITED", "FULL"};
	static const char *const sitings[COLOR_SITING_COUNT] = {
		"SITING_AUTO", "LEFT", "CENTRE", "TOP_LEFT"};
	static const char *const policies[GRAPH_POLICY_COUNT] = {
		"NEWEST", "STEADY", "EVERY", "WITH"};
	const struct ir_node *node;
	uint32_t i;

	if (!ir->source_count)
		return;
	text_add(text, "\nstatic const struct graph_source sources[] = {\n");
	for (i = 0; i < ir->source_count; i++) {
		node = &ir->nodes[ir->sources[i]];
		text_add(text, "\t{\"%s\", GRAPH_FORMAT_%s, %u, %u, ", node->name,
			 graph_format_name(node->format), node->width,
			 node->height);
		text_add(text, "COLOR_%s, COLOR_%s, COLOR_%s, PICTURE_%s, ",
			 encodings[node->encoding], ranges[node->range],
			 sitings[node->siting], emit_chroma(node));
		text_add(text, "GRAPH_POLICY_%s, %u, %s},\n",
			 policies[node->policy], add_sources_with(ir, node),
			 node->hold ? "true" : "false");
	}
	text_add(text, "};\n");
}

/* Of those that the graph gives: "plane=overlay,x=100". */
static void add_settings(const struct ir_node *node, struct text *text)
{
	const char *between = "";
	uint32_t i;

	for (i = 0; i < node->binding->setting_count; i++) {
		const struct binding_param *param = &node->binding->params[i];
		double value = node->values[i][0];

		if (node->values[i] == param->defaults)
			continue;
		text_add(text, "%s%s=", between, param->name);
		if (param->type == GRAPH_PARAM_CHOICE)
			text_add(text, "%s", param->choices[(size_t)value]);
		else
			text_add(text, "%d", (int)value);
		between = ",";
	}
}

static bool has_settings(const struct ir *ir)
{
	uint32_t i, j;

	for (i = 0; i < ir->sink_count; i++) {
		const struct ir_node *node = &ir->nodes[ir->sinks[i]];

		for (j = 0; j < node->binding->setting_count; j++)
			if (node->values[j] != node->binding->params[j].defaults)
				return true;
	}
	return false;
}

/* A table of its own: most graphs have none. */
static void add_sink_settings(const struct ir *ir, struct text *text)
{
	uint32_t i;

	if (!has_settings(ir))
		return;
	text_add(text, "\nstatic const char *const sink_settings[] = {\n");
	for (i = 0; i < ir->sink_count; i++) {
		text_add(text, "\t\"");
		add_settings(&ir->nodes[ir->sinks[i]], text);
		text_add(text, "\",\n");
	}
	text_add(text, "};\n");
}

/* Most boards say nothing. */
static void add_worker_cpus(const struct ir *ir, struct text *text)
{
	const struct board *board = ir->board;
	uint32_t i;

	if (!board->has_cpus)
		return;
	text_add(text, "\t.worker_cpus = (const int32_t[]){");
	for (i = 0; i < board->cpu_count; i++)
		text_add(text, i ? ", %d" : "%d", board->cpus[i]);
	text_add(text, board->cpu_count ? "},\n" : "0},\n");
	text_add(text, "\t.worker_cpu_count = %u,\n", board->cpu_count);
}

static void add_graph(const struct ir *ir, struct text *text)
{
	bool params = ir->params_bytes;

	text_add(text,
		 "\nconst struct graph GRAPH_SYMBOL = {\n"
		 "\t.name = \"%s\",\n"
		 "\t.width = %u,\n\t.height = %u,\n"
		 "\t.rate_num = %u,\n\t.rate_den = %u,\n"
		 "\t.pipeline = %u,\n",
		 ir->name, ir->width, ir->height, ir->rate_num, ir->rate_den,
		 ir->pipeline);
	text_add(text,
		 "\t.board = {.name = \"%s\", .priority = %d, .cpu = %d, "
		 ".spin_us = %u},\n",
		 ir->board->name, ir->board->priority, ir->board->cpu,
		 ir->board->spin_us);
	text_add(text,
		 "\t.param_count = %u,\n\t.sink_count = %u,\n"
		 "\t.plan_count = %u,\n",
		 ir_param_count(ir), ir->sink_count, ir->cuda ? 2 : 1);
	text_add(text,
		 "\t.params = %s,\n\t.sinks = sinks,\n"
		 "\t.plans = plans,\n\t.pool_bytes = %s_POOL_BYTES,\n",
		 params ? "params" : "NULL", ir->c_upper);
	text_add(text,
		 "\t.scratch_offset = %s_POOL_OWN,\n"
		 "\t.scratch_bytes = %s_POOL_BYTES - %s_POOL_OWN,\n",
		 ir->c_upper, ir->c_upper, ir->c_upper);
	add_worker_cpus(ir, text);
	if (has_settings(ir))
		text_add(text, "\t.sink_settings = sink_settings,\n");
	if (ir->source_count)
		text_add(text,
			 "\t.source_count = %u,\n\t.sources = sources,\n",
			 ir->source_count);
	if (params)
		text_add(text,
			 "\t.param_defaults = &defaults,\n"
			 "\t.param_offset = %s_POOL_PARAMS,\n"
			 "\t.param_bytes = sizeof(defaults),\n"
			 "\t.changed_offset = %s_POOL_CHANGED,\n",
			 ir->c_upper, ir->c_upper);
	if (ir_count_count(ir))
		text_add(text,
			 "\t.count_count = %u,\n\t.counts = counts,\n"
			 "\t.counts_offset = %s_POOL_COUNTS,\n",
			 ir_count_count(ir), ir->c_upper);
	if (ir->faces.size_count)
		text_add(text, "\t.character_count = FACE_GLYPHS,\n"
			       "\t.characters = face_codes,\n");
	text_add(text, "\t.tick = tick,\n};\n");
}

void emit_source(const struct ir *ir, struct text *text)
{
	emit_head(ir, text, "c");
	text_add(text,
		 "#include \"%s.h\"\n\n#include <stddef.h>\n\n"
		 "/* The build compiles this file once for each instruction "
		 "set. */\n"
		 "#ifndef GRAPH_SYMBOL\n#define GRAPH_SYMBOL graph_base\n"
		 "#endif\n",
		 ir->name);
	add_asserts(ir, text);
	add_defaults(ir, text);
	source_add_params(ir, text);
	source_add_counts(ir, text);
	text_add(text, "\n");
	emit_tick(ir, text);
	emit_steps(ir, text);
	if (ir->cuda)
		emit_steps(ir->cuda, text);
	emit_plans(ir, text);
	source_add_sources(ir, text);
	add_sinks(ir, text);
	add_sink_settings(ir, text);
	add_graph(ir, text);
}

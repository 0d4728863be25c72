/*
 * tests/kernel/make_node_table.c: writes node_table.c from the bindings.
 *
 *   make_node_table [NODE_DIR]... > node_table.c
 *
 * Lists kernel/ and the given folders with graphc's binding reader. Formulas go
 * out as C, so that what the tests allocate does not come from graphc's
 * evaluator.
 */
#include <stdio.h>
#include <string.h>

#include "tools/graphc/library.h"

static const char *const param_types[] = {
	"GRAPH_PARAM_INT",  "GRAPH_PARAM_FLOAT",  "GRAPH_PARAM_COLOR",
	"GRAPH_PARAM_BOOL", "GRAPH_PARAM_CHOICE", "GRAPH_PARAM_RGBA",
	"GRAPH_PARAM_STRING",
};
_Static_assert(sizeof(param_types) / sizeof(param_types[0]) ==
		       GRAPH_PARAM_TYPE_COUNT,
	       "a name for each type");

static void write_param(const struct binding *binding,
			const struct binding_param *param)
{
	/* the last index of what a reference may name */
	static const char *const last[REFERENCE_COUNT] = {
		[REFERENCE_IMAGE] = "BAKED_IMAGES - 1",
		[REFERENCE_GRID] = "BAKED_GRIDS - 1",
		[REFERENCE_SOURCE] = "NODE_SOURCES",
	};
	double max = param->type == GRAPH_PARAM_CHOICE ? param->choice_count - 1
						       : param->max;
	uint32_t i;

	printf("\t{\"%s\", %s, %u, %u, ", param->name,
	       param_types[param->type], param->count, param->offset);
	if (param->reference)
		printf("0, %s, {", last[param->reference]);
	else
		printf("%.17g, %.17g, {",
		       param->type == GRAPH_PARAM_CHOICE ? 0 : param->min, max);
	for (i = 0; i < param->count; i++)
		printf("%.17g, ", param->defaults[i]);
	printf("}, %d},\n", binding_names_inputs(binding, param));
}

static void write_params(const struct binding *binding)
{
	uint32_t i;

	if (!binding->param_count)
		return;
	printf("static const struct node_param %s_table[] = {\n",
	       binding->type);
	for (i = 0; i < binding->param_count; i++)
		write_param(binding, &binding->params[i]);
	printf("};\n");
	for (i = 0; i < binding->param_count; i++)
		printf("_Static_assert(offsetof(struct %s_params, %s) == %u, "
		       "\"%s\");\n",
		       binding->type, binding->params[i].name,
		       binding->params[i].offset, binding->params[i].name);
}

static void write_formula(const char *type, const char *what,
			  const char *formula)
{
	printf("static uint64_t %s_%s_bytes(uint64_t width, uint64_t height)\n"
	       "{\n\t(void)width;\n\t(void)height;\n"
	       "\treturn (uint64_t)(%s);\n}\n\n",
	       type, what, formula);
}

static void write_tick(const char *type)
{
	printf("static void %s_any_tick(const void *params, const struct tick "
	       "*tick, void *state, void *uniform)\n"
	       "{\n\t%s_tick(params, tick, state, uniform);\n}\n\n",
	       type, type);
}

static void write_pixel(const struct binding *binding)
{
	const char *type = binding->type;
	uint32_t i;

	printf("static uint32_t %s_any_pixel(const void *uniform, int32_t x, "
	       "int32_t y, const uint32_t *in)\n"
	       "{\n\t(void)in;\n\treturn %s_pixel(uniform, x, y",
	       type, type);
	for (i = 0; i < binding->input_count; i++)
		printf(", in[%u]", i);
	printf(");\n}\n\n");
}

/* Kind sample: the inputs are pictures, and windows on them. */
static void write_sample(const struct binding *binding)
{
	const char *type = binding->type;
	uint32_t i;

	printf("static uint32_t %s_any_sample(const void *uniform, int32_t x, "
	       "int32_t y, const struct picture *in)\n"
	       "{\n\treturn %s_pixel(uniform, x, y",
	       type, type);
	for (i = 0; i < binding->input_count; i++)
		printf(", in[%u].width ? &in[%u] : NULL", i, i);
	printf(");\n}\n\n");
	if (binding->span)
		printf("static void %s_any_view(const void *uniform, "
		       "int32_t y, int32_t x0, int32_t x1, struct window "
		       "*const in[], uint32_t *out)\n"
		       "{\n\t%s_span(uniform, y, x0, x1, in, out);\n}\n\n",
		       type, type);
}

static void write_run(const struct binding *binding)
{
	const char *type = binding->type;
	bool sample = binding->kind == BINDING_SAMPLE;
	uint32_t i;

	printf("static void %s_any_%s(const void *uniform, int32_t x, "
	       "int32_t y, const %s, uint32_t *out)\n"
	       "{\n\t%s_run(uniform, x, y",
	       type, sample ? "view_run" : "run",
	       sample ? "struct picture *in" : "uint32_t *const in[]", type);
	for (i = 0; i < binding->input_count; i++)
		printf(sample ? ", &in[%u]" : ", in[%u]", i);
	printf(", out);\n}\n\n");
}

static void write_touches(const char *type)
{
	printf("static bool %s_any_touches(const void *uniform, int32_t x, "
	       "int32_t y)\n{\n\treturn %s_touches(uniform, x, y);\n}\n\n",
	       type, type);
}

static void write_span(const char *type)
{
	printf("static void %s_any_span(const void *uniform, int32_t y, "
	       "int32_t x0, int32_t x1, const uint32_t *const in[], uint32_t "
	       "*out)\n{\n\t%s_span(uniform, y, x0, x1, in, out);\n}\n\n",
	       type, type);
}

static void write_rows(const char *type)
{
	printf("static void %s_any_rows(const void *uniform, int32_t y0, "
	       "int32_t y1, const struct image *out)\n"
	       "{\n\t%s_rows(uniform, y0, y1, out);\n}\n\n",
	       type, type);
}

static void write_frame(const char *type)
{
	printf("static void %s_any_frame(const void *params, const void "
	       "*uniform, void *state, const struct image *in, const struct "
	       "image *out, void *scratch)\n"
	       "{\n\t%s_frame(params, uniform, state, in, out, scratch);\n"
	       "}\n\n",
	       type, type);
}

static void write_band(const char *type)
{
	printf("static void %s_any_band(const void *params, const void "
	       "*uniform, const struct image *in, const struct image *out, "
	       "int32_t y0, int32_t y1, void *scratch)\n"
	       "{\n\t%s_band(params, uniform, in, out, y0, y1, scratch);\n"
	       "}\n\n",
	       type, type);
}

static void write_functions(const struct binding *binding)
{
	const char *type = binding->type;

	printf("/* ---- %s ---- */\n", type);
	write_params(binding);
	write_formula(type, "uniform", binding->uniform);
	write_formula(type, "head",
		      binding->head ? binding->head : binding->uniform);
	write_formula(type, "state", binding->state);
	write_formula(type, "scratch", binding->scratch);
	write_tick(type);
	if (binding->kind == BINDING_FRAME)
		write_frame(type);
	else if (binding->kind == BINDING_SAMPLE)
		write_sample(binding);
	else
		write_pixel(binding);
	if (binding->run)
		write_run(binding);
	if (binding->touches)
		write_touches(type);
	if (binding->span && binding->kind == BINDING_PIXEL)
		write_span(type);
	if (binding->rows)
		write_rows(type);
	if (binding->bands)
		write_band(type);
}

static void write_row(const struct binding *binding)
{
	const char *type = binding->type;
	bool frame = binding->kind == BINDING_FRAME;

	printf("\t{.name = \"%s\", .is_frame = %d, .input_count = %u, "
	       ".optional = %u, .count_count = %u, .param_count = %u,\n",
	       type, frame, binding->input_count, binding->optional,
	       binding->count_count, binding->param_count);
	if (binding->param_count)
		printf("\t .params = %s_table, "
		       ".params_bytes = sizeof(struct %s_params),\n",
		       type, type);
	if (strcmp(binding->uniform, "0"))
		printf("\t .uniform_sizeof = sizeof(struct %s_uniform),\n",
		       type);
	printf("\t .uniform_bytes = %s_uniform_bytes, "
	       ".head_bytes = %s_head_bytes, "
	       ".state_bytes = %s_state_bytes, "
	       ".scratch_bytes = %s_scratch_bytes,\n\t .tick = %s_any_tick, ",
	       type, type, type, type, type);
	if (binding->kind == BINDING_SAMPLE)
		printf(".sample = %s_any_sample", type);
	else
		printf(frame ? ".frame = %s_any_frame"
			     : ".pixel = %s_any_pixel",
		       type);
	if (binding->run)
		printf(binding->kind == BINDING_SAMPLE
			       ? ", .view_run = %s_any_view_run"
			       : ", .run = %s_any_run",
		       type);
	if (binding->touches)
		printf(", .touches = %s_any_touches", type);
	if (binding->span)
		printf(binding->kind == BINDING_SAMPLE ? ", .view = %s_any_view"
						       : ", .span = %s_any_span",
		       type);
	if (binding->rows)
		printf(", .rows = %s_any_rows", type);
	if (binding->bands)
		printf(", .band = %s_any_band", type);
	printf("},\n");
}

static const struct binding *read_type(struct library *library, uint32_t i,
				       struct diag *diag)
{
	const struct where nowhere = {0};

	return library_find(library, library->names[i], nowhere, diag);
}

/* Calls `write` for each type that draws; -1: a binding was refused. */
static int each(struct library *library, struct diag *diag,
		void (*write)(const struct binding *binding))
{
	uint32_t i;

	for (i = 0; i < library->count; i++) {
		const struct binding *binding = read_type(library, i, diag);

		if (!binding)
			return -1;
		if (binding->kind < BINDING_SINK)
			write(binding);
	}
	return 0;
}

static void write_include(const struct binding *binding)
{
	printf("#include \"%s\"\n", binding->header);
}

static int write_table(struct library *library, struct diag *diag)
{
	printf("/* Made by make_node_table. Do not edit. */\n"
	       "#include \"tests/kernel/node_table.h\"\n\n");
	if (each(library, diag, write_include))
		return -1;
	printf("\n");
	if (each(library, diag, write_functions))
		return -1;
	printf("const struct node_type node_types[] = {\n");
	if (each(library, diag, write_row))
		return -1;
	printf("};\n\nconst uint32_t node_type_count = "
	       "sizeof(node_types) / sizeof(node_types[0]);\n");
	return 0;
}

int main(int argc, char **argv)
{
	static struct library library;
	struct diag diag;
	int i, status;

	library_init(&library);
	diag_init(&diag);
	status = library_add(&library, "kernel", "kernel/", &diag);
	for (i = 1; !status && i < argc; i++)
		status = library_add(&library, argv[i], "", &diag);
	if (!status)
		status = write_table(&library, &diag);
	if (status)
		fputs(diag_line(&diag, &library.arena), stderr);
	library_finish(&library);
	return status ? 1 : 0;
}

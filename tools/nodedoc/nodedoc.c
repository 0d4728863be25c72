/*
 * tools/nodedoc: docs/nodes.md, from the bindings in kernel/.
 *
 *   nodedoc PICTURES > docs/nodes.md
 *
 * PICTURES: the folder, seen from docs/, where TYPE.png is, for the types that
 * have one. tools/nodes.sh makes the pictures and runs this.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/graphc/library.h"

static bool is_string(const struct binding_param *param)
{
	return param->type == GRAPH_PARAM_STRING;
}

static void print_type(const struct binding_param *param)
{
	const char *name = binding_param_type_name(param);

	if (is_string(param))
		printf("`%s[%u]`", name, param->count - 1);
	else if (param->count > 1)
		printf("`%s[%u]`", name, param->count);
	else
		printf("`%s`", name);
}

static void print_color(uint32_t color)
{
	printf("#%06x", color & 0xffffff);
	if (color >> 24 != 0xff)
		printf("%02x", color >> 24);
}

static void print_value(const struct binding_param *param, double value)
{
	switch (param->type) {
	case GRAPH_PARAM_COLOR:
	case GRAPH_PARAM_RGBA:
		print_color((uint32_t)value);
		break;
	case GRAPH_PARAM_BOOL:
		printf(value > 0 ? "true" : "false");
		break;
	case GRAPH_PARAM_CHOICE:
		printf("%s", param->choices[(size_t)value]);
		break;
	default:
		printf("%.9g", value);
	}
}

/* A long list of one value. */
static bool is_uniform(const struct binding_param *param)
{
	uint32_t i;

	for (i = 1; i < param->count; i++)
		if (param->defaults[i] < param->defaults[0] ||
		    param->defaults[i] > param->defaults[0])
			return false;
	return param->count > 8 && !is_string(param);
}

static void print_default(const struct binding_param *param)
{
	uint32_t i;

	if (param->required)
		return;
	if (param->reference) {
		printf("`\"\"`");
		return;
	}
	printf("`");
	if (is_string(param))
		printf("\"");
	for (i = 0; is_string(param) && param->defaults[i] > 0; i++)
		putchar((int)param->defaults[i]);
	if (is_uniform(param)) {
		print_value(param, param->defaults[0]);
		printf("` each");
		return;
	}
	for (i = 0; !is_string(param) && i < param->count; i++) {
		printf(i ? ", " : "");
		print_value(param, param->defaults[i]);
	}
	printf(is_string(param) ? "\"`" : "`");
}

/* What else it may be: words, or from where to where. */
static void print_range(const struct binding_param *param)
{
	static const char *const references[REFERENCE_COUNT] = {
		[REFERENCE_IMAGE] = "a PNG",
		[REFERENCE_GRID] = "a grid of points",
		[REFERENCE_SOURCE] = "of the graph",
	};
	uint32_t i;

	if (param->reference)
		printf("%s", references[param->reference]);
	for (i = 0; i < param->choice_count; i++)
		printf("%s`%s`", i ? ", " : "", param->choices[i]);
	if ((param->type == GRAPH_PARAM_INT ||
	     param->type == GRAPH_PARAM_FLOAT))
		printf("%.10g to %.10g%s%s", param->min, param->max,
		       *param->unit ? " " : "", param->unit);
}

static void print_params(const struct binding *binding)
{
	uint32_t i;

	if (!binding->param_count)
		return;
	printf("\n| parameter | type | default | range | |\n"
	       "|---|---|---|---|---|\n");
	for (i = 0; i < binding->param_count; i++) {
		const struct binding_param *param = &binding->params[i];

		printf("| `%s` | ", param->name);
		print_type(param);
		printf(" | ");
		print_default(param);
		printf(" | ");
		print_range(param);
		printf(" | %s%s |\n", param->doc,
		       param->font ? "; not for --set" : "");
	}
}

static void print_counts(const struct binding *binding)
{
	uint32_t i;

	for (i = 0; i < binding->count_count; i++)
		printf("%s`%s`", i ? ", " : "\nIn the report: ",
		       binding->counts[i]);
	if (binding->count_count)
		printf(".\n");
}

static void print_binding(const struct binding *binding, const char *pictures)
{
	char path[256];
	uint32_t i;

	printf("\n## %s\n\n%s\n\nKind %s; ", binding->type, binding->doc,
	       binding_kind_name(binding->kind));
	for (i = 0; i < binding->input_count; i++)
		printf("%s`%s`", i ? ", " : "inputs: ", binding->inputs[i]);
	printf(binding->input_count ? ".\n" : "no input: a generator.\n");
	snprintf(path, sizeof(path), "docs/%s/%s.png", pictures, binding->type);
	if (!access(path, R_OK))
		printf("\n![%s](%s/%s.png)\n", binding->type, pictures,
		       binding->type);
	print_params(binding);
	print_counts(binding);
}

int main(int argc, char **argv)
{
	static struct library library;
	const struct where nowhere = {0};
	struct diag diag;
	uint32_t i;

	if (argc != 2) {
		fputs("usage: nodedoc PICTURES > docs/nodes.md\n", stderr);
		return 2;
	}
	printf("# Node types\n\n"
	       "Made by tools/nodes.sh from the bindings in kernel/: what is "
	       "said here is what graphc reads. The pictures are of the\n"
	       "graphs in tools/nodedoc/. How values are written is in "
	       "[graph-format.md](graph-format.md).\n");
	library_init(&library);
	diag_init(&diag);
	if (library_add(&library, "kernel", "kernel/", &diag))
		return 1;
	for (i = 0; i < library.count; i++) {
		const struct binding *binding = library_find(
			&library, library.names[i], nowhere, &diag);

		if (!binding) {
			fputs(diag_line(&diag, &library.arena), stderr);
			return 1;
		}
		if (binding->kind != BINDING_SOURCE)
			print_binding(binding, argv[1]);
	}
	library_finish(&library);
	return 0;
}

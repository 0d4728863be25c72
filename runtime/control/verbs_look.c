/*
 * runtime/control/verbs_look.c: params and get; see runtime/control/verbs.h.
 */
#include <string.h>

#include "runtime/control/set_param.h"
#include "runtime/control/value.h"
#include "runtime/control/verbs.h"

#define LOOK_BYTES_MAX (48 * 1024) /* of a page; a message has 64 KB */

const char *const verb_params_keys[] = {"node", "from", NULL};
const char *const verb_get_keys[] = {"params", NULL};

/* "value" and "target"; a value is never NULL: what is in the pool was checked. */
static void look_values(const struct verb_desk *desk, uint32_t index,
			json_t *row)
{
	const struct graph_param *param = &desk->editor->graph->params[index];
	struct editor_value value;

	editor_look(desk->editor, index, &value);
	json_object_set_new(row, "value", value_to_json(param, value.present));
	json_object_set_new(row, "target", value_to_json(param, value.target));
	json_object_set_new(row, "changed",
			    json_integer((json_int_t)value.changed));
}

static void look_range(const struct graph_param *param, json_t *row)
{
	size_t i;

	if (param->type == GRAPH_PARAM_INT) {
		json_object_set_new(row, "min",
				    json_integer((json_int_t)param->min));
		json_object_set_new(row, "max",
				    json_integer((json_int_t)param->max));
	}
	if (param->type == GRAPH_PARAM_FLOAT) {
		json_object_set_new(row, "min", json_real(param->min));
		json_object_set_new(row, "max", json_real(param->max));
	}
	if (param->type == GRAPH_PARAM_STRING)
		json_object_set_new(row, "bytes",
				    json_integer(param->count - 1));
	else
		json_object_set_new(row, "count", json_integer(param->count));
	if (param->type == GRAPH_PARAM_CHOICE) {
		json_t *choices = json_array();

		for (i = 0; param->choices[i]; i++)
			json_array_append_new(choices,
					      json_string(param->choices[i]));
		json_object_set_new(row, "choices", choices);
	}
}

static json_t *look_param(const struct verb_desk *desk, uint32_t index)
{
	const struct graph_param *param = &desk->editor->graph->params[index];
	json_t *row = json_object();
	bool fixed = set_param_is_fixed(param);
	char accepts[256];

	set_param_describe(param, accepts, sizeof(accepts));
	json_object_set_new(row, "name", json_string(param->name));
	json_object_set_new(row, "type",
			    json_string(value_type_name(param->type)));
	json_object_set_new(row, "accepts", json_string(accepts));
	look_range(param, row);
	json_object_set_new(row, "unit", json_string(param->unit));
	json_object_set_new(row, "moves",
			    json_boolean(!fixed && change_can_move(param)));
	json_object_set_new(row, "fixed", json_boolean(fixed));
	look_values(desk, index, row);
	return row;
}

static bool look_is_of_node(const struct graph_param *param, const char *node)
{
	size_t length = strlen(node);

	return !strncmp(param->name, node, length) &&
	       param->name[length] == '.';
}

static bool look_has_node(const struct graph *graph, const char *node)
{
	uint32_t i;

	for (i = 0; i < graph->param_count; i++)
		if (look_is_of_node(&graph->params[i], node))
			return true;
	return false;
}

/* The page, up to what does not fit. */
static void look_page(const struct verb_desk *desk, struct call *call,
		      const char *node, uint32_t first)
{
	const struct graph *graph = desk->editor->graph;
	json_t *page = json_array();
	size_t bytes = 0;
	uint32_t i;

	json_object_set_new(call->answer, "params", page);
	json_object_set_new(call->answer, "next", json_null());
	for (i = first; i < graph->param_count; i++) {
		json_t *row;

		if (node && !look_is_of_node(&graph->params[i], node))
			continue;
		row = look_param(desk, i);
		bytes += json_dumpb(row, NULL, 0, JSON_COMPACT) + 1;
		if (bytes > LOOK_BYTES_MAX && json_array_size(page)) {
			json_decref(row);
			json_object_set_new(call->answer, "next",
					    json_string(graph->params[i].name));
			return;
		}
		json_array_append_new(page, row);
	}
}

void verb_params(struct call *call, void *arg)
{
	const struct verb_desk *desk = arg;
	const struct graph *graph = desk->editor->graph;
	const char *node = call_string(call, "node");
	const char *from = call_string(call, "from");
	const struct graph_param *first = graph->params;
	char line[CALL_COMMENT_MAX];

	if (call->code != CALL_DONE)
		return;
	if (node && node[0] == '/')
		node++;
	if (node && !look_has_node(graph, node)) {
		call_refuse(call, CALL_NOT_FOUND,
			    "%.64s: no node of that name has parameters; "
			    "params without \"node\" lists them all",
			    node);
		return;
	}
	if (from)
		first = value_find(graph, from, line, sizeof(line));
	if (from && !first)
		call_refuse(call, CALL_NOT_FOUND, "%s", line);
	else
		look_page(desk, call, node,
			  first ? (uint32_t)(first - graph->params) : 0);
}

void verb_get(struct call *call, void *arg)
{
	const struct verb_desk *desk = arg;
	const struct graph *graph = desk->editor->graph;
	const json_t *names = json_object_get(call->request, "params");
	json_t *values = json_object(), *name;
	char line[CALL_COMMENT_MAX];
	size_t i;

	json_object_set_new(call->answer, "values", values);
	if (!json_is_array(names) || !json_array_size(names) ||
	    json_array_size(names) > EDITOR_ROWS_MAX) {
		call_refuse(call, CALL_BAD,
			    "params: must be an array of 1 to %d names: "
			    "[\"node.param\"]",
			    EDITOR_ROWS_MAX);
		return;
	}
	json_array_foreach(names, i, name) {
		const struct graph_param *param =
			value_find(graph,
				   json_is_string(name) ? json_string_value(name)
							: "",
				   line, sizeof(line));
		json_t *row;

		if (!param) {
			call_refuse(call, CALL_NOT_FOUND, "%s", line);
			return;
		}
		row = json_object();
		look_values(desk, (uint32_t)(param - graph->params), row);
		json_object_set_new(values, param->name, row);
	}
}

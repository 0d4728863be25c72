/*
 * runtime/app/options_source.c: --source [NODE:]NAME[,setting...]. NODE may be
 * left out where the graph has one source.
 */
#include <string.h>

#include "runtime/app/options_private.h"
#include "runtime/base/text.h"

static bool refuse_source_driver(struct parse *parse, const char *text,
				 size_t length)
{
	const struct source_ops *const *ops = parse->drivers->sources;
	struct text_nearest best = {NULL, 0};
	char list[128] = "auto";

	text_nearest(&best, text, length, "auto");
	for (; *ops; ops++) {
		text_nearest(&best, text, length, (*ops)->name);
		text_append(list, sizeof(list), ", %s", (*ops)->name);
	}
	return options_refuse(parse->options,
			      "--source %.64s: no such source driver in this "
			      "program; %s%s%s",
			      text, best.name ? "did you mean " : "there is ",
			      best.name ? best.name : list,
			      best.name ? "?" : "");
}

/* `length` bytes of value name no source; 0: it names none at all. */
static bool refuse_source_node(struct parse *parse, const char *value,
			       size_t length)
{
	const struct graph *graph = parse->graph;
	char list[256] = "";
	uint32_t i;

	if (!graph->source_count)
		return options_refuse(parse->options,
				      "--source %.64s: graph %s has no source",
				      value, graph->name);
	for (i = 0; i < graph->source_count; i++)
		text_append(list, sizeof(list), "%s%s", i ? ", " : "",
			    graph->sources[i].name);
	if (length)
		return options_refuse(parse->options,
				      "--source %.64s: %.*s is no source of "
				      "graph %s, which has %s",
				      value, (int)(length < 64 ? length : 64),
				      value, graph->name, list);
	return options_refuse(parse->options,
			      "--source %.64s: say which source, as in "
			      "%s:NAME; graph %s has %s",
			      value, graph->sources[0].name, graph->name, list);
}

/* text: "NAME" or "NAME,setting=..." */
static bool set_source(struct parse *parse, uint32_t source, const char *text)
{
	size_t length = strcspn(text, ",");
	const struct source_ops *ops =
		source_find(parse->drivers->sources, text, length);

	if (!ops && !text_is(text, length, "auto"))
		return refuse_source_driver(parse, text, length);
	if (text[length] && (!ops || !ops->settings))
		return options_refuse(parse->options,
				      "--source %.64s: %s takes no settings",
				      text, ops ? ops->name : "auto");
	parse->options->source[source] = ops ? ops->name : "auto";
	parse->options->source_settings[source] =
		text[length] ? text + length + 1 : NULL;
	return true;
}

bool options_take_source(struct parse *parse, const char *value)
{
	size_t length = strcspn(value, ",:");
	const struct graph *graph = parse->graph;
	uint32_t i;

	if (value[length] != ':')
		return graph->source_count == 1 ? set_source(parse, 0, value)
						: refuse_source_node(parse,
								     value, 0);
	for (i = 0; i < graph->source_count; i++)
		if (text_is(value, length, graph->sources[i].name))
			return set_source(parse, i, value + length + 1);
	return refuse_source_node(parse, value, length);
}

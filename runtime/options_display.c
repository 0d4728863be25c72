/*
 * runtime/options_display.c: --display [NODE:]NAME[,setting...].
 *
 * A sink of type `display` leaves the choice to this option; a sink of any
 * other type is fixed by the graph, and naming another driver for it is an
 * error rather than a silent override.
 */
#include <string.h>

#include "runtime/options_private.h"
#include "runtime/text.h"

/* Built into this program; none of them takes settings yet. */
static const char *const built[] = {"auto", "headless", "null", NULL};

/* Known, so that the message can say more than "no such display". */
static const char *const others[] = {"kms", "eglstream", NULL};

static const char *find(const char *const *names, const char *text,
			size_t length)
{
	for (; *names; names++)
		if (text_is(text, length, *names))
			return *names;
	return NULL;
}

/* The driver that `text` names, as a constant; NULL: refused. */
static const char *take_driver(struct parse *parse, const char *text)
{
	struct text_nearest best = {NULL, 0};
	size_t length = strcspn(text, ",");
	const char *driver = find(built, text, length);
	const char *const *name;

	if (driver && !text[length])
		return driver;
	if (driver) {
		options_refuse(parse->options,
			       "--display %.64s: %s takes no settings", text,
			       driver);
		return NULL;
	}
	if (find(others, text, length)) {
		options_refuse(parse->options,
			       "--display %.64s: not built into this program; "
			       "it has headless and null",
			       text);
		return NULL;
	}
	for (name = built; *name; name++)
		text_nearest(&best, text, length, *name);
	options_refuse(parse->options,
		       "--display %.64s: no such display; %s%s%s", text,
		       best.name ? "did you mean " : "there is ",
		       best.name ? best.name : "auto, headless, null",
		       best.name ? "?" : "");
	return NULL;
}

static bool refuse_sink(struct parse *parse, const char *name, size_t length)
{
	const struct graph *graph = parse->graph;
	char sinks[256] = "";
	uint32_t i;

	for (i = 0; i < graph->sink_count; i++)
		text_append(sinks, sizeof(sinks), "%s%s", i ? ", " : "",
			    graph->sinks[i].name);
	return options_refuse(parse->options,
			      "--display %.*s: no such sink in graph %s; it "
			      "has %s",
			      length > 64 ? 64 : (int)length, name, graph->name,
			      sinks);
}

static bool set_sink(struct parse *parse, uint32_t sink, const char *driver)
{
	const struct graph_sink *row = &parse->graph->sinks[sink];

	if (!strcmp(row->type, "display"))
		parse->options->display[sink] = driver;
	else if (strcmp(driver, "auto") && strcmp(driver, row->type))
		return options_refuse(parse->options,
				      "--display %s: sink %s is %s in the "
				      "graph; only sinks of type display can "
				      "be chosen",
				      driver, row->name, row->type);
	return true;
}

bool options_take_display(struct parse *parse, const char *value)
{
	size_t length = strcspn(value, ",:");
	const struct graph *graph = parse->graph;
	const char *driver;
	uint32_t i;

	if (value[length] != ':') {
		driver = take_driver(parse, value);
		return driver &&
		       set_sink(parse, parse->options->main_sink, driver);
	}
	for (i = 0; i < graph->sink_count; i++)
		if (text_is(value, length, graph->sinks[i].name))
			break;
	if (i == graph->sink_count)
		return refuse_sink(parse, value, length);
	driver = take_driver(parse, value + length + 1);
	return driver && set_sink(parse, i, driver);
}

/*
 * runtime/app/options_display.c: --display [NODE:]NAME[,setting...].
 *
 * A sink of type `display` leaves the choice to this option; a sink of any
 * other type is fixed by the graph, and naming another driver for it is an
 * error rather than a silent override.
 */
#include <string.h>

#include "runtime/app/options_private.h"
#include "runtime/base/text.h"

#define MODE_PIXELS_MAX 16384
#define MODE_HZ_MIN	1
#define MODE_HZ_MAX	1000

void options_list_displays(const struct parse *parse, enum display_wish wish,
			   char *list, size_t bytes)
{
	const struct display_ops *const *ops;

	snprintf(list, bytes, "%s", wish == DISPLAY_WISH_ANY ? "auto" : "");
	for (ops = parse->drivers->displays; *ops; ops++)
		if (display_suits(*ops, wish))
			text_append(list, bytes, "%s%s", *list ? ", " : "",
				    (*ops)->name);
}

static const char *refuse_driver(struct parse *parse, const char *text)
{
	struct text_nearest best = {NULL, 0};
	size_t length = strcspn(text, ",");
	const struct display_ops *const *ops;
	char list[128];

	text_nearest(&best, text, length, "auto");
	for (ops = parse->drivers->displays; *ops; ops++)
		text_nearest(&best, text, length, (*ops)->name);
	options_list_displays(parse, DISPLAY_WISH_ANY, list, sizeof(list));
	options_refuse(parse->options,
		       "--display %.64s: no such display in this program; "
		       "%s%s%s",
		       text, best.name ? "did you mean " : "there is ",
		       best.name ? best.name : list, best.name ? "?" : "");
	return NULL;
}

/* The driver that `text` names, as a constant; NULL: refused. */
static const char *take_driver(struct parse *parse, const char *text)
{
	size_t length = strcspn(text, ",");
	const struct display_ops *ops =
		display_find(parse->drivers->displays, text, length);
	const char *name = ops ? ops->name : "auto";

	if (!ops && !text_is(text, length, "auto"))
		return refuse_driver(parse, text);
	if (!text[length] || (ops && ops->settings))
		return name;
	options_refuse(parse->options,
		       "--display %.64s: %s takes no settings", text, name);
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

/* text: "NAME" or "NAME,setting=..." */
static bool set_sink(struct parse *parse, uint32_t sink, const char *text)
{
	const struct graph_sink *row = &parse->graph->sinks[sink];
	const char *driver = take_driver(parse, text);
	const char *comma = strchr(text, ',');

	if (!driver)
		return false;
	if (!strcmp(row->type, "display")) {
		parse->options->display[sink] = driver;
		parse->options->display_settings[sink] =
			comma ? comma + 1 : NULL;
	} else if (strcmp(driver, "auto") && strcmp(driver, row->type))
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
	uint32_t i;

	if (value[length] != ':')
		return set_sink(parse, parse->options->main_sink, value);
	for (i = 0; i < graph->sink_count; i++)
		if (text_is(value, length, graph->sinks[i].name))
			break;
	if (i == graph->sink_count)
		return refuse_sink(parse, value, length);
	return set_sink(parse, i, value + length + 1);
}

/* The letter at the end of a mode's size: 'i', 'd', or 0 and nothing is cut. */
static char take_scan(const char *text, size_t *length)
{
	char last = *length ? text[*length - 1] : '\0';

	if (last != 'i' && last != 'd')
		return '\0';
	(*length)--;
	return last;
}

/* "1920x1080", "1920x1080@60", "1920x1080i@59.94". */
bool options_take_mode(struct parse *parse, const char *value)
{
	size_t x = strcspn(value, "x"), at = strcspn(value, "@"), end = at;
	char scan = take_scan(value, &end);
	int64_t width, height;
	double hz = 0;

	if (x < end && text_to_int(value, x, 1, MODE_PIXELS_MAX, &width) &&
	    text_to_int(value + x + 1, end - x - 1, 1, MODE_PIXELS_MAX,
			&height) &&
	    (!value[at] || text_to_float(value + at + 1, strlen(value + at + 1),
					 MODE_HZ_MIN, MODE_HZ_MAX, &hz))) {
		parse->options->mode = (struct display_mode){
			.width = (uint32_t)width,
			.height = (uint32_t)height,
			.millihertz = (uint32_t)(hz * 1000 + 0.5),
			.scan = scan,
		};
		return true;
	}
	return options_refuse(parse->options,
			      "--mode %.64s: not a mode: it is WxH or WxH@HZ, "
			      "as in 1920x1080@60 (1920x1080i: interlaced)",
			      value);
}

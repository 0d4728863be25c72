/*
 * runtime/app/display_choice.c: see runtime/app/display_choice.h.
 */
#include "runtime/app/display_choice.h"

static enum display_wish auto_wish(const struct options *options, uint32_t sink)
{
	if (options->clock == CLOCK_FREE)
		return DISPLAY_WISH_NO_REFRESH;
	if (sink != options->main_sink)
		return DISPLAY_WISH_BESIDE;
	return options->clock == CLOCK_DISPLAY ? DISPLAY_WISH_REFRESH
					       : DISPLAY_WISH_ANY;
}

void displays_choose(struct display_request requests[],
		     const struct drivers *drivers,
		     const struct options *options, const struct graph *graph)
{
	const char *name;
	uint32_t i;

	for (i = 0; i < graph->sink_count; i++) {
		name = options->display[i];
		requests[i] = (struct display_request){
			.ops = display_find(drivers->displays, name,
					    strlen(name)),
			.drivers = drivers->displays,
			.order = drivers->display_order,
			.wish = auto_wish(options, i),
			.settings = options->display_settings[i],
		};
		requests[i].is_main = i == options->main_sink;
		if (requests[i].is_main)
			requests[i].mode = options->mode;
	}
}

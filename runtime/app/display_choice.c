/*
 * runtime/app/display_choice.c: see runtime/app/display_choice.h.
 */
#include "runtime/app/display_choice.h"

/* NULL: no such driver. */
static const struct display_ops *find(const struct display_ops *const drivers[],
				      const char *name)
{
	while (*drivers && strcmp(name, (*drivers)->name) != 0)
		drivers++;
	return *drivers;
}

void displays_choose(struct display_request requests[],
		     const struct display_ops *const drivers[],
		     const struct options *options, const struct graph *graph)
{
	const struct display_ops *headless = find(drivers, "headless");
	uint32_t i;

	for (i = 0; i < graph->sink_count; i++) {
		struct display_request *request = &requests[i];
		const struct display_ops *named =
			find(drivers, options->display[i]);
		bool main_sink = i == options->main_sink;

		*request = (struct display_request){
			.ops = named ? named : headless,
			.settings = options->display_settings[i],
		};
		if (main_sink)
			request->mode = options->mode;
		if (named || !main_sink || options->clock == CLOCK_FREE)
			continue;
		request->ops = drivers[0];
		if (options->clock != CLOCK_DISPLAY)
			request->otherwise = headless;
	}
}

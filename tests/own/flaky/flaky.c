/*
 * tests/own/flaky/flaky.c: a source that has been through everything before the
 * first tick, in times of its own: frozen, black, corrupt, lost and back, and at
 * the end lost for good; or, with the setting `end`, ended.
 */
#include <string.h>

#include "runtime/base/rate.h"
#include "runtime/port/source.h"

#define FLAKY_FRAMES 4

static bool flaky_ends;

static int flaky_open(struct source *source, const struct source_config *config)
{
	flaky_ends = config->settings && !strcmp(config->settings, "end");
	return source_alloc(source, config->graph, FLAKY_FRAMES);
}

static void flaky_fill(struct source *source, uint32_t frame, int byte)
{
	const struct picture *picture = &source->frame[frame];

	memset(picture->plane[0], byte, picture->pitch[0] * picture->height);
}

/* The same picture for 3 s, which is black but for the last one. */
static void flaky_stand_still(struct source *source, uint32_t frame)
{
	int i;

	flaky_fill(source, frame, 0);
	for (i = 1; i < 90; i++)
		source_inspect(source, frame, i * NS_PER_SECOND / 30);
	flaky_fill(source, frame, 0x5a);
	source_inspect(source, frame, 3 * NS_PER_SECOND);
}

static int flaky_start(struct source *source)
{
	const struct source_facts facts = {
		.sequence = 7,
		.stamp_ns = 3 * NS_PER_SECOND,
		.worth = SOURCE_WORTH_HARDWARE,
	};
	uint32_t frame;

	if (!source_free_frame(source, &frame))
		return 0;
	flaky_stand_still(source, frame);
	source_count_lost(source, 2, "corrupt", 4 * NS_PER_SECOND);
	source_set_state(source, SOURCE_LOST, "stalled", 5 * NS_PER_SECOND);
	source_set_state(source, SOURCE_RUNNING, NULL, 6 * NS_PER_SECOND);
	source_deliver(source, &facts);
	source_set_state(source, flaky_ends ? SOURCE_ENDED : SOURCE_LOST,
			 flaky_ends ? NULL : "unplugged", 7 * NS_PER_SECOND);
	return 0;
}

static void flaky_stop(struct source *source)
{
	(void)source;
}

const struct source_ops flaky_source = {
	.name = "flaky",
	.help = "been through everything",
	.settings = "end",
	.open = flaky_open,
	.start = flaky_start,
	.stop = flaky_stop,
	.close = source_free,
};

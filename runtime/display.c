/*
 * runtime/display.c: opens and closes the displays of all sinks.
 */
#include "runtime/display.h"

#include <errno.h>

/* clang-format off */
static const char *const state_names[DISPLAY_STATE_COUNT] = {
	"running", "busy", "stalled", "no_master", "no_sink", "gone",
	"recovering", "failed",
};

static const char *const stamp_names[DISPLAY_STAMP_COUNT] = {
	"none", "hardware", "software", "at_once",
};
/* clang-format on */

const char *display_state_name(enum display_state state)
{
	return state_names[state];
}

const char *display_stamp_name(enum display_stamp stamp)
{
	return stamp_names[stamp];
}

static enum exit_status status_of(int error)
{
	switch (-error) {
	case 0:
		return EXIT_STATUS_OK;
	case ENODEV:
	case EBUSY:
		return EXIT_STATUS_NO_DEVICE;
	case EACCES:
		return EXIT_STATUS_NO_PERMISSION;
	case ENOTSUP:
		return EXIT_STATUS_MACHINE;
	case EINVAL:
		return EXIT_STATUS_USAGE;
	default:
		return EXIT_STATUS_OS_LIMIT;
	}
}

enum exit_status displays_open(struct display displays[],
			       const struct display_ops *const ops[],
			       const struct graph *graph)
{
	const struct display_config config = {
		.width = graph->width,
		.height = graph->height,
		.rate_num = graph->rate_num,
		.rate_den = graph->rate_den,
	};
	uint32_t i;
	int error;

	for (i = 0; i < graph->sink_count; i++) {
		displays[i] = (struct display){.ops = ops[i], .event_fd = -1};
		error = ops[i]->open(&displays[i], &config);
		if (!error)
			continue;
		displays_close(displays, i);
		return status_of(error);
	}
	return EXIT_STATUS_OK;
}

void displays_close(struct display displays[], uint32_t count)
{
	while (count--)
		displays[count].ops->close(&displays[count]);
}

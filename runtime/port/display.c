/*
 * runtime/port/display.c: opens and closes the displays of all sinks.
 */
#include "runtime/port/display.h"

#include <errno.h>
#include <stdio.h>

#include "runtime/port/backend.h"
#include "runtime/base/message.h"

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

enum exit_status display_status_of(int error)
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

static int open_one(struct display *display, const struct display_ops *ops,
		    const struct display_config *config)
{
	*display = (struct display){.ops = ops, .event_fd = -1};
	return ops->open(display, config);
}

/* The request's driver, else its other one. */
static int open_requested(struct display *display,
			  const struct display_request *request,
			  struct display_config *config)
{
	char refusal[DISPLAY_REFUSAL_MAX] = "";
	int error;

	config->settings = request->settings;
	config->mode = request->mode;
	config->refusal = request->otherwise ? refusal : NULL;
	error = open_one(display, request->ops, config);
	if (!error || !request->otherwise)
		return error;
	message("display: %s, not %s: %s", request->otherwise->name,
		request->ops->name, refusal);
	config->refusal = NULL;
	return open_one(display, request->otherwise, config);
}

enum exit_status displays_open(struct display displays[],
			       const struct display_request requests[],
			       const struct backend *backend)
{
	const struct graph *graph = backend->graph;
	struct display_config config = {
		.width = graph->width,
		.height = graph->height,
		.rate_num = graph->rate_num,
		.rate_den = graph->rate_den,
	};
	uint32_t i;
	int error;

	for (i = 0; i < graph->sink_count; i++) {
		config.graph_settings =
			graph->sink_settings ? graph->sink_settings[i] : NULL;
		config.memory =
			backend_draws(backend, i) ? backend->memory : NULL;
		error = open_requested(&displays[i], &requests[i], &config);
		if (error) {
			displays_close(displays, i);
			return display_status_of(error);
		}
		if (displays[i].text[0])
			message("display: %s: %s",
				displays[i].ops->name, displays[i].text);
	}
	return EXIT_STATUS_OK;
}

void displays_close(struct display displays[], uint32_t count)
{
	while (count--)
		displays[count].ops->close(&displays[count]);
}

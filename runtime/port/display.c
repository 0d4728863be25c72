/*
 * runtime/port/display.c: opens and closes the displays of all sinks.
 */
#include "runtime/port/display.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/port/backend.h"
#include "runtime/base/message.h"
#include "runtime/base/text.h"

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

int display_refuse(const struct display_config *config, const char *driver,
		   int error, const char *format, ...)
{
	char text[DISPLAY_REFUSAL_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (config->refusal)
		memcpy(config->refusal, text, sizeof(text));
	else
		message("%s: %s", driver, text);
	return error;
}

static int display_open_one(struct display *display, const struct display_ops *ops,
		    const struct display_config *config)
{
	*display = (struct display){.ops = ops, .event_fd = -1};
	return ops->open(display, config);
}

const struct display_ops *display_find(const struct display_ops *const *drivers,
				       const char *name, size_t length)
{
	while (*drivers && !text_is(name, length, (*drivers)->name))
		drivers++;
	return *drivers;
}

/* Length of the index-th word, its start in *word; 0: there is none. */
static size_t display_word(const char *order, uint32_t index, const char **word)
{
	*word = order ? order + strspn(order, " ") : "";
	while (index--) {
		*word += strcspn(*word, " ");
		*word += strspn(*word, " ");
	}
	return strcspn(*word, " ");
}

static bool display_is_named(const struct display_ops *ops, const char *order)
{
	const char *word;
	size_t length;
	uint32_t i;

	for (i = 0; (length = display_word(order, i, &word)); i++)
		if (text_is(word, length, ops->name))
			return true;
	return false;
}

const struct display_ops *
display_in_order(const struct display_ops *const *drivers, const char *order,
		 uint32_t index, bool *is_named)
{
	const struct display_ops *ops;
	const char *word;
	size_t length;
	uint32_t i;

	*is_named = true;
	for (i = 0; (length = display_word(order, i, &word)); i++) {
		ops = display_find(drivers, word, length);
		if (ops && !index--)
			return ops;
	}
	*is_named = false;
	for (; *drivers; drivers++)
		if (!display_is_named(*drivers, order) && !index--)
			return *drivers;
	return NULL;
}

bool display_suits(const struct display_ops *ops, enum display_wish wish)
{
	return wish == DISPLAY_WISH_ANY ||
	       ops->has_refresh == (wish == DISPLAY_WISH_REFRESH);
}

static void display_reject(struct display_rejection *row, const char *what,
			   const char *why)
{
	snprintf(row->what, sizeof(row->what), "%s", what);
	snprintf(row->why, sizeof(row->why), "%.*s",
		 DISPLAY_REJECTION_MAX - 1, why);
}

/* The drivers that were turned down, before what this one did. */
static void display_put_rejected(struct display *display,
				 const struct display_rejection *drivers,
				 uint32_t count)
{
	uint32_t i, own = display->rejected_count;

	if (own > DISPLAY_REJECTIONS_MAX - count)
		own = DISPLAY_REJECTIONS_MAX - count;
	for (i = own; i-- > 0;)
		display->rejected[i + count] = display->rejected[i];
	memcpy(display->rejected, drivers, count * sizeof(drivers[0]));
	display->rejected_count = own + count;
}

/* of_main: the main sink's driver; NULL: it was not opened yet. */
static bool display_is_candidate(const struct display_ops *ops, bool is_named,
				 enum display_wish wish,
				 const struct display_ops *of_main)
{
	if (ops->by_name && !is_named)
		return false;
	if (wish == DISPLAY_WISH_BESIDE)
		return !ops->has_refresh || ops == of_main;
	return display_suits(ops, wish);
}

/* The first that opens. Where none does, the error is that of the first whose
 * device was there at least. */
static int display_open_auto(struct display *display,
			     const struct display_request *request,
			     const struct display_ops *of_main,
			     struct display_config *config,
			     const struct backend *backend)
{
	const struct display_ops *ops;
	struct display_rejection rejected[DISPLAY_REJECTIONS_MAX];
	char refusal[DISPLAY_REFUSAL_MAX];
	uint32_t i, count = 0;
	int error, worst = 0;
	bool is_named;

	config->refusal = refusal;
	for (i = 0; (ops = display_in_order(request->drivers, request->order, i,
					    &is_named)); i++) {
		if (!display_is_candidate(ops, is_named, request->wish, of_main))
			continue;
		refusal[0] = '\0';
		error = display_open_one(display, ops, config);
		if (!error)
			display_put_rejected(display, rejected, count);
		if (!error || backend->lost)
			return error;
		if (count < DISPLAY_REJECTIONS_MAX)
			display_reject(&rejected[count++], ops->name, refusal);
		message("display: not %s: %s", ops->name, refusal);
		if (!worst || worst == -ENODEV)
			worst = error;
	}
	if (worst)
		return worst;
	message("display: none that this program holds %s refreshes: name one "
		"with --display NODE:NAME",
		request->wish == DISPLAY_WISH_REFRESH ? "has" : "is without");
	return -ENODEV;
}

/* Where it is the backend that is lost, which takes its memory along, nothing
 * is said of displays. */
static int display_open_requested(struct display *display,
				  const struct display_request *request,
				  const struct display_ops *of_main,
				  struct display_config *config,
				  const struct backend *backend)
{
	char refusal[DISPLAY_REFUSAL_MAX] = "";
	int error;

	config->settings = request->settings;
	config->mode = request->mode;
	config->journal = request->journal;
	if (!request->ops)
		return display_open_auto(display, request, of_main, config,
					 backend);
	config->refusal = refusal;
	error = display_open_one(display, request->ops, config);
	if (error && !backend->lost)
		message("%s: %s", request->ops->name, refusal);
	return error;
}

/* "display: kms: /dev/dri/card0 ..."; nothing of what was asked for by name and
 * has nothing to say. */
static void tell_display(const struct display *display,
			 const struct display_request *request)
{
	if (display->text[0])
		message("display: %s: %s", display->ops->name, display->text);
	else if (!request->ops && request->wish == DISPLAY_WISH_ANY)
		message("display: %s", display->ops->name);
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
	const struct display_ops *of_main = NULL;
	uint32_t i;
	int error;

	for (i = 0; i < graph->sink_count; i++) {
		config.graph_settings =
			graph->sink_settings ? graph->sink_settings[i] : NULL;
		config.index = i;
		config.memory =
			backend_draws(backend, i) ? backend->memory : NULL;
		error = display_open_requested(&displays[i], &requests[i],
					       of_main, &config, backend);
		if (error) {
			displays_close(displays, i);
			return display_status_of(error);
		}
		if (requests[i].is_main)
			of_main = displays[i].ops;
		tell_display(&displays[i], &requests[i]);
	}
	return EXIT_STATUS_OK;
}

void displays_close(struct display displays[], uint32_t count)
{
	while (count--)
		displays[count].ops->close(&displays[count]);
}

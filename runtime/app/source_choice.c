/*
 * runtime/app/source_choice.c: see runtime/app/source_choice.h.
 */
#include "runtime/app/source_choice.h"

#include <errno.h>
#include <string.h>

#include "runtime/base/message.h"
#include "runtime/base/text.h"

#define SOURCE_REFUSAL_MAX 512

static int source_open(struct source *source, const struct source_ops *ops,
		       const struct source_config *config)
{
	const struct source before = {
		.ops = ops,
		.graph = config->graph,
		.journal = source->journal,
		.index = source->index,
	};
	int error;

	config->refusal[0] = '\0';
	*source = before;
	error = ops->open(source, config);
	if (error)
		source->ops = NULL;
	else
		source_draw_card(source);
	return error;
}

/* The first that opens; each that does not leaves its reason in `why`. */
static int source_open_any(struct source *source,
			   const struct source_ops *const sources[],
			   const struct source_config *config, char *why,
			   size_t why_bytes)
{
	int error = -ENODEV;

	why[0] = '\0';
	for (; *sources; sources++) {
		error = source_open(source, *sources, config);
		if (!error)
			return 0;
		text_append(why, why_bytes, "%snot %s: %s", *why ? "; " : "",
			    (*sources)->name, config->refusal);
	}
	return error;
}

/* Where chroma lies matters to those who asked for what is between. */
static void source_tell_siting(struct source *source)
{
	static const char *const names[COLOR_SITING_COUNT] = {
		[COLOR_LEFT] = "left",
		[COLOR_CENTRE] = "centre",
		[COLOR_TOP_LEFT] = "top left",
	};

	if (source->graph->chroma == PICTURE_BILINEAR)
		text_append(source->text, sizeof(source->text),
			    ", bilinear chroma sited %s",
			    names[source->frame[0].ycbcr.siting]);
}

static enum exit_status source_open_one(struct source *source,
					const struct drivers *drivers,
					const char *driver,
					const struct source_config *config,
					char *line, size_t line_bytes)
{
	char why[SOURCE_REFUSAL_MAX] = "";
	int error;

	if (!strcmp(driver, "auto")) {
		error = source_open_any(source, drivers->sources, config, why,
					sizeof(why));
	} else {
		error = source_open(source,
				    source_find(drivers->sources, driver,
						strlen(driver)),
				    config);
		snprintf(why, sizeof(why), "%s", config->refusal);
	}
	if (error) {
		snprintf(line, line_bytes, "--source %s:%s: %s",
			 config->graph->name, driver, why);
		return display_status_of(error);
	}
	source_tell_siting(source);
	message("source %s: %s, %s%s%s%s", config->graph->name,
		source->ops->name, source->text, *why ? " (" : "", why,
		*why ? ")" : "");
	return EXIT_STATUS_OK;
}

enum exit_status sources_open(struct source sources[],
			      const struct drivers *drivers,
			      const struct options *options,
			      const struct graph *graph,
			      const struct journal *journal,
			      uint32_t first_lane, bool pinned, char *line,
			      size_t line_bytes)
{
	char refusal[SOURCE_REFUSAL_MAX];
	enum exit_status status;
	uint32_t i;

	for (i = 0; i < graph->source_count; i++) {
		const struct source_config config = {
			.graph = &graph->sources[i],
			.rate_num = graph->rate_num,
			.rate_den = graph->rate_den,
			.timed = options->clock != CLOCK_FREE,
			.pinned = pinned,
			.settings = options->source_settings[i],
			.refusal = refusal,
			.refusal_bytes = sizeof(refusal),
		};

		sources[i].journal = journal_writer(journal, first_lane + i);
		sources[i].index = i;
		status = source_open_one(&sources[i], drivers,
					 options->source[i], &config, line,
					 line_bytes);
		if (status) {
			sources_close(sources, i);
			return status;
		}
	}
	return EXIT_STATUS_OK;
}

int sources_start(struct source sources[], uint32_t count)
{
	uint32_t i;
	int error;

	for (i = 0; i < count; i++) {
		error = sources[i].ops->start(&sources[i]);
		if (error) {
			sources_stop(sources, i);
			return error;
		}
	}
	return 0;
}

void sources_stop(struct source sources[], uint32_t count)
{
	while (count--)
		sources[count].ops->stop(&sources[count]);
}

void sources_close(struct source sources[], uint32_t count)
{
	while (count--)
		sources[count].ops->close(&sources[count]);
}

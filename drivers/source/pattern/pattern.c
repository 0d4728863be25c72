/*
 * drivers/source/pattern/pattern.c: a source without hardware: a moving test
 * picture in whatever format and size the graph asks for, drawn by a thread of
 * its own at a rate of its own, as a camera would.
 *
 * Settings: rate=N or rate=N/D pictures a second; default: the graph's rate.
 * Picture n is due at start + n / rate; where no frame is free then, it is
 * lost, counted, and n goes on.
 * Read next: runtime/port/source.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/source/pattern/picture.h"
#include "drivers/source/sources.h"
#include "runtime/base/seal.h"
#include "runtime/base/text.h"
#include "runtime/base/thread.h"
#include "runtime/time/clock.h"

/* One being drawn, one waiting, one on view, and one a flight. */
#define PATTERN_FRAMES	 6
#define PATTERN_RATE_MAX 1000

struct pattern {
	struct source *source;
	const struct graph_source *graph;
	struct rate rate;
	uint32_t *row;	/* one of XRGB8888 */
	struct thread thread;
	atomic_bool stop;
};

/* ---- main thread ----------------------------------------------------------- */

static int pattern_refuse(const struct source_config *config, int error,
			  const char *why)
{
	snprintf(config->refusal, config->refusal_bytes, "%s", why);
	return error;
}

static int pattern_settings(struct pattern *pattern,
			    const struct source_config *config)
{
	static const char rate[] = "rate=";
	const char *text = config->settings;

	pattern->rate = (struct rate){config->rate_num, config->rate_den};
	if (!text || (!strncmp(text, rate, strlen(rate)) &&
		      text_to_rate(text + strlen(rate),
				   strlen(text + strlen(rate)), '/',
				   PATTERN_RATE_MAX, &pattern->rate)))
		return 0;
	snprintf(config->refusal, config->refusal_bytes,
		 "\"%.64s\": it takes rate=N or rate=N/D, at most %d pictures "
		 "a second",
		 config->settings, PATTERN_RATE_MAX);
	return -EINVAL;
}

static void pattern_free(struct pattern *pattern)
{
	source_free(pattern->source);
	free(pattern->row);
	free(pattern);
}

static int pattern_open(struct source *source,
			const struct source_config *config)
{
	struct pattern *pattern = calloc(1, sizeof(*pattern));
	int error;

	if (!pattern)
		return pattern_refuse(config, -ENOMEM, "no memory");
	pattern->source = source;
	pattern->graph = config->graph;
	pattern->row = calloc(config->graph->width, sizeof(*pattern->row));
	error = pattern_settings(pattern, config);
	if (!error && (!pattern->row ||
		       source_alloc(source, config->graph, PATTERN_FRAMES)))
		error = pattern_refuse(config, -ENOMEM,
				       "no memory for its frames: use a "
				       "smaller source or raise RLIMIT_AS");
	if (error) {
		pattern_free(pattern);
		return error;
	}
	source->state = pattern;
	snprintf(source->text, sizeof(source->text),
		 "a moving test picture, %s %ux%u, %.6g Hz",
		 graph_format_name(config->graph->format),
		 config->graph->width, config->graph->height,
		 (double)pattern->rate.num / pattern->rate.den);
	return 0;
}

/* ---- its thread, sealed ------------------------------------------------------ */

static void pattern_draw(struct pattern *pattern, uint32_t frame,
			 uint64_t number)
{
	const struct graph_source *graph = pattern->graph;
	uint32_t y;

	for (y = 0; y < graph->height; y++) {
		pattern_row(number, graph->width, y, pattern->row);
		graph_row_store(graph->format, &pattern->source->frame[frame],
				y, pattern->row);
	}
}

static void pattern_picture(struct pattern *pattern, uint64_t number)
{
	struct source_facts facts = {
		.sequence = number,
		.stamp_ns = clock_now_ns(),
	};
	uint32_t frame;

	if (!source_free_frame(pattern->source, &frame)) {
		source_count_lost(pattern->source, 1, "no free frame",
				  facts.stamp_ns);
		return;
	}
	pattern_draw(pattern, frame, number);
	facts.came_ns = clock_now_ns();
	source_inspect(pattern->source, frame, facts.came_ns);
	source_deliver(pattern->source, &facts);
}

/* False: the end. */
static bool pattern_wait(const struct pattern *pattern, int64_t until_ns)
{
	int64_t now_ns;

	while (!atomic_load_explicit(&pattern->stop, memory_order_relaxed)) {
		now_ns = clock_now_ns();
		if (now_ns >= until_ns)
			return true;
		clock_pause(until_ns - now_ns); /* for 100 ms at most */
	}
	return false;
}

static void *pattern_run(void *arg)
{
	struct pattern *pattern = arg;
	int64_t start_ns = clock_now_ns();
	struct seal_usage usage;
	uint64_t number = 0;

	seal_begin(&usage);
	while (pattern_wait(pattern, start_ns + rate_tick_ns(pattern->rate,
							     number)))
		pattern_picture(pattern, number++);
	seal_end(&usage);
	return NULL;
}

/* ---- main thread ----------------------------------------------------------- */

static int pattern_start(struct source *source)
{
	struct pattern *pattern = source->state;
	const struct thread_config config = {
		.name = "pattern",
		.cpu = -1,
		.run = pattern_run,
		.arg = pattern,
	};

	return thread_start(&pattern->thread, &config);
}

static void pattern_stop(struct source *source)
{
	struct pattern *pattern = source->state;

	atomic_store_explicit(&pattern->stop, true, memory_order_relaxed);
	thread_join(&pattern->thread);
}

static void pattern_close(struct source *source)
{
	pattern_free(source->state);
	source->state = NULL;
}

const struct source_ops pattern_source = {
	.name = "pattern",
	.help = "a moving test picture, drawn at a rate of its own",
	.settings = "rate=N or rate=N/D, pictures a second (the graph's)",
	.open = pattern_open,
	.start = pattern_start,
	.stop = pattern_stop,
	.close = pattern_close,
};

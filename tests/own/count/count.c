/*
 * tests/own/count/count.c: a source that is as bad as can be: its thread
 * delivers frames in bursts as quickly as they are free, leaves numbers out,
 * which it counts as lost, and stamps some in the future and some not at all.
 * Every byte of frame n is n * 7 + 1.
 */
#include <string.h>

#include "runtime/base/thread.h"
#include "runtime/port/source.h"
#include "runtime/time/clock.h"

#define COUNT_FRAMES  7
#define COUNT_AT_ONCE 5 /* numbers, one of them lost, before any tick */

/* Only one at a time, which is all that a test needs. */
static struct {
	struct source *source;
	size_t bytes;
	struct thread thread;
	atomic_bool stop;
} count;

static int count_open(struct source *source, const struct source_config *config)
{
	int error = source_alloc(source, config->graph, COUNT_FRAMES);

	if (error) {
		snprintf(config->refusal, config->refusal_bytes, "no memory");
		return error;
	}
	count.source = source;
	count.bytes = source->memory.bytes / (COUNT_FRAMES + 1);
	atomic_store(&count.stop, false);
	snprintf(source->text, sizeof(source->text), "numbers");
	return 0;
}

static void count_deliver(uint64_t number)
{
	struct source_facts facts = {.sequence = number,
				     .stamp_ns = clock_now_ns()};
	uint32_t frame;

	if (number % 5 == 3) {
		source_count_lost(count.source, 1, "left out", facts.stamp_ns);
		return;
	}
	while (!source_free_frame(count.source, &frame)) {
		if (atomic_load(&count.stop))
			return;
		clock_pause(50 * NS_PER_US);
	}
	if (number % 7 == 0)
		facts.stamp_ns += NS_PER_SECOND;
	if (number % 7 == 1)
		facts.stamp_ns = SOURCE_STAMP_NONE;
	memset(count.source->frame[frame].plane[0], (int)(number * 7 + 1),
	       count.bytes);
	source_deliver(count.source, &facts);
}

static void *count_run(void *arg)
{
	uint64_t number;

	(void)arg;
	for (number = COUNT_AT_ONCE; !atomic_load(&count.stop); number++) {
		count_deliver(number);
		if (number % 9 == 0)
			clock_pause(2 * NS_PER_MS);
	}
	return NULL;
}

static int count_start(struct source *source)
{
	const struct thread_config config = {
		.name = "count", .cpu = -1, .run = count_run};
	uint64_t number;

	(void)source;
	for (number = 0; number < COUNT_AT_ONCE; number++)
		count_deliver(number);
	return thread_start(&count.thread, &config);
}

static void count_stop(struct source *source)
{
	(void)source;
	atomic_store(&count.stop, true);
	thread_join(&count.thread);
}

const struct source_ops count_source = {
	.name = "count",
	.help = "numbers",
	.open = count_open,
	.start = count_start,
	.stop = count_stop,
	.close = source_free,
};

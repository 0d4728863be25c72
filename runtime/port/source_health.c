/*
 * runtime/port/source_health.c: what becomes of a source, as its driver says:
 * counted, with its reason, and in the journal. See runtime/port/source.h.
 */
#include "runtime/port/source.h"

#include <string.h>

static const char *const state_names[SOURCE_STATE_COUNT] = {
	[SOURCE_RUNNING] = "running",
	[SOURCE_LOST] = "lost",
	[SOURCE_ENDED] = "ended",
};

static const char *const look_names[SOURCE_LOOK_COUNT] = {
	[SOURCE_FROZEN] = "frozen",
	[SOURCE_BLACK] = "black",
};

const char *source_state_name(enum source_state state)
{
	return state_names[state];
}

const char *source_look_name(enum source_look look)
{
	return look_names[look];
}

uint32_t source_reasons(const struct source_health *health)
{
	/* acquire: pairs with health_reason, the texts are there */
	return atomic_load_explicit(&health->reason_count,
				    memory_order_acquire);
}

static void health_add(_Atomic uint64_t *counter, uint64_t count)
{
	atomic_fetch_add_explicit(counter, count, memory_order_relaxed);
}

/* Its place in the table, where it is put if it is new. What comes when the
 * table is full is counted with its last one. */
static uint32_t health_reason(struct source *source, const char *text)
{
	struct source_health *health = &source->health;
	uint32_t count = atomic_load_explicit(&health->reason_count,
					      memory_order_relaxed);
	uint32_t i;

	for (i = 0; i < count; i++)
		if (!strncmp(health->reason[i].text, text,
			     SOURCE_REASON_MAX - 1))
			return i;
	if (count == SOURCE_REASONS_MAX)
		return count - 1;
	if (count == SOURCE_REASONS_MAX - 1)
		text = "other";
	strncpy(health->reason[count].text, text, SOURCE_REASON_MAX - 1);
	/* release: pairs with the readers' acquire, the text is there */
	atomic_store_explicit(&health->reason_count, count + 1,
			      memory_order_release);
	return count;
}

void source_count_lost(struct source *source, uint64_t count,
		       const char *reason, int64_t now_ns)
{
	uint32_t which = health_reason(source, reason);
	const struct journal_record record = {
		.time_ns = now_ns,
		.kind = JOURNAL_SOURCE_LOST,
		.object = source->index,
		.value = {(int64_t)count, which},
	};

	health_add(&source->health.lost, count);
	health_add(&source->health.reason[which].frames, count);
	journal_write(&source->journal, &record);
}

void source_set_state(struct source *source, enum source_state state,
		      const char *reason, int64_t now_ns)
{
	struct source_health *health = &source->health;
	uint32_t before =
		atomic_load_explicit(&health->state, memory_order_relaxed);
	int64_t which = reason ? (int64_t)health_reason(source, reason) : -1;
	const struct journal_record record = {
		.time_ns = now_ns,
		.kind = JOURNAL_SOURCE_STATE,
		.object = source->index,
		.value = {state, which, before},
	};

	if (before == SOURCE_ENDED ||
	    (before == (uint32_t)state &&
	     (state != SOURCE_LOST || which == source->watch.lost_for)))
		return;
	source->watch.lost_for = which;
	if (state == SOURCE_LOST) {
		health_add(&health->losses, before != SOURCE_LOST);
		if (which >= 0)
			health_add(&health->reason[which].losses, 1);
	}
	if (before == SOURCE_LOST && state == SOURCE_RUNNING)
		health_add(&health->recoveries, 1);
	/* release: whoever sees the state sees the frames before it */
	atomic_store_explicit(&health->state, state, memory_order_release);
	journal_write(&source->journal, &record);
}

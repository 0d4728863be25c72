/*
 * runtime/observe/stats_entries.c: see runtime/observe/stats_entries.h.
 *
 * One row a field: its name, what it is, where it is in the first element. Rows of
 * a sink, a source or a step are told for each of them, with its name before.
 */
#include "runtime/observe/stats_entries.h"

#include <stdio.h>

struct entry_row {
	const char *name;
	enum tickline_kind kind;
	enum tickline_unit unit;
	size_t at;     /* in struct stats; of the first sink, source or step */
	size_t stride; /* to the next one's */
};

#define COUNT	 TICKLINE_COUNTER, TICKLINE_NUMBER
#define COUNT_NS TICKLINE_COUNTER, TICKLINE_NS
#define NUMBER	 TICKLINE_GAUGE, TICKLINE_NUMBER
#define NS	 TICKLINE_GAUGE, TICKLINE_NS
#define HERTZ	 TICKLINE_GAUGE, TICKLINE_MICROHERTZ
#define TIMES	 TICKLINE_TIMES, TICKLINE_NS

#define AT(field)      offsetof(struct stats, field)
#define IN(field)      AT(counters.field)
#define OF_SINK(field) IN(ledger.sink[0].field), sizeof(struct ledger_sink)
#define OF_SOURCE(field) IN(ledger.source[0].field), sizeof(struct ledger_source)
#define OF_PACE(field) IN(source[0].field), sizeof(struct stats_source)
#define OF_STEP(field)                                                         \
	(sizeof(struct stats) + offsetof(struct stats_step, field)),           \
		sizeof(struct stats_step)

/* clang-format off */
static const struct entry_row program_rows[] = {
	{"rate_num", NUMBER, AT(header.rate_num), 0},
	{"rate_den", NUMBER, AT(header.rate_den), 0},
	{"pid", NUMBER, AT(header.pid), 0},
	{"main_sink", NUMBER, AT(header.main_sink), 0},
	{"ticks", COUNT, IN(ledger.ticks), 0},
	{"skipped", COUNT, IN(ledger.skipped), 0},
	{"last_tick", NUMBER, IN(last_tick), 0},
	{"start", NS, IN(start_ns), 0},
	{"end", NS, IN(end_ns), 0},
	{"first_frame", NS, IN(first_frame_ns), 0},
	{"fps", TICKLINE_GAUGE, TICKLINE_MILLI, IN(fps_milli), 0},
	{"wakes_over_1ms", COUNT, IN(wakes_over_1ms), 0},
	{"minor_faults", COUNT, IN(minor_faults), 0},
	{"major_faults", COUNT, IN(major_faults), 0},
	{"involuntary_switches", COUNT, IN(involuntary_switches), 0},
	{"cpu", COUNT_NS, IN(cpu_ns), 0},
	{"display_clock.state", NUMBER, IN(pacing.state), 0},
	{"display_clock.refresh", HERTZ, IN(pacing.refresh_uhz), 0},
	{"display_clock.refreshes_per_tick", NUMBER, IN(pacing.refreshes_per_tick), 0},
	{"display_clock.margin", NS, IN(pacing.margin_ns), 0},
	{"display_clock.locks", COUNT, IN(pacing.locks), 0},
	{"display_clock.losses", COUNT, IN(pacing.losses), 0},
	{"display_clock.holdovers", COUNT, IN(pacing.holdovers), 0},
	{"display_clock.outliers", COUNT, IN(pacing.outliers), 0},
	{"display_clock.first_lock", NS, IN(pacing.first_lock_ns), 0},
	{"display_clock.phase_error", TIMES, AT(phase_error), 0},
	{"lateness", TIMES, AT(lateness), 0},
	{"cycle", TIMES, AT(cycle), 0},
	{"uniforms", TIMES, AT(uniforms), 0},
	{"present", TIMES, AT(present), 0},
	{"tick_to_flip", TIMES, AT(tick_to_flip), 0},
};

static const struct entry_row sink_rows[] = {
	{"presented", COUNT, OF_SINK(presented)},
	{"late", COUNT, OF_SINK(late)},
	{"dropped", COUNT, OF_SINK(dropped)},
	{"dropped.no_slot", COUNT, OF_SINK(reasons[DROP_NO_SLOT])},
	{"dropped.display_busy", COUNT, OF_SINK(reasons[DROP_BUSY])},
	{"dropped.display_lost", COUNT, OF_SINK(reasons[DROP_LOST])},
	{"dropped.not_ready", COUNT, OF_SINK(reasons[DROP_NOT_READY])},
	{"dropped.device_error", COUNT, OF_SINK(reasons[DROP_DEVICE])},
	{"repeats", COUNT, OF_SINK(repeats)},
	{"record_lost", COUNT, IN(record_lost[0]), sizeof(uint64_t)},
	{"skew", TIMES, AT(apart[0]), sizeof(struct histogram)},
};

static const struct entry_row source_rows[] = {
	{"taken", COUNT, OF_SOURCE(taken)},
	{"repeats", COUNT, OF_SOURCE(repeats)},
	{"empty", COUNT, OF_SOURCE(empty)},
	{"card", COUNT, OF_SOURCE(card)},
	{"passed_over", COUNT, OF_SOURCE(passed_over)},
	{"stamps.hardware", COUNT, OF_PACE(hardware)},
	{"stamps.software", COUNT, OF_PACE(software)},
	{"stamps.none", COUNT, OF_PACE(unstamped)},
	{"stamps.future", COUNT, OF_PACE(future)},
	{"rate", HERTZ, OF_PACE(rate_uhz)},
	{"steady.locked", NUMBER, OF_PACE(locked)},
	{"steady.locks", COUNT, OF_PACE(locks)},
	{"steady.delay", NS, OF_PACE(delay_ns)},
	{"steady.outliers", COUNT, OF_PACE(outliers)},
	{"lost", COUNT, OF_PACE(lost)},
	{"is_lost", NUMBER, OF_PACE(is_lost)},
	{"is_frozen", NUMBER, OF_PACE(is_frozen)},
	{"is_black", NUMBER, OF_PACE(is_black)},
	{"age", TIMES, AT(age[0]), sizeof(struct histogram)},
	{"camera_to_glass", TIMES, AT(glass[0]), sizeof(struct histogram)},
	{"skew", TIMES, AT(skew[0]), sizeof(struct histogram)},
};

static const struct entry_row step_rows[] = {
	{"last", NS, OF_STEP(last_ns)},
	{"time", TIMES, OF_STEP(times)},
};
/* clang-format on */

#define ROWS(rows) ((uint32_t)(sizeof(rows) / sizeof((rows)[0])))

/* A reader's struct is ours. */
_Static_assert(sizeof(struct tickline_times) == sizeof(struct histogram) &&
		       offsetof(struct tickline_times, bucket) ==
			       offsetof(struct histogram, bucket),
	       "histograms of the page");
_Static_assert(DROP_REASON_COUNT == 5, "a row of sink_rows for each");
_Static_assert(sizeof(struct tickline_entry) % sizeof(uint64_t) == 0,
	       "entries are words");

uint32_t stats_entry_count(uint32_t sinks, uint32_t sources, uint32_t steps)
{
	return ROWS(program_rows) + sinks * ROWS(sink_rows) +
	       sources * ROWS(source_rows) + steps * ROWS(step_rows);
}

/* The rows, of the one that is `before`. */
static void stats_put_rows(struct stats *stats, const struct entry_row *rows,
			   uint32_t count, uint32_t index, const char *before)
{
	struct tickline_page *page = &stats->header.page;
	struct tickline_entry *list =
		(struct tickline_entry *)(void *)((char *)stats + page->entries);
	uint32_t i;

	for (i = 0; i < count; i++) {
		struct tickline_entry *entry = &list[page->entry_count++];

		snprintf(entry->name, sizeof(entry->name), "%s%s", before,
			 rows[i].name);
		entry->kind = rows[i].kind;
		entry->unit = rows[i].unit;
		entry->at = rows[i].at + index * rows[i].stride;
	}
}

void stats_fill_entries(struct stats *stats)
{
	const struct stats_header *header = &stats->header;
	char before[STATS_NAME_BYTES + 16];
	uint32_t i;

	stats_put_rows(stats, program_rows, ROWS(program_rows), 0, "");
	for (i = 0; i < header->sink_count; i++) {
		snprintf(before, sizeof(before), "sink.%s.", header->sink[i]);
		stats_put_rows(stats, sink_rows, ROWS(sink_rows), i, before);
	}
	for (i = 0; i < header->source_count; i++) {
		snprintf(before, sizeof(before), "source.%s.",
			 header->source[i]);
		stats_put_rows(stats, source_rows, ROWS(source_rows), i,
			       before);
	}
	for (i = 0; i < header->step_count; i++) {
		snprintf(before, sizeof(before), "step.%u.%.48s.", i,
			 stats->step[i].name);
		stats_put_rows(stats, step_rows, ROWS(step_rows), i, before);
	}
}

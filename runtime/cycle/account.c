/*
 * runtime/cycle/account.c: one tick's outcome into the ledger and the histograms.
 */
#include "runtime/cycle/account.h"

static void account_classes(struct cycle *cycle,
			    const struct cycle_flight *flight,
			    struct ledger *ledger)
{
	uint32_t i;

	ledger_start(ledger, flight->next, flight->number);
	for (i = 0; i < cycle->config.graph->sink_count; i++) {
		const struct cycle_sink *sink = &cycle->sink[i];

		if (sink->accepted)
			ledger_accepted(ledger, i,
					sink->answered_ns >
						flight->deadline_ns);
		else
			ledger_dropped(ledger, i, sink->reason);
	}
}

static void account_times(struct cycle *cycle,
			  const struct cycle_flight *flight,
			  const int64_t times_ns[], struct stats *stats)
{
	int64_t late_ns = flight->wake_ns - flight->due_ns;
	uint32_t i;

	if (cycle_is_timed(cycle)) {
		histogram_add(&stats->lateness, late_ns);
		if (late_ns > NS_PER_MS)
			counter_add(&stats->counters.wakes_over_1ms, 1);
	}
	if (!times_ns)
		return;
	histogram_add(&stats->uniforms, flight->uniforms_ns);
	for (i = 0; i < cycle->config.backend->plan->step_count; i++)
		if (times_ns[i] >= 0)
			histogram_add(&stats->step[i], times_ns[i]);
	histogram_add(&stats->present, flight->present_ns);
}

/* A frame that the main sink's display accepted. */
static void account_frame(struct cycle *cycle,
			  const struct cycle_flight *flight,
			  struct stats_counters *counters)
{
	int64_t time_ns = cycle->sink[cycle->config.main_sink].answered_ns;

	fps_add(&cycle->fps, time_ns);
	counter_set(&counters->fps_milli,
		  (uint64_t)(fps_value(&cycle->fps) * 1000 + 0.5));
	if (!counters->first_frame_ns)
		counter_set(&counters->first_frame_ns,
			  (uint64_t)(time_ns - cycle->config.start_ns));
	if (cycle->config.tap && !flight->tapped)
		counter_add(&counters->record_lost, 1);
}

/* What the next tick's nodes are told about the run. */
static void update_run(struct cycle *cycle)
{
	const struct ledger *ledger = &cycle->stats->counters.ledger;

	if (cycle->run.nominal)
		return;
	cycle->run.fps = fps_value(&cycle->fps);
	cycle->run.late =
		(uint32_t)ledger->sink[cycle->config.main_sink].late;
	cycle->run.skipped = (uint32_t)ledger->skipped;
}

/* One write, so that readers see whole ticks only. */
void account_flight(struct cycle *cycle, const struct cycle_flight *flight,
		    const int64_t times_ns[])
{
	struct stats *stats = cycle->stats;
	int64_t end_ns = clock_now_ns();

	stats_begin(stats);
	account_classes(cycle, flight, &stats->counters.ledger);
	account_times(cycle, flight, times_ns, stats);
	if (cycle->sink[cycle->config.main_sink].accepted)
		account_frame(cycle, flight, &stats->counters);
	counter_set(&stats->counters.last_tick, flight->number);
	counter_set(&stats->counters.end_ns, (uint64_t)end_ns);
	pace_account(&cycle->pace, &stats->counters.pacing);
	histogram_add(&stats->cycle, end_ns - flight->wake_ns);
	stats_end(stats);
	update_run(cycle);
}

/* Refreshes between two flips: where the display numbers them, or the display
 * clock is locked to it. */
static uint64_t repeats(const struct cycle *cycle, uint32_t index,
			const struct display_flip *flip)
{
	const struct cycle_sink *sink = &cycle->sink[index];

	if (!flip->sequence && index == cycle->config.main_sink &&
	    cycle->pace.refreshes > 0)
		return (uint64_t)cycle->pace.refreshes - 1;
	if (!sink->sequence || flip->sequence <= sink->sequence)
		return 0;
	return flip->sequence - sink->sequence - 1;
}

void account_flip(struct cycle *cycle, uint32_t index,
		  const struct display_flip *flip)
{
	const struct cycle_sink *sink = &cycle->sink[index];
	const struct cycle_frame *frame = &sink->frame[flip->slot];
	struct ledger *ledger = &cycle->stats->counters.ledger;

	stats_begin(cycle->stats);
	if (index == cycle->config.main_sink &&
	    flip->stamp != DISPLAY_STAMP_NONE)
		histogram_add(&cycle->stats->tick_to_flip,
			      flip->time_ns - frame->due_ns);
	counter_add(&ledger->sink[index].repeats, repeats(cycle, index, flip));
	stats_end(cycle->stats);
	if (cycle->config.flips)
		flip_log_add(cycle->config.flips,
			     &(struct flip_row){
				     .tick = frame->tick,
				     .due_ns = frame->due_ns,
				     .submit_ns = frame->submit_ns,
				     .flip_ns = flip->time_ns,
				     .sequence = flip->sequence,
				     .sink = index,
				     .stamp = flip->stamp,
			     });
}

void account_phase(struct cycle *cycle)
{
	stats_begin(cycle->stats);
	histogram_add(&cycle->stats->phase_error,
		      pace_phase_error_ns(&cycle->pace));
	stats_end(cycle->stats);
}

void account_start(struct cycle *cycle)
{
	stats_begin(cycle->stats);
	counter_set(&cycle->stats->counters.start_ns, (uint64_t)cycle->pace.t0_ns);
	stats_end(cycle->stats);
}

void account_rest(struct cycle *cycle)
{
	uint64_t limit = cycle->config.tick_limit;

	stats_begin(cycle->stats);
	ledger_end(&cycle->stats->counters.ledger, cycle->next, limit);
	stats_end(cycle->stats);
	cycle->next = limit;
}

void account_usage(struct cycle *cycle, const struct seal_usage *usage)
{
	struct stats_counters *counters = &cycle->stats->counters;

	stats_begin(cycle->stats);
	counter_set(&counters->minor_faults, usage->minor_faults);
	counter_set(&counters->major_faults, usage->major_faults);
	counter_set(&counters->involuntary_switches,
		  usage->involuntary_switches);
	counter_set(&counters->cpu_ns, usage->cpu_ns);
	stats_end(cycle->stats);
}

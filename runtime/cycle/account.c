/*
 * runtime/cycle/account.c: see runtime/cycle/account.h.
 */
#include "runtime/cycle/account.h"

#include <stdlib.h>

void account_init(struct account *account, const struct account_config *config)
{
	*account = (struct account){.config = *config};
}

static void account_journal(struct account *account,
			    const struct journal_record *record)
{
	journal_write(&account->config.journal, record);
}

static void account_sink(struct account *account, uint32_t sink,
			 const struct tick_times *times,
			 const struct outcome *outcome)
{
	struct ledger *ledger = &account->config.stats->counters.ledger;
	int64_t late_ns = outcome->answered_ns - times->deadline_ns;
	struct journal_record record = {
		.time_ns = outcome->answered_ns,
		.tick = times->number,
		.object = sink,
	};

	if (!outcome->accepted) {
		ledger_dropped(ledger, sink, outcome->reason);
		record.kind = JOURNAL_DROPPED;
		record.value[0] = outcome->reason;
		account_journal(account, &record);
		return;
	}
	ledger_accepted(ledger, sink, late_ns > 0);
	if (late_ns <= 0)
		return;
	record.kind = JOURNAL_LATE;
	record.value[0] = late_ns;
	account_journal(account, &record);
}

static void account_skipped(struct account *account,
			    const struct tick_times *times)
{
	const struct journal_record record = {
		.time_ns = times->wake_ns,
		.tick = times->next,
		.kind = JOURNAL_SKIPPED,
		.value = {(int64_t)(times->number - times->next)},
	};

	ledger_start(&account->config.stats->counters.ledger, times->next,
		     times->number);
	if (times->number != times->next)
		account_journal(account, &record);
}

/* What its stamps are worth, and what its clock makes of them. */
static void account_pace(struct stats_source *row,
			 const struct intake_share *share)
{
	if (share->what == SOURCE_TAKEN)
		counter_add(share->stamp_ns == SOURCE_STAMP_NONE
				    ? &row->unstamped
			    : share->worth == SOURCE_WORTH_HARDWARE
				    ? &row->hardware
				    : &row->software,
			    1);
	if (share->age_ns != FRAME_AGE_NONE && share->age_ns < 0)
		counter_add(&row->future, 1);
	counter_set(&row->rate_uhz, (uint64_t)(share->rate_hz * 1e6 + 0.5));
	counter_set(&row->locked, share->locked);
	counter_set(&row->locks, share->locks);
	counter_set(&row->delay_ns,
		    share->delay_ns > 0 ? (uint64_t)share->delay_ns : 0);
	counter_set(&row->outliers, share->outliers);
}

static void account_health(struct stats_source *row,
			   const struct intake_share *share)
{
	counter_set(&row->lost, share->lost);
	counter_set(&row->is_lost, share->is_lost);
	counter_set(&row->is_frozen, share->is_frozen);
	counter_set(&row->is_black, share->is_black);
}

static void account_source(struct stats *stats, uint32_t source,
			   const struct intake_share *share)
{
	ledger_source(&stats->counters.ledger, source, share->what,
		      share->passed_over);
	account_pace(&stats->counters.source[source], share);
	account_health(&stats->counters.source[source], share);
	if (share->age_ns != FRAME_AGE_NONE)
		histogram_add(&stats->age[source], share->age_ns);
	if (share->skew_ns != FRAME_AGE_NONE)
		histogram_add(&stats->skew[source], llabs(share->skew_ns));
}

static void account_classes(struct account *account,
			    const struct tick_result *result)
{
	struct stats *stats = account->config.stats;
	uint32_t i;

	account_skipped(account, &result->times);
	for (i = 0; i < stats->header.sink_count; i++) {
		account->last[i] = result->sink[i];
		account_sink(account, i, &result->times, &result->sink[i]);
	}
	for (i = 0; i < stats->header.source_count; i++)
		account_source(stats, i, &result->source[i]);
}

static void account_step(struct stats_step *step, int64_t ns)
{
	if (ns < 0)
		return;
	histogram_add(&step->times, ns);
	counter_set(&step->last_ns, (uint64_t)ns);
}

static void account_times(struct account *account,
			  const struct tick_result *result)
{
	struct stats *stats = account->config.stats;
	int64_t late_ns = result->times.wake_ns - result->times.due_ns;
	uint32_t i;

	if (account->config.timed) {
		histogram_add(&stats->lateness, late_ns);
		if (late_ns > NS_PER_MS)
			counter_add(&stats->counters.wakes_over_1ms, 1);
	}
	if (!result->drawn)
		return;
	histogram_add(&stats->uniforms, result->uniforms_ns);
	for (i = 0; i < stats->header.step_count; i++)
		account_step(&stats->step[i], result->step[i].ns);
	histogram_add(&stats->present, result->present_ns);
}

/* A frame that the main sink's display accepted. */
static void account_frame(struct account *account, int64_t time_ns)
{
	struct stats_counters *counters = &account->config.stats->counters;

	fps_add(&account->fps, time_ns);
	counter_set(&counters->fps_milli,
		    (uint64_t)(fps_value(&account->fps) * 1000 + 0.5));
	if (!counters->first_frame_ns)
		counter_set(&counters->first_frame_ns,
			    (uint64_t)(time_ns - account->config.start_ns));
}

/* A display that takes frames without events shows them when it takes them. */
static void account_at_once(struct account *account,
			    const struct tick_result *result)
{
	uint32_t i;

	for (i = 0; i < account->config.stats->header.sink_count; i++) {
		const struct outcome *outcome = &result->sink[i];
		const struct journal_record record = {
			.time_ns = outcome->answered_ns,
			.tick = result->times.number,
			.kind = JOURNAL_SHOWN,
			.object = i,
			.value = {result->times.start_ns, outcome->offered_ns, 0,
				  DISPLAY_STAMP_NONE},
		};

		if (outcome->shown)
			account_journal(account, &record);
	}
}

static void account_span(struct account *account, enum journal_kind kind,
			 uint64_t tick, uint32_t object, int64_t begin_ns,
			 int64_t ns)
{
	const struct journal_record record = {
		.time_ns = begin_ns,
		.tick = tick,
		.kind = kind,
		.object = object,
		.value = {begin_ns + ns},
	};

	journal_write(&account->config.detail, &record);
}

/* What a frame's time went into. */
static void account_details(struct account *account,
			    const struct tick_result *result)
{
	uint64_t tick = result->times.number;
	uint32_t i;

	account_span(account, JOURNAL_UNIFORMS, tick, 0,
		     result->uniforms_from_ns, result->uniforms_ns);
	for (i = 0; i < account->config.stats->header.step_count; i++)
		if (result->step[i].ns >= 0)
			account_span(account, JOURNAL_STEP, tick, i,
				     result->step[i].begin_ns,
				     result->step[i].ns);
	account_span(account, JOURNAL_PRESENT, tick, 0, result->present_from_ns,
		     result->present_ns);
}

void account_cycle(struct account *account, uint64_t tick, int64_t due_ns,
		   int64_t wake_ns)
{
	struct journal_record record = {
		.time_ns = wake_ns,
		.tick = tick,
		.kind = JOURNAL_CYCLE,
		.value = {0, due_ns},
	};

	if (!account->config.detail.lane)
		return;
	record.value[0] = clock_now_ns();
	journal_write(&account->config.detail, &record);
}

void account_tick(struct account *account, const struct tick_result *result,
		  const struct pace *pace)
{
	struct stats *stats = account->config.stats;
	const struct outcome *outcome =
		&result->sink[account->config.main_sink];
	int64_t end_ns = clock_now_ns();
	uint32_t i;

	stats_begin(stats);
	account_classes(account, result);
	account_times(account, result);
	if (outcome->accepted)
		account_frame(account, outcome->answered_ns);
	for (i = 0; i < stats->header.sink_count; i++)
		if (result->record_lost[i])
			counter_add(&stats->counters.record_lost[i], 1);
	counter_set(&stats->counters.last_tick, result->times.number);
	counter_set(&stats->counters.end_ns, (uint64_t)end_ns);
	pace_account(pace, &stats->counters.pacing);
	histogram_add(&stats->cycle, end_ns - result->times.wake_ns);
	stats_end(stats);
	account_at_once(account, result);
	if (result->drawn && account->config.detail.lane)
		account_details(account, result);
}

/* Refreshes between two frames shown: where the display numbers them, or the
 * display clock is locked to it. */
static uint64_t account_repeats(const struct account *account, uint32_t sink,
				const struct display_event *event,
				const struct pace *pace)
{
	uint64_t before = account->sequence[sink];

	if (!event->sequence && sink == account->config.main_sink &&
	    pace->refreshes > 0)
		return (uint64_t)pace->refreshes - 1;
	if (!before || event->sequence <= before)
		return 0;
	return event->sequence - before - 1;
}

static void account_flip(struct stats *stats, int64_t flip_ns,
			 const struct frame *frame)
{
	uint32_t i;

	histogram_add(&stats->tick_to_flip, flip_ns - frame->due_ns);
	for (i = 0; i < stats->header.source_count; i++)
		if (frame->exposed_ns[i] != FRAME_EXPOSED_NONE)
			histogram_add(&stats->glass[i],
				      flip_ns - frame->exposed_ns[i]);
}

static void account_apart_of(struct account *account, uint32_t sink,
			     uint64_t tick)
{
	const struct account_flip *own =
		&account->flip[sink][tick % ACCOUNT_FLIPS];
	const struct account_flip *main_flip =
		&account->flip[account->config.main_sink][tick % ACCOUNT_FLIPS];

	if (own->time_ns && main_flip->time_ns && own->tick == tick &&
	    main_flip->tick == tick)
		histogram_add(&account->config.stats->apart[sink],
			      llabs(own->time_ns - main_flip->time_ns));
}

/* Whichever of the two comes second. */
static void account_apart(struct account *account, uint32_t sink, uint64_t tick,
			  int64_t time_ns)
{
	uint32_t i;

	account->flip[sink][tick % ACCOUNT_FLIPS] =
		(struct account_flip){tick, time_ns};
	if (sink != account->config.main_sink) {
		account_apart_of(account, sink, tick);
		return;
	}
	for (i = 0; i < account->config.stats->header.sink_count; i++)
		if (i != sink)
			account_apart_of(account, i, tick);
}

void account_shown(struct account *account, uint32_t sink,
		   const struct display_event *event, const struct frame *frame,
		   const struct pace *pace)
{
	struct stats *stats = account->config.stats;
	const struct journal_record record = {
		.time_ns = event->time_ns,
		.tick = frame->tick,
		.kind = JOURNAL_SHOWN,
		.object = sink,
		.value = {frame->due_ns, frame->submit_ns,
			  (int64_t)event->sequence, event->stamp},
	};

	stats_begin(stats);
	if (sink == account->config.main_sink &&
	    event->stamp != DISPLAY_STAMP_NONE)
		account_flip(stats, event->time_ns, frame);
	if (event->stamp != DISPLAY_STAMP_NONE)
		account_apart(account, sink, frame->tick, event->time_ns);
	counter_add(&stats->counters.ledger.sink[sink].repeats,
		    account_repeats(account, sink, event, pace));
	stats_end(stats);
	account->sequence[sink] = event->sequence;
	account_journal(account, &record);
}

void account_phase(struct account *account, const struct pace *pace)
{
	stats_begin(account->config.stats);
	histogram_add(&account->config.stats->phase_error,
		      pace_phase_error_ns(pace));
	stats_end(account->config.stats);
}

void account_start(struct account *account, int64_t t0_ns)
{
	struct stats *stats = account->config.stats;

	stats_begin(stats);
	counter_set(&stats->counters.start_ns, (uint64_t)t0_ns);
	stats_end(stats);
}

void account_rest(struct account *account, uint64_t next, uint64_t limit)
{
	struct stats *stats = account->config.stats;

	stats_begin(stats);
	ledger_end(&stats->counters.ledger, next, limit);
	stats_end(stats);
}

void account_usage(struct account *account, const struct seal_usage *usage)
{
	struct stats_counters *counters = &account->config.stats->counters;

	stats_begin(account->config.stats);
	counter_set(&counters->minor_faults, usage->minor_faults);
	counter_set(&counters->major_faults, usage->major_faults);
	counter_set(&counters->involuntary_switches,
		    usage->involuntary_switches);
	counter_set(&counters->cpu_ns, usage->cpu_ns);
	stats_end(account->config.stats);
}

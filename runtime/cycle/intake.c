/*
 * runtime/cycle/intake.c: see runtime/cycle/intake.h.
 */
#include "runtime/cycle/intake.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/port/display.h"
#include "runtime/time/clock.h"

#define WAIT_PAUSE_NS (100 * NS_PER_US)

/* The current one, a flight's, and one that the driver fills. */
#define FRAMES_IN_USE 3

void intake_init(struct intake *intake, struct source *source,
		 const struct intake *others, int64_t period_ns)
{
	*intake = (struct intake){
		.source = source,
		.current = INTAKE_NONE,
		.stamp_ns = SOURCE_STAMP_NONE,
		.lost_ns = STEADY_NONE,
	};
	if (source->graph->policy == GRAPH_POLICY_WITH)
		intake->with = &others[source->graph->with];
	steady_init(&intake->steady, period_ns);
}

void intake_give_back(struct intake *intake, uint32_t frame)
{
	if (frame != INTAKE_NONE && !--intake->holds[frame])
		source_return(intake->source, frame);
}

/* ---- frames that came ------------------------------------------------------ */

static int64_t intake_stamp_ns(const struct intake *intake, uint32_t frame)
{
	return intake->source->facts[frame].stamp_ns;
}

/* Takes the next frame off the queue; due_ns: this tick's, which sees it. */
static bool intake_next(struct intake *intake, int64_t due_ns, uint32_t *frame)
{
	const struct source_facts *facts;

	if (!source_next(intake->source, frame))
		return false;
	facts = &intake->source->facts[*frame];
	intake->holds[*frame] = 1;
	intake->cycle[*frame] = steady_add(
		&intake->steady, facts, facts->came_ns ? facts->came_ns : due_ns);
	return true;
}

static uint32_t intake_spare(const struct intake *intake)
{
	uint32_t frames = intake->source->frame_count;

	return frames > FRAMES_IN_USE ? frames - FRAMES_IN_USE : 1;
}

/* Fills the places of those that wait; what they have no room for stays in the
 * queue. */
static void intake_gather(struct intake *intake, int64_t due_ns)
{
	uint32_t frame;

	while (intake->waiting_count < intake_spare(intake) &&
	       intake_next(intake, due_ns, &frame))
		intake->waiting[intake->waiting_count++] = frame;
}

/* Makes this frame the current one. */
static void intake_show(struct intake *intake, struct intake_share *share,
			uint32_t frame)
{
	if (share->what == SOURCE_TAKEN)
		share->passed_over++;
	share->what = SOURCE_TAKEN;
	intake_give_back(intake, intake->current);
	intake->current = frame;
}

/* The same with the oldest of those that wait. */
static void intake_show_waiting(struct intake *intake,
				struct intake_share *share)
{
	uint32_t frame = intake->waiting[0];

	intake->waiting_count--;
	memmove(intake->waiting, intake->waiting + 1,
		intake->waiting_count * sizeof(intake->waiting[0]));
	intake_show(intake, share, frame);
}

/* ---- policies -------------------------------------------------------------- */

/* Those that the driver took back since the last tick. */
static uint64_t intake_taken_back(const struct intake *intake)
{
	return atomic_load_explicit(&intake->source->health.taken_back,
				    memory_order_relaxed) -
	       intake->taken_back;
}

/* A source that is faster than this loop would keep it: as many as there are
 * frames are enough. */
static void intake_take_newest(struct intake *intake,
			       struct intake_share *share, int64_t due_ns)
{
	uint64_t back = intake_taken_back(intake);
	uint32_t frame, i;

	for (i = 0; i < intake->source->frame_count &&
		    intake_next(intake, due_ns, &frame);
	     i++)
		intake_show(intake, share, frame);
	share->passed_over += back;
	intake->taken_back += back;
}

static void intake_take_next(struct intake *intake, struct intake_share *share,
			     int64_t due_ns)
{
	uint32_t frame;

	if (intake_next(intake, due_ns, &frame))
		intake_show(intake, share, frame);
}

/* Is the oldest of those that wait due, by the source's own clock? A frame that
 * has no time in it is. Until there is a clock it is the next one, and one may
 * stay for a tick in which none comes: the newest would be repeated and passed
 * over in turn where camera and ticks come at one time. */
static bool intake_is_due(const struct intake *intake,
			  const struct intake_share *share, int64_t cycle_due)
{
	uint32_t frame = intake->waiting[0];
	int64_t cycle = intake->cycle[frame];

	if (cycle_due == STEADY_NONE &&
	    intake_stamp_ns(intake, frame) != SOURCE_STAMP_NONE)
		return share->what != SOURCE_TAKEN ||
		       intake->waiting_count + source_waiting(intake->source) >
			       1;
	return cycle_due == STEADY_NONE || cycle == STEADY_NONE ||
	       cycle <= cycle_due;
}

static void intake_take_steady(struct intake *intake,
			       struct intake_share *share, int64_t due_ns)
{
	uint64_t starts = intake->steady.pll.starts;
	int64_t cycle_due;

	intake_gather(intake, due_ns);
	cycle_due = steady_cycle_at(&intake->steady, due_ns);
	/* a clock that starts anew says nothing of older frames */
	if (intake->steady.pll.starts != starts)
		cycle_due = STEADY_NONE;
	while (intake->waiting_count &&
	       intake_is_due(intake, share, cycle_due)) {
		intake_show_waiting(intake, share);
		intake_gather(intake, due_ns);
	}
}

/* How far from the other source's frame; INT64_MAX: nobody knows. */
static int64_t intake_distance_ns(const struct intake *intake, uint32_t frame)
{
	int64_t stamp_ns = intake_stamp_ns(intake, frame);

	if (stamp_ns == SOURCE_STAMP_NONE ||
	    intake->with->stamp_ns == SOURCE_STAMP_NONE)
		return INT64_MAX;
	return llabs(stamp_ns - intake->with->stamp_ns);
}

/* Is the oldest of those that wait as near as the current one, or nearer? */
static bool intake_is_nearer(const struct intake *intake)
{
	return intake->current == INTAKE_NONE ||
	       intake_distance_ns(intake, intake->waiting[0]) <=
		       intake_distance_ns(intake, intake->current);
}

static void intake_take_with(struct intake *intake, struct intake_share *share,
			     int64_t due_ns)
{
	intake_gather(intake, due_ns);
	while (intake->waiting_count && intake_is_nearer(intake)) {
		intake_show_waiting(intake, share);
		intake_gather(intake, due_ns);
	}
}

static void intake_advance(struct intake *intake, struct intake_share *share,
			   int64_t due_ns)
{
	switch (intake->source->graph->policy) {
	case GRAPH_POLICY_STEADY:
		intake_take_steady(intake, share, due_ns);
		break;
	case GRAPH_POLICY_EVERY:
		intake_take_next(intake, share, due_ns);
		break;
	case GRAPH_POLICY_WITH:
		intake_take_with(intake, share, due_ns);
		break;
	case GRAPH_POLICY_NEWEST:
	default:
		intake_take_newest(intake, share, due_ns);
		break;
	}
}

/* ---- a tick ---------------------------------------------------------------- */

static enum source_state intake_state(const struct intake *intake)
{
	/* acquire: pairs with source_set_state, whose frames are delivered */
	return (enum source_state)atomic_load_explicit(
		&intake->source->health.state, memory_order_acquire);
}

/* From the tick that sees the source lost to its next frame. */
static bool intake_is_lost(struct intake *intake, enum source_state state,
			   const struct intake_share *share, int64_t due_ns)
{
	if (share->what == SOURCE_TAKEN) {
		intake->lost_ns = STEADY_NONE;
		intake->given_up = false;
	}
	if (state == SOURCE_LOST && intake->lost_ns == STEADY_NONE)
		intake->lost_ns = due_ns;
	return intake->lost_ns != STEADY_NONE &&
	       due_ns - intake->lost_ns >= INTAKE_HOLD_NS;
}

static void intake_tell_frame(const struct intake *intake,
			      struct intake_share *share, int64_t due_ns)
{
	const struct source_facts *facts =
		&intake->source->facts[share->frame];

	share->picture = intake->source->frame[share->frame];
	share->sequence = facts->sequence;
	share->stamp_ns = facts->stamp_ns;
	share->worth = facts->worth;
	if (facts->stamp_ns == SOURCE_STAMP_NONE)
		return;
	share->age_ns = due_ns - facts->stamp_ns;
	if (intake->with && intake->with->stamp_ns != SOURCE_STAMP_NONE)
		share->skew_ns = facts->stamp_ns - intake->with->stamp_ns;
}

static void intake_tell_pace(const struct intake *intake,
			     struct intake_share *share)
{
	const struct steady *steady = &intake->steady;

	share->rate_hz = steady_rate_hz(steady);
	share->outliers = steady_outliers(steady);
	if (intake->source->graph->policy != GRAPH_POLICY_STEADY)
		return;
	share->locked = steady->locked;
	share->locks = steady->locks;
	share->delay_ns = steady->locked ? steady->delay_ns : 0;
}

static void intake_tell_health(const struct intake *intake,
			       enum source_state state,
			       struct intake_share *share)
{
	const struct source_health *health = &intake->source->health;

	share->lost = atomic_load_explicit(&health->lost, memory_order_relaxed);
	share->is_lost = state == SOURCE_LOST;
	share->is_frozen = atomic_load_explicit(&health->looks[SOURCE_FROZEN],
						memory_order_relaxed);
	share->is_black = atomic_load_explicit(&health->looks[SOURCE_BLACK],
					       memory_order_relaxed);
}

struct intake_share intake_take(struct intake *intake, int64_t due_ns)
{
	struct intake_share share = {
		.picture = intake->source->blank,
		.what = SOURCE_REPEATED,
		.stamp_ns = SOURCE_STAMP_NONE,
		.age_ns = FRAME_AGE_NONE,
		.skew_ns = FRAME_AGE_NONE,
	};
	enum source_state state = intake_state(intake);
	bool lost;

	intake_advance(intake, &share, due_ns);
	lost = intake_is_lost(intake, state, &share, due_ns);
	share.frame = intake->current;
	if (lost && !intake->source->graph->hold) {
		share.picture = intake->source->card;
		share.what = SOURCE_CARD;
		share.frame = INTAKE_NONE;
	} else if (share.frame == INTAKE_NONE) {
		share.what = SOURCE_EMPTY;
	} else {
		intake->holds[share.frame]++;
		intake_tell_frame(intake, &share, due_ns);
	}
	intake->stamp_ns = share.stamp_ns;
	intake_tell_pace(intake, &share);
	intake_tell_health(intake, state, &share);
	return share;
}

struct tick_source intake_facts(const struct intake_share *share, bool nominal)
{
	struct tick_source facts = {
		.shown = share->frame != INTAKE_NONE,
		.sequence = share->sequence,
		.stamped = share->age_ns != FRAME_AGE_NONE && !nominal,
	};

	if (facts.stamped && share->age_ns > 0)
		facts.age_ns = share->age_ns;
	return facts;
}

/* ---- --clock free ---------------------------------------------------------- */

bool intake_is_behind(const struct intake *intake)
{
	/* first: what it says comes after its last frame */
	enum source_state state = intake_state(intake);

	return intake->source->graph->policy == GRAPH_POLICY_EVERY &&
	       !intake->given_up && !source_waiting(intake->source) &&
	       state == SOURCE_RUNNING;
}

void intake_wait(struct intake *intake, const atomic_bool *stop)
{
	int64_t end_ns = clock_now_ns() + INTAKE_WAIT_NS;

	while (intake_is_behind(intake) &&
	       !atomic_load_explicit(stop, memory_order_relaxed)) {
		intake->given_up = clock_now_ns() >= end_ns;
		clock_pause(WAIT_PAUSE_NS);
	}
}

/* ---- main thread: after the run -------------------------------------------- */

uint64_t intake_waiting(const struct intake *intake)
{
	return intake->waiting_count + source_waiting(intake->source) +
	       intake_taken_back(intake);
}

bool intake_check(const struct intake *intake,
		  const struct ledger_source *ledger)
{
	const struct source *source = intake->source;

	return atomic_load_explicit(&source->health.delivered,
				    memory_order_relaxed) ==
	       ledger->taken + ledger->passed_over + intake_waiting(intake);
}

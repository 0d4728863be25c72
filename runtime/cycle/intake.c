/*
 * runtime/cycle/intake.c: see runtime/cycle/intake.h.
 */
#include "runtime/cycle/intake.h"

#include "runtime/port/display.h"

void intake_init(struct intake *intake, struct source *source)
{
	*intake = (struct intake){.source = source, .current = INTAKE_NONE};
}

void intake_give_back(struct intake *intake, uint32_t frame)
{
	if (frame != INTAKE_NONE && !--intake->holds[frame])
		source_return(intake->source, frame);
}

/* Makes the newest frame delivered the current one. */
static void intake_advance(struct intake *intake, struct intake_share *share)
{
	uint32_t frame;

	while (source_next(intake->source, &frame)) {
		if (share->what == SOURCE_TAKEN)
			share->passed_over++;
		share->what = SOURCE_TAKEN;
		intake_give_back(intake, intake->current);
		intake->current = frame;
		intake->holds[frame] = 1;
	}
}

struct intake_share intake_take(struct intake *intake, int64_t due_ns)
{
	struct intake_share share = {
		.picture = intake->source->blank,
		.what = SOURCE_REPEATED,
		.age_ns = FRAME_AGE_NONE,
	};
	const struct source_facts *facts;

	intake_advance(intake, &share);
	share.frame = intake->current;
	if (share.frame == INTAKE_NONE) {
		share.what = SOURCE_EMPTY;
		return share;
	}
	intake->holds[share.frame]++;
	facts = &intake->source->facts[share.frame];
	share.picture = intake->source->frame[share.frame];
	share.sequence = facts->sequence;
	if (facts->stamp_ns != SOURCE_STAMP_NONE)
		share.age_ns = due_ns - facts->stamp_ns;
	return share;
}

bool intake_check(const struct intake *intake,
		  const struct ledger_source *ledger)
{
	const struct source *source = intake->source;

	return atomic_load_explicit(&source->health.delivered,
				    memory_order_relaxed) ==
	       ledger->taken + ledger->passed_over + source_waiting(source);
}

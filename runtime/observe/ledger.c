/*
 * runtime/observe/ledger.c: counting, each class on its own. See runtime/observe/ledger.h.
 */
#include "runtime/observe/ledger.h"

#include "runtime/observe/counter.h"

static const char *const reason_names[DROP_REASON_COUNT] = {
	[DROP_NO_SLOT] = "no_slot",
	[DROP_BUSY] = "display_busy",
	[DROP_LOST] = "display_lost",
	[DROP_NOT_READY] = "not_ready",
	[DROP_DEVICE] = "device_error",
};

const char *drop_reason_name(enum drop_reason reason)
{
	return reason_names[reason];
}

void ledger_init(struct ledger *ledger, uint32_t sink_count,
		 uint32_t source_count)
{
	*ledger = (struct ledger){.sink_count = sink_count,
				  .source_count = source_count};
}

void ledger_start(struct ledger *ledger, uint64_t next, uint64_t number)
{
	counter_add(&ledger->skipped, number - next);
	counter_set(&ledger->ticks, number + 1);
}

void ledger_end(struct ledger *ledger, uint64_t next, uint64_t limit)
{
	counter_add(&ledger->skipped, limit - next);
	counter_set(&ledger->ticks, limit);
}

void ledger_accepted(struct ledger *ledger, uint32_t sink, bool late)
{
	struct ledger_sink *row = &ledger->sink[sink];

	counter_add(late ? &row->late : &row->presented, 1);
}

void ledger_dropped(struct ledger *ledger, uint32_t sink,
		    enum drop_reason reason)
{
	struct ledger_sink *row = &ledger->sink[sink];

	counter_add(&row->dropped, 1);
	counter_add(&row->reasons[reason], 1);
}

void ledger_source(struct ledger *ledger, uint32_t source,
		   enum source_class what, uint64_t passed_over)
{
	struct ledger_source *row = &ledger->source[source];

	counter_add(what == SOURCE_TAKEN      ? &row->taken
		    : what == SOURCE_REPEATED ? &row->repeats
		    : what == SOURCE_EMPTY    ? &row->empty
					      : &row->card,
		    1);
	counter_add(&row->passed_over, passed_over);
}

static bool ledger_sink_adds_up(const struct ledger *ledger,
				const struct ledger_sink *row)
{
	uint64_t reasons = 0;
	uint32_t reason;

	for (reason = 0; reason < DROP_REASON_COUNT; reason++)
		reasons += row->reasons[reason];
	return reasons == row->dropped &&
	       row->presented + row->late + row->dropped + ledger->skipped ==
		       ledger->ticks;
}

bool ledger_check(const struct ledger *ledger)
{
	uint32_t i;

	for (i = 0; i < ledger->sink_count; i++)
		if (!ledger_sink_adds_up(ledger, &ledger->sink[i]))
			return false;
	for (i = 0; i < ledger->source_count; i++) {
		const struct ledger_source *row = &ledger->source[i];

		if (row->taken + row->repeats + row->empty + row->card +
			    ledger->skipped !=
		    ledger->ticks)
			return false;
	}
	return true;
}

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

void ledger_init(struct ledger *ledger, uint32_t sink_count)
{
	*ledger = (struct ledger){.sink_count = sink_count};
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

bool ledger_check(const struct ledger *ledger)
{
	uint32_t i, reason;

	for (i = 0; i < ledger->sink_count; i++) {
		const struct ledger_sink *row = &ledger->sink[i];
		uint64_t reasons = 0;

		for (reason = 0; reason < DROP_REASON_COUNT; reason++)
			reasons += row->reasons[reason];
		if (reasons != row->dropped ||
		    row->presented + row->late + row->dropped +
				    ledger->skipped !=
			    ledger->ticks)
			return false;
	}
	return true;
}

/*
 * runtime/app/flip_log.c: see runtime/app/flip_log.h.
 */
#include "runtime/app/flip_log.h"

#include <inttypes.h>

#include "runtime/port/display.h"

static void flip_log_row(const struct journal_record *record, FILE *out)
{
	fprintf(out,
		"%" PRIu64 " %" PRIu32 " %" PRId64 " %" PRId64 " %" PRId64
		" %" PRId64 " %s\n",
		record->tick, record->object, record->value[0],
		record->value[1], record->time_ns, record->value[2],
		display_stamp_name((enum display_stamp)record->value[3]));
}

bool flip_log_write(const struct journal_header *journal, uint32_t lane,
		    FILE *out)
{
	uint64_t i = journal_oldest(journal, lane);
	uint64_t newest = journal_newest(journal, lane);
	struct journal_record record;

	fputs("tick sink due_ns submit_ns flip_ns sequence stamp\n", out);
	for (; i <= newest; i++)
		if (journal_read(journal, lane, i, &record) &&
		    record.kind == JOURNAL_SHOWN)
			flip_log_row(&record, out);
	return !fflush(out) && !ferror(out);
}

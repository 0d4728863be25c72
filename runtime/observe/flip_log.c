/*
 * runtime/observe/flip_log.c: see runtime/observe/flip_log.h.
 */
#include "runtime/observe/flip_log.h"

#include <errno.h>
#include <inttypes.h>

int flip_log_init(struct flip_log *log)
{
	int error;

	*log = (struct flip_log){.count = 0};
	error = pool_init(&log->pool, FLIP_LOG_ROWS * sizeof(*log->rows));
	log->rows = (struct flip_row *)(void *)log->pool.base;
	return error;
}

void flip_log_finish(struct flip_log *log)
{
	pool_finish(&log->pool);
}

void flip_log_add(struct flip_log *log, const struct flip_row *row)
{
	log->rows[log->count++ % FLIP_LOG_ROWS] = *row;
}

bool flip_log_write(const struct flip_log *log, FILE *out)
{
	uint64_t i = log->count > FLIP_LOG_ROWS ? log->count - FLIP_LOG_ROWS
						: 0;

	fputs("tick sink due_ns submit_ns flip_ns sequence stamp\n", out);
	for (; i < log->count; i++) {
		const struct flip_row *row = &log->rows[i % FLIP_LOG_ROWS];

		fprintf(out,
			"%" PRIu64 " %" PRIu32 " %" PRId64 " %" PRId64
			" %" PRId64 " %" PRIu64 " %s\n",
			row->tick, row->sink, row->due_ns, row->submit_ns,
			row->flip_ns, row->sequence,
			display_stamp_name(row->stamp));
	}
	return !fflush(out) && !ferror(out);
}

int flip_log_save(const struct flip_log *log, const char *path)
{
	FILE *file = fopen(path, "we");
	int error = 0;

	if (!file)
		return -errno;
	if (!flip_log_write(log, file))
		error = -EIO;
	if (fclose(file) && !error)
		error = -errno;
	return error;
}

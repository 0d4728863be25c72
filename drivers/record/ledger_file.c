/*
 * drivers/record/ledger_file.c: see drivers/record/ledger_file.h.
 */
#include "drivers/record/ledger_file.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/record/beside.h"
#include "drivers/record/output.h"
#include "drivers/record/refusal.h"
#include "runtime/base/write_all.h"

#define OPTION "--ledger"

/* Into what is there, rather than in its place. */
static bool is_stream(const char *path)
{
	struct stat status;

	return !strcmp(path, OUTPUT_STDOUT) ||
	       (stat(path, &status) == 0 && !S_ISREG(status.st_mode) &&
		!S_ISDIR(status.st_mode));
}

static int why_no_ledger(const char *path)
{
	if (!is_stream(path))
		return beside_why_not(path);
	if (strcmp(path, OUTPUT_STDOUT))
		return access(path, W_OK) ? errno : 0;
	return output_check_stdout();
}

enum exit_status ledger_file_check(const char *path, char *error,
				   size_t error_bytes)
{
	int reason = why_no_ledger(path);

	return reason ? refusal(OPTION, path, reason, error, error_bytes)
		      : EXIT_STATUS_OK;
}

/* 0 or an errno. */
static int put_text(int fd, const char *text, size_t bytes)
{
	int error = -write_all(fd, text, bytes, WRITE_STALL_MS);

	if (close(fd) && !error)
		error = errno;
	return error;
}

static int put_in_place(const char *path, const char *text, size_t bytes)
{
	struct beside beside;
	int error = beside_create(&beside, path);

	if (!error)
		error = put_text(beside.fd, text, bytes);
	return beside_finish(&beside, error);
}

static int put_into(const char *path, const char *text, size_t bytes)
{
	bool created;
	int fd = output_descriptor(path, &created);

	return fd < 0 ? -fd : put_text(fd, text, bytes);
}

enum exit_status ledger_file_write(const char *path, const char *text,
				   size_t bytes, char *error,
				   size_t error_bytes)
{
	int reason = is_stream(path) ? put_into(path, text, bytes)
				     : put_in_place(path, text, bytes);

	return reason ? refusal(OPTION, path, reason, error, error_bytes)
		      : EXIT_STATUS_OK;
}

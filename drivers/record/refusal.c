/*
 * drivers/record/refusal.c: errno to words, a way out and an exit status.
 */
#include "drivers/record/refusal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct refusal_row {
	int error;
	enum exit_status status;
	const char *text;
};

#define ELSEWHERE "choose a folder that you may write to"
#define MAKE_ROOM "make room or choose another"

/* clang-format off */
static const struct refusal_row rows[] = {
	{EACCES, EXIT_STATUS_NO_PERMISSION, "permission denied; " ELSEWHERE},
	{EPERM,  EXIT_STATUS_NO_PERMISSION, "permission denied; " ELSEWHERE},
	{EROFS,  EXIT_STATUS_NO_PERMISSION, "the file system is read-only; " ELSEWHERE},
	{ENOENT, EXIT_STATUS_USAGE, "no such folder, or none that takes files; name another"},
	{ENOTDIR, EXIT_STATUS_USAGE, "part of the path is a file, not a folder"},
	{EISDIR, EXIT_STATUS_USAGE, "is a folder; name a file in it"},
	{ENAMETOOLONG, EXIT_STATUS_USAGE, "the name is too long"},
	{ELOOP,  EXIT_STATUS_USAGE, "a link that leads in a circle"},
	{ENXIO,  EXIT_STATUS_USAGE, "nobody reads this pipe; start its reader first"},
	{EINTR,  EXIT_STATUS_USAGE, "a signal came before its reader did"},
	{ENOTTY, EXIT_STATUS_USAGE, "is a terminal; name a file, or send it into a pipe"},
	{EBADF,  EXIT_STATUS_USAGE, "standard output is closed; name a file"},
	{EFBIG,  EXIT_STATUS_OS_LIMIT, "larger than files may be; raise the limit (ulimit -f)"},
	{EEXIST, EXIT_STATUS_USAGE, "not a regular file; name a new file"},
	{ENOSPC, EXIT_STATUS_OS_LIMIT, "the disk is full; " MAKE_ROOM},
	{EDQUOT, EXIT_STATUS_OS_LIMIT, "the disk quota is used up; " MAKE_ROOM},
	{EMFILE, EXIT_STATUS_OS_LIMIT, "too many open files; raise the limit (ulimit -n)"},
	{ENFILE, EXIT_STATUS_OS_LIMIT, "too many open files on this machine"},
	{ENOMEM, EXIT_STATUS_OS_LIMIT, "out of memory"},
};
/* clang-format on */

enum exit_status refusal(const char *option, const char *path, int error,
			 char *text, size_t bytes)
{
	char reason[128];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].error != error)
			continue;
		snprintf(text, bytes, "%s %.256s: %s", option, path,
			 rows[i].text);
		return rows[i].status;
	}
	if (strerror_r(error, reason, sizeof(reason)))
		snprintf(reason, sizeof(reason), "error %d", error);
	snprintf(text, bytes, "%s %.256s: cannot be written: %s", option, path,
		 reason);
	return EXIT_STATUS_OS_LIMIT;
}

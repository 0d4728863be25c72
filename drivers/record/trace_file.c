/*
 * drivers/record/trace_file.c: see drivers/record/trace_file.h.
 */
#include "drivers/record/trace_file.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/record/output.h"
#include "drivers/record/refusal.h"

/* 0 or an errno: a terminal is no place for bytes. */
static int trace_file_look(struct trace_file *file)
{
	struct stat status;

	if (fstat(file->fd, &status))
		return errno;
	file->regular = S_ISREG(status.st_mode);
	return isatty(file->fd) ? ENOTTY : 0;
}

enum exit_status trace_file_open(struct trace_file *file, const char *option,
				 const char *path, char *error,
				 size_t error_bytes)
{
	int reason;

	*file = (struct trace_file){.path = path};
	file->fd = output_descriptor(path, &file->created);
	reason = file->fd < 0 ? -file->fd : trace_file_look(file);
	if (!reason)
		return EXIT_STATUS_OK;
	if (file->fd < 0)
		file->path = NULL;
	trace_file_close(file);
	return refusal(option, path, reason, error, error_bytes);
}

int trace_file_begin(struct trace_file *file)
{
	file->begun = true;
	if (file->regular && ftruncate(file->fd, 0))
		return -errno;
	return 0;
}

void trace_file_close(struct trace_file *file)
{
	if (!file->path)
		return;
	close(file->fd);
	if (file->created && !file->begun)
		unlink(file->path);
	file->path = NULL;
}

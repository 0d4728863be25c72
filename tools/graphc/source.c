/* tools/graphc/source.c: see source.h. */
#include "tools/graphc/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/text.h"
#include "tools/graphc/limits.h"

static const struct where top = {1, 1};

/* At most `size` bytes, the file's size when it was opened. */
static bool read_all(struct source *source, int fd, size_t size,
		     struct arena *arena)
{
	char *text = arena_alloc(arena, size + 1, 1);
	size_t bytes = 0;
	ssize_t got = 1;

	while (got && bytes < size) {
		got = read(fd, text + bytes, size - bytes);
		if (got < 0)
			return false;
		bytes += (size_t)got;
	}
	source->text = text;
	source->bytes = bytes;
	return true;
}

static enum rule source_fill(struct source *source, int fd, size_t limit,
			     struct arena *arena, char *why, size_t why_bytes)
{
	struct stat status;

	if (fstat(fd, &status) || !S_ISREG(status.st_mode)) {
		snprintf(why, why_bytes, "not a regular file");
		return RULE_FILE_TYPE;
	}
	if (status.st_size > (off_t)limit) {
		snprintf(why, why_bytes, "%lld bytes; the limit is %zu",
			 (long long)status.st_size, limit);
		return RULE_FILE_SIZE;
	}
	if (read_all(source, fd, (size_t)status.st_size, arena))
		return RULE_COUNT;
	snprintf(why, why_bytes, "cannot read it: %s", strerror(errno));
	return RULE_FILE_OPEN;
}

enum rule source_load(struct source *source, const char *path, size_t limit,
		      struct arena *arena, char *why, size_t why_bytes)
{
	enum rule rule;
	int fd;

	/* Without O_NONBLOCK, opening a FIFO waits for its writer. */
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		snprintf(why, why_bytes, "cannot open it: %s", strerror(errno));
		return RULE_FILE_OPEN;
	}
	rule = source_fill(source, fd, limit, arena, why, why_bytes);
	close(fd);
	return rule;
}

int source_read(struct source *source, const char *path, struct arena *arena,
		struct diag *diag)
{
	char why[256];
	enum rule rule = source_load(source, path, LIMIT_FILE_BYTES, arena, why,
				     sizeof(why));

	if (rule == RULE_COUNT)
		return source_check(source, diag);
	return diag_refuse(diag, top, rule, "%s%s", why,
			   rule == RULE_FILE_TYPE
				   ? "; give the path of a YAML file"
				   : "");
}

static bool is_control(unsigned char byte)
{
	return (byte < ' ' && byte != '\t' && byte != '\n' && byte != '\r') ||
	       byte == 0x7F;
}

static int check_at(const struct source *source, size_t i, size_t *step,
		    struct diag *diag)
{
	const unsigned char *text = (const unsigned char *)source->text;

	*step = text_utf8_bytes(source->text + i, source->bytes - i);
	if (!*step)
		return diag_refuse(diag, source_where(source, i),
				   RULE_TEXT_UTF8,
				   "byte 0x%02X is not UTF-8; save the file "
				   "as UTF-8",
				   text[i]);
	if (!text[i])
		return diag_refuse(diag, source_where(source, i), RULE_TEXT_NUL,
				   "NUL character; this is not "
				   "a text file");
	if (is_control(text[i]))
		return diag_refuse(diag, source_where(source, i),
				   RULE_TEXT_CONTROL,
				   "control character 0x%02X", text[i]);
	return 0;
}

int source_check(const struct source *source, struct diag *diag)
{
	size_t i, step;

	if (source->bytes > LIMIT_FILE_BYTES)
		return diag_refuse(diag, top, RULE_FILE_SIZE,
				   "over %u bytes, the limit",
				   LIMIT_FILE_BYTES);
	if (!source->bytes)
		return diag_refuse(diag, top, RULE_FILE_SIZE, "empty file");
	if (source->bytes >= 3 && !memcmp(source->text, "\xEF\xBB\xBF", 3))
		return diag_refuse(diag, top, RULE_TEXT_BOM,
				   "byte order mark; save the file as UTF-8 "
				   "without one");
	for (i = 0; i < source->bytes; i += step)
		if (check_at(source, i, &step, diag))
			return -1;
	return 0;
}

struct where source_where(const struct source *source, size_t offset)
{
	struct where at = {1, 1};
	size_t i;

	for (i = 0; i < offset && i < source->bytes; i++) {
		if (source->text[i] == '\n') {
			at.line++;
			at.column = 1;
		} else if (((unsigned char)source->text[i] & 0xC0) != 0x80) {
			at.column++;
		}
	}
	return at;
}

/*
 * tests/lib/scratch.c: see scratch.h.
 */
#define _GNU_SOURCE
#include "tests/lib/scratch.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[PATH_MAX];
static pid_t folder_owner;

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static void remove_folder(void)
{
	if (folder_owner == getpid())
		nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

const char *scratch_dir(void)
{
	const char *tmp = getenv("TMPDIR");

	if (folder_owner == getpid())
		return folder;
	snprintf(folder, sizeof(folder), "%s/tickline-test-XXXXXX",
		 tmp && *tmp ? tmp : "/tmp");
	ck_assert_msg(mkdtemp(folder), "%s: %s", folder, strerror(errno));
	folder_owner = getpid();
	atexit(remove_folder);
	return folder;
}

static char *join(const char *a, const char *b)
{
	char *path;

	ck_assert(asprintf(&path, "%s/%s", a, b) > 0);
	return path;
}

char *scratch_path(const char *name)
{
	return join(scratch_dir(), name);
}

int scratch_fifo(const char *name, char **path)
{
	int fd;

	*path = scratch_path(name);
	ck_assert_msg(!mkfifo(*path, 0600), "%s: %s", *path, strerror(errno));
	fd = open(*path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ck_assert_msg(fd >= 0, "%s: %s", *path, strerror(errno));
	return fd;
}

char *scratch_file(const char *name, const char *text)
{
	char *path = scratch_path(name);
	FILE *file = fopen(path, "w");

	ck_assert_msg(file, "%s: %s", path, strerror(errno));
	fputs(text, file);
	ck_assert_msg(!fclose(file), "%s: %s", path, strerror(errno));
	return path;
}

char *file_text(const char *path, size_t *bytes)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	size_t size = 0;
	FILE *memory;
	int c;

	if (!file)
		return NULL;
	memory = open_memstream(&text, &size);
	ck_assert_ptr_nonnull(memory);
	while ((c = getc_unlocked(file)) != EOF)
		putc_unlocked(c, memory);
	fclose(memory);
	fclose(file);
	if (bytes)
		*bytes = size;
	return text;
}

const char *build_dir(void)
{
	const char *build = getenv("BUILD");

	return build && *build ? build : TEST_BUILD;
}

const char *tools_dir(void)
{
	return TEST_TOOLS;
}

char *program_path(const char *name)
{
	char *path;

	ck_assert(asprintf(&path, "%s/%s/%s", build_dir(), name, name) > 0);
	ck_assert_msg(!access(path, X_OK), "%s: %s: run `make` for it first",
		      path, strerror(errno));
	return path;
}

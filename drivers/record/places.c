/*
 * drivers/record/places.c: see drivers/record/places.h.
 */
#include "drivers/record/places.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/record/output.h"

static bool is_standard_output(const char *path)
{
	return !strcmp(path, OUTPUT_STDOUT);
}

static bool look_up(const char *path, struct stat *status)
{
	return !(is_standard_output(path) ? fstat(STDOUT_FILENO, status)
					  : stat(path, status));
}

/* Devices take what comes: /dev/null is nobody's file. */
static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       !S_ISCHR(a->st_mode);
}

/* The part after the last '/'; the folder before it, inode 0: there is none. */
static const char *split(const char *path, struct stat *folder)
{
	const char *slash = strrchr(path, '/');
	static char text[4096]; /* main thread only; too large for a frame */

	snprintf(text, sizeof(text), "%.*s",
		 slash ? (int)(slash - path) + 1 : 2, slash ? path : "./");
	if (stat(text, folder))
		memset(folder, 0, sizeof(*folder));
	return slash ? slash + 1 : path;
}

static bool is_same_place(const char *a, const char *b)
{
	struct stat x, y;
	bool a_is_there = look_up(a, &x), b_is_there = look_up(b, &y);

	if (is_standard_output(a) && is_standard_output(b))
		return true;
	if (a_is_there || b_is_there)
		return a_is_there && b_is_there && is_same_file(&x, &y);
	return !strcmp(split(a, &x), split(b, &y)) && x.st_ino &&
	       is_same_file(&x, &y);
}

/* Messages would come between the pixels. */
static bool is_standard_error(const char *path)
{
	struct stat place, errors;

	return look_up(path, &place) && !fstat(STDERR_FILENO, &errors) &&
	       is_same_file(&place, &errors);
}

static const char *name_of(const char *path)
{
	return is_standard_output(path) ? "standard output" : path;
}

enum exit_status places_check(const struct place *places, uint32_t count,
			      char *error, size_t error_bytes)
{
	uint32_t i, j;

	for (i = 0; i < count; i++) {
		const struct place *a = &places[i];

		if (!a->path)
			continue;
		for (j = i + 1; j < count; j++) {
			const struct place *b = &places[j];

			if (!b->path || !is_same_place(a->path, b->path))
				continue;
			snprintf(error, error_bytes,
				 "%s and %s: both write %.256s; give two files",
				 a->option, b->option, name_of(b->path));
			return EXIT_STATUS_USAGE;
		}
		if (!a->pixels || !is_standard_error(a->path))
			continue;
		snprintf(error, error_bytes,
			 "%s %.256s: standard error goes there too; send one "
			 "of them elsewhere (2>FILE)",
			 a->option, a->path);
		return EXIT_STATUS_USAGE;
	}
	return EXIT_STATUS_OK;
}

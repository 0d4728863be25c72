/*
 * tests/drivers/file_rig.h: files to play, in a folder of the test's own, and
 * the file source opened on one.
 */
#ifndef TESTS_DRIVERS_FILE_RIG_H
#define TESTS_DRIVERS_FILE_RIG_H

#include <check.h>
#include <stdlib.h>
#include <unistd.h>

#include "drivers/source/sources.h"

static char rig_folder[] = "/tmp/tickline-file-XXXXXX";
static char rig_refusal[512];
static struct source rig_source;
static struct graph_source rig_graph; /* of the source opened last */
static enum color_range rig_range;    /* what it says */

static inline void rig_setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(rig_folder));
}

static inline void rig_teardown(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", rig_folder);
	ck_assert_int_eq(system(command), 0);
}

/* FOLDER/name, in one of two places in turn. */
static inline const char *rig_path(const char *name)
{
	static char paths[2][512];
	static int turn;

	turn = !turn;
	snprintf(paths[turn], sizeof(paths[turn]), "%s/%s", rig_folder, name);
	return paths[turn];
}

static inline void rig_write(const char *name, const void *data, size_t bytes)
{
	FILE *file = fopen(rig_path(name), "wb");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(data, 1, bytes, file), bytes);
	ck_assert_int_eq(fclose(file), 0);
}

/* `settings` as they are, for a source of this format and size at 50 Hz. */
static inline int rig_open_settings(const char *settings, const char *format,
			     uint32_t width, uint32_t height, bool timed)
{
	const struct source_config config = {
		.graph = &rig_graph,
		.rate_num = 50,
		.rate_den = 1,
		.timed = timed,
		.settings = settings,
		.refusal = rig_refusal,
		.refusal_bytes = sizeof(rig_refusal),
	};

	rig_graph = (struct graph_source){
		.name = "clip",
		.format = graph_format_find(format),
		.width = width,
		.height = height,
		.range = rig_range,
		.policy = GRAPH_POLICY_EVERY,
	};
	ck_assert_int_lt(rig_graph.format, GRAPH_FORMAT_COUNT);
	rig_refusal[0] = '\0';
	rig_source = (struct source){.ops = &file_source, .graph = &rig_graph};
	return file_source.open(&rig_source, &config);
}

static inline int rig_open(const char *name, const char *more, const char *format,
		    uint32_t width, uint32_t height)
{
	char settings[640];

	snprintf(settings, sizeof(settings), "path=%s%s", rig_path(name), more);
	return rig_open_settings(settings, format, width, height, false);
}

#endif

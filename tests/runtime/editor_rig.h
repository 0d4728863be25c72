/*
 * tests/runtime/editor_rig.h: an editor and a tick thread's side of its changes,
 * over the sample graph; ticks begin when the test says so.
 */
#ifndef TESTS_RUNTIME_EDITOR_RIG_H
#define TESTS_RUNTIME_EDITOR_RIG_H

#include <check.h>
#include <stdlib.h>

#include "runtime/control/editor.h"
#include "tests/runtime/sample_graph.h"

enum { BALL_RADIUS, BALL_ON, BALL_VELOCITY, BACK_COLOR, BACK_MODE, BACK_WEIGHTS,
       BACK_VEIL, BACK_TEXT };

static _Alignas(64) unsigned char rig_pool[256];
static struct changes rig_changes;
static struct editor rig_editor;
static struct edit rig_edit;

static inline const struct sample_params *rig_params(void)
{
	return (const void *)(rig_pool + SAMPLE_PARAMS);
}

static inline uint64_t rig_changed(uint32_t param)
{
	return ((const uint64_t *)(const void *)rig_pool)[param];
}

static inline void rig_open(uint64_t tick_limit)
{
	memset(rig_pool, 0, sizeof(rig_pool));
	memcpy(rig_pool + SAMPLE_PARAMS, &sample_defaults,
	       sizeof(sample_defaults));
	ck_assert_int_eq(changes_init(&rig_changes, &sample_graph, rig_pool,
				      EDITOR_CHANGES_MAX, EDITOR_BYTES_MAX),
			 0);
	ck_assert_int_eq(editor_init(&rig_editor, &sample_graph, &rig_changes,
				     tick_limit),
			 0);
	edit_begin(&rig_edit);
}

static inline void rig_close(void)
{
	editor_finish(&rig_editor);
	changes_finish(&rig_changes);
}

static inline void rig_put(uint32_t param, const void *value)
{
	unsigned char *place = edit_add(&rig_edit, &sample_graph, param);

	ck_assert_ptr_nonnull(place);
	memcpy(place, value, change_bytes(&sample_graph.params[param]));
}

static inline void rig_put_int(uint32_t param, int32_t value)
{
	rig_put(param, &value);
}

/* At that tick; the next set is empty. */
static inline enum edit_result rig_commit_at(uint64_t at, uint64_t *tick)
{
	enum edit_result result;

	rig_edit.now = false;
	rig_edit.at = at;
	result = editor_commit(&rig_editor, &rig_edit, tick);
	edit_begin(&rig_edit);
	return result;
}

static inline uint64_t rig_commit_now(void)
{
	uint64_t tick = UINT64_MAX;
	enum edit_result result;

	do /* ticks of a test may begin faster than any clock's */
		result = editor_commit(&rig_editor, &rig_edit, &tick);
	while (result == EDIT_BUSY);
	ck_assert_int_eq(result, EDIT_DONE);
	edit_begin(&rig_edit);
	return tick;
}

#endif

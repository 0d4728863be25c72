/*
 * tests/fakes/drm_state.h: the fake device's objects, shared by the files that
 * play libdrm (drm_mode.c) and the kernel (drm.c).
 */
#ifndef TESTS_FAKES_DRM_STATE_H
#define TESTS_FAKES_DRM_STATE_H

#include "tests/fakes/drm.h"

#define FAKE_PROPERTIES_MAX 32

struct fake_property {
	const char *name;
	uint32_t flags;
	uint64_t value;
	uint64_t max; /* of a range; 0: 7 */
	const char *const *names; /* of an enum's values from 0 on */
};

struct fake_object {
	uint32_t id, type;
	uint32_t count;
	struct fake_property property[FAKE_PROPERTIES_MAX];
};

#define FAKE_OBJECTS 8
extern struct fake_object fake_objects[FAKE_OBJECTS];

/* property ids: object id * 100 + index */
struct fake_object *fake_object(uint32_t id);
struct fake_property *fake_property(uint32_t id);

/* Counts a call; true: it is the one to fail, errno is set. */
bool fake_fails(void);

struct fake_fb *fake_fb(uint32_t id);

#define FAKE_OTHER_FD  78
#define FAKE_EXPORT_FD 300 /* of the first buffer's dma-buf; then the next's */

/* A mode blob's mode; NULL: no such blob. */
const drmModeModeInfo *fake_blob(uint32_t id);

void fake_forget_blobs(void);

bool fake_blob_exists(uint64_t id);

/* After a commit: blobs that nobody has made or uses are gone. */
void fake_drop_blobs(void);

#endif

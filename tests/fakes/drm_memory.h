/*
 * tests/fakes/drm_memory.h: the fake device's buffers, and who may touch them.
 *
 * A buffer that is on view or pending may be read but not stored into: from
 * the commit that takes it until the driver has been told that another one
 * took its place. It is digested then and compared at every call that has to
 * do with frames. One that was unmapped cannot be touched at all. What breaks
 * this ends the test, with a line that says so: it would have been seen as
 * tearing, or as a crash in somebody's living room.
 */
#ifndef TESTS_FAKES_DRM_MEMORY_H
#define TESTS_FAKES_DRM_MEMORY_H

#include "tests/fakes/drm_state.h"

/* Pages of 0x5a, for fb->memory. */
void fake_memory_take(struct fake_fb *fb, size_t bytes);
void fake_memory_give(struct fake_fb *fb);

/* The pages that begin there are unmapped: a touch of them ends the test. */
void fake_memory_unmap(const void *base);

/* No buffer that is held was stored into. */
void fake_scanout_check(void);

/* A flip of this CRTC was accepted: what is on view by fake_objects stays there, too, until
 * the event of the flip is read. Called before the new state is in place. */
void fake_scanout_flips(uint32_t crtc);

/* That event was read, or a blocking commit is over: only what fake_objects
 * says is on view there. */
void fake_scanout_settles(uint32_t crtc);

/* fake_objects or a framebuffer changed: what is held follows. */
void fake_scanout_apply(void);

#endif

/*
 * tests/fakes/drm_memory.c: see drm_memory.h.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */

#include "tests/fakes/drm_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/fakes/device_memory.h"

#define PLANES	3
#define SAMPLES 61 /* of 8 bytes, in all of a buffer; and its beginning */
#define BEGIN	64

static const uint32_t planes[PLANES] = {FAKE_PRIMARY, FAKE_OVERLAY,
					FAKE_SECOND_PRIMARY};
static uint32_t before[PLANES]; /* still on view while a flip is pending */

static bool is_inside(const struct fake_fb *fb, const void *at)
{
	const unsigned char *byte = at;

	return fb->memory && byte >= fb->memory &&
	       byte < fb->memory + fb->bytes;
}

static bool is_held(const struct fake_fb *fb)
{
	int i;

	for (i = 0; fb->id && i < PLANES; i++)
		if (fb->id == before[i] ||
		    fb->id == fake_drm_value(planes[i], "FB_ID"))
			return true;
	return false;
}

bool fake_drm_holds(const void *at)
{
	int i;

	for (i = 0; i < FAKE_FBS_MAX; i++)
		if (is_inside(&fake_drm.fb[i], at))
			return is_held(&fake_drm.fb[i]);
	return false;
}

/* ---- memory ------------------------------------------------------------------- */

void fake_memory_take(struct fake_fb *fb, size_t bytes)
{
	fb->bytes = bytes;
	fb->memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fb->memory == MAP_FAILED)
		abort();
	memset(fb->memory, 0x5a, bytes);
}

void fake_memory_give(struct fake_fb *fb)
{
	if (fb->memory)
		munmap(fb->memory, fb->bytes);
	fb->memory = NULL;
	fb->held = false;
}

/* Never to be touched again: nothing else is ever mapped there. */
void fake_memory_unmap(const void *base)
{
	struct fake_fb *fb;

	for (fb = fake_drm.fb; fb < fake_drm.fb + FAKE_FBS_MAX; fb++) {
		if (fb->memory != base)
			continue;
		fake_scanout_check();
		fake_device_check(fb->memory);
		if (mmap(fb->memory, fb->bytes, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
		    MAP_FAILED)
			abort();
		fb->memory = NULL;
		fb->held = false;
	}
}

/* ---- what is on view ------------------------------------------------------------ */

static uint64_t digest(const struct fake_fb *fb)
{
	size_t i, stride = fb->bytes / SAMPLES / 8 * 8;
	uint64_t sum = 0, word;

	for (i = 0; i < BEGIN / 8 + SAMPLES; i++) {
		memcpy(&word,
		       fb->memory + (i < BEGIN / 8 ? i * 8
						   : (i - BEGIN / 8) * stride),
		       sizeof(word));
		sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	}
	return sum;
}

void fake_scanout_check(void)
{
	const struct fake_fb *fb;

	for (fb = fake_drm.fb; fb < fake_drm.fb + FAKE_FBS_MAX; fb++) {
		if (!fb->held || digest(fb) == fb->digest)
			continue;
		fprintf(stderr, "fake drm: framebuffer %u was stored into "
				"while on view or pending\n", fb->id);
		abort();
	}
}

void fake_scanout_apply(void)
{
	struct fake_fb *fb;

	fake_scanout_check();
	for (fb = fake_drm.fb; fb < fake_drm.fb + FAKE_FBS_MAX; fb++) {
		if (!fb->memory || fb->held == is_held(fb))
			continue;
		fb->held = !fb->held;
		fb->digest = digest(fb);
	}
}

static uint32_t crtc_of(uint32_t plane)
{
	return plane == FAKE_SECOND_PRIMARY ? FAKE_SECOND_CRTC : FAKE_CRTC;
}

void fake_scanout_flips(uint32_t crtc)
{
	int i;

	for (i = 0; i < PLANES; i++)
		if (crtc_of(planes[i]) == crtc)
			before[i] = (uint32_t)fake_drm_value(planes[i],
							     "FB_ID");
}

void fake_scanout_settles(uint32_t crtc)
{
	int i;

	for (i = 0; i < PLANES; i++)
		if (crtc_of(planes[i]) == crtc)
			before[i] = 0;
	fake_scanout_apply();
}

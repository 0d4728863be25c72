/*
 * tests/fakes/kms_rig.h: the KMS driver on the fake device, driven as the
 * cycle drives it, in simulated time, with the helper thread's rounds called
 * by the test (its thread never starts).
 */
#ifndef TESTS_FAKES_KMS_RIG_H
#define TESTS_FAKES_KMS_RIG_H

#include "drivers/display/kms/helper.h"
#include "runtime/cycle/slot.h"
#include "tests/fakes/drm.h"

struct kms_rig {
	struct journal journal; /* one lane, the driver's */
	struct display display;
	struct slots slots;
	struct kms_recover *recover; /* the driver's own */
	struct kms_helper *helper;   /* the same */
	char refusal[DISPLAY_REFUSAL_MAX];
	int64_t tick_ns; /* period */
	int64_t cost_ns; /* of that: from the look at events to the submit */
	uint32_t shown, busy, lost, no_slot, none; /* frames; none: by recovery */
	uint32_t drawn; /* the next frame's colour, as it were */
	uint64_t last_sequence, repeats;
	struct display_event flip; /* the last one */
};

/* A 1920x1080 graph at 60 a second on whatever fake_drm is. 0 or -errno. */
int kms_rig_open(struct kms_rig *rig, const char *settings);

/* As kms_rig_open, with another size and --mode. */
int kms_rig_open_as(struct kms_rig *rig, const char *settings, uint32_t width,
		    uint32_t height, struct display_mode mode);

/* The same, as one of several sinks of a graph. */
int kms_rig_open_sink(struct kms_rig *rig, uint32_t index,
		      const char *settings);

/* First frame; slot 0. 0 or -errno. The helper is there with the last sink's. */
int kms_rig_start(struct kms_rig *rig);

/* Sinks of one graph: their first frames. 0 or -errno. */
int kms_rig_start_all(struct kms_rig rigs[], uint32_t count);

/* The first frame in another slot, and no ticks to come. 0 or -errno. */
int kms_rig_start_in(struct kms_rig *rig, uint32_t slot);

/* One tick: events, a slot, present; then the period passes. */
enum display_status kms_rig_tick(struct kms_rig *rig);

void kms_rig_ticks(struct kms_rig *rig, uint32_t count);

/* Ticks of a graph with several sinks: events of each, then frames to each. */
void kms_rig_ticks_all(struct kms_rig rigs[], uint32_t sinks, uint32_t count);

/* What the helper does for the display started last, in any rig or none. */
struct kms_recover *kms_rig_helper(void);

/* The helper's round for this one. */
void kms_rig_help(struct kms_rig *rig);

enum display_state kms_rig_state(const struct kms_rig *rig);

void kms_rig_close(struct kms_rig *rig);
void kms_rig_close_all(struct kms_rig rigs[], uint32_t count);

/* Whose device draws; NULL: the CPU does. */
extern const struct display_memory *kms_rig_memory;

/* What thread_start answers; 0: it works. */
extern int fake_thread_error;

#endif

/*
 * tests/fakes/drm.h: a DRM device in simulated time, in place of libdrm and
 * drivers/display/kms/node.c, with the clock of runtime/time/clock.h.
 *
 * One CRTC, one connector, a primary and an overlay plane; a cursor plane, a
 * second connector and a second CRTC with its primary plane where a test has
 * them, and a second device node that is the
 * same hardware under another name. Commits are checked
 * as the kernel checks them (modesets need their flag, objects must exist, a
 * source must lie in its framebuffer, one flip at a time, master only), flips
 * complete at the next refresh, and every fd, mapping, framebuffer, handle,
 * blob and libdrm object is counted. What the kernel answers in each fault is
 * as it was measured on vkms and virtio-gpu (docs/kms.md). A store into a buffer
 * that is on view or pending ends the test at once (drm_memory.h).
 */
#ifndef TESTS_FAKES_DRM_H
#define TESTS_FAKES_DRM_H

#include <stdbool.h>
#include <stdint.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#define FAKE_CONNECTOR 40u
#define FAKE_SECOND    41u
#define FAKE_CRTC      50u
#define FAKE_PRIMARY   60u
#define FAKE_OVERLAY   61u
#define FAKE_CURSOR    62u
#define FAKE_SECOND_CRTC    51u
#define FAKE_SECOND_PRIMARY 63u
#define FAKE_CRTCS 2
#define FAKE_MODES_MAX 8
#define FAKE_FBS_MAX   16
#define FAKE_PERIOD_NS INT64_C(16666667)

enum fake_vblank {
	FAKE_VBLANK,	   /* flips complete at refreshes, with a sequence */
	FAKE_NO_VBLANK,	   /* at refreshes, without sequence */
	FAKE_NO_DISPLAY,   /* at once, without sequence */
};

struct fake_fb {
	uint32_t id, width, height, fourcc, pitch;
	uint32_t handle; /* GEM; 0: given back */
	size_t bytes;
	unsigned char *memory; /* gone for good once it was unmapped */
	bool held;	       /* on view or pending */
	uint64_t digest;   /* of what it held then */
};

/* What belongs to one CRTC. */
#define FAKE_HEAD                                                              \
	int flip_error, show_error; /* errno of commits; 0 */                  \
	bool lose_events; /* flips never complete */                           \
	bool wrong_crtc; /* events name another CRTC */                        \
	bool pending;                                                          \
	bool event_ready;                                                      \
	int64_t due_ns;                                                        \
	uint64_t token;                                                        \
	uint32_t flips

struct fake_head {
	FAKE_HEAD;
};

struct fake_drm {
	/* what is there */
	const char *path, *driver; /* path NULL: no node at all */
	const char *by_path; /* the node's other name; NULL: none */
	bool legacy, no_dumb, no_crtc, no_open;
	bool other_master; /* another file holds it */
	int inherited;	   /* kms_node_inherited's answer */
	int more_inherited; /* as many behind it */
	enum fake_vblank vblank;
	drmModeConnection status;
	int mode_count;
	drmModeModeInfo mode[FAKE_MODES_MAX];
	bool can_scale, can_rotate;
	uint32_t only_format; /* of planes; 0: RGB565 and XRGB8888 */

	bool has_cursor, has_second; /* connector HDMI-A-2 */
	bool has_second_crtc;
	drmModeConnection second_status; /* 0: as the first's */
	/* a node before the first one in order; path NULL: none */
	const char *other_path, *other_driver;
	bool other_no_crtc, other_dark;
	const char *module; /* a kernel module that is loaded; NULL: none */

	/* faults */
	const char *refused; /* a property that no commit may change */
	const char *lies;    /* the same, but TEST_ONLY says that it may */
	int fail_at;	/* this call fails, counting from 1; 0: none */
	int fail_error; /* with this errno */
	int eintr;	/* so many commits answer EINTR first */
	int test_error; /* errno of questions; 0 */
	bool newest_first; /* the order of events that are read at once */
	int late_wait;	  /* this wait ends late, counting from 1; 0: none */
	int64_t late_ns;  /* by that */
	bool gone;	  /* ENODEV from everything */
	bool link_bad;
	uint32_t test_clock; /* kHz: quicker modes are refused; 0: none */
	uint32_t show_clock; /* the same, but TEST_ONLY does not know */
	bool no_turn;	     /* planes list rotations and refuse them */
	bool no_prime;	     /* ENOSYS from PRIME_HANDLE_TO_FD */
	bool no_prime_in;    /* ENODEV from PRIME_FD_TO_HANDLE */
	/* errno of commits that show what a device has mapped
	 * (device_memory.h), by what they are; 0 */
	int mapped_test_error, mapped_show_error, mapped_flip_error;
	bool lose_mapped; /* flips to such memory never complete */

	/* what it is doing */
	int64_t now_ns;
	union {
		struct fake_head head[FAKE_CRTCS];
		struct {
			FAKE_HEAD; /* the first one's */
		};
	};

	/* what happened */
	int calls; /* that can fail */
	int reads; /* of events; they cannot */
	int commits; /* that were no questions */
	uint32_t busy, shows, tests, modesets;
	int fds, maps, fbs, handles, blobs, objects;
	int exports; /* files of dma-bufs that the driver has */
	struct fake_fb fb[FAKE_FBS_MAX];
};

extern struct fake_drm fake_drm;

/* A vkms-like device: one 1920x1080@60 monitor, dark. */
void fake_drm_reset(void);

void fake_drm_add_mode(uint16_t width, uint16_t height, uint32_t hz);

/* Nothing is left open, mapped or allocated. */
bool fake_drm_is_clean(void);

/* Gives an object one more property. names: an enum's, ended by NULL; max: of a
 * range. */
void fake_drm_add(uint32_t object, const char *name, uint32_t flags,
		  uint64_t value, uint64_t max, const char *const *names);

/* A program of before sets a property. */
void fake_drm_set(uint32_t object, const char *name, uint64_t value);

/* A blob of a program that is gone: it lives as long as a property has it. Call
 * it between fake_drm_add and the next commit. */
uint32_t fake_drm_left_blob(const void *data, size_t bytes);

/* The bytes of a blob; NULL: there is none. */
const void *fake_drm_blob(uint64_t id, size_t *bytes);

/* The value of an object's property as the last commit left it. */
uint64_t fake_drm_value(uint32_t object, const char *name);

/* The framebuffer that a plane shows; NULL: none. */
const struct fake_fb *fake_drm_shown(uint32_t plane);

/* Whether a byte is of a buffer that is on view or pending, as far as the driver
 * has been told. */
bool fake_drm_holds(const void *at);

/* Simulated time goes on. */
void fake_drm_pass(int64_t ns);

#endif

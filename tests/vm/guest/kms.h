/*
 * kms: the smallest atomic KMS client that the lab's own programs share.
 * It opens a device by driver name, picks its first usable connector, CRTC and
 * primary plane, owns two dumb buffers, and commits them with raw ioctls. It
 * is a probe for the kernel under test, not the product's driver: one thread,
 * blocking where that is simplest, every failure returned as -errno.
 * Read next: kms_probe.c, which drives it from a script.
 */
#ifndef TESTS_VM_GUEST_KMS_H
#define TESTS_VM_GUEST_KMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <drm.h>
#include <drm_mode.h>

#define KMS_FBS 2

/* Properties looked up by name at start; 0 where an object lacks one. */
enum kms_prop {
	KMS_CRTC_MODE_ID,
	KMS_CRTC_ACTIVE,
	KMS_CONN_CRTC_ID,
	KMS_CONN_LINK_STATUS,
	KMS_WB_CRTC_ID,
	KMS_WB_FB_ID,
	KMS_WB_OUT_FENCE,
	KMS_PLANE_FB_ID,
	KMS_PLANE_CRTC_ID,
	KMS_PLANE_SRC_X,
	KMS_PLANE_SRC_Y,
	KMS_PLANE_SRC_W,
	KMS_PLANE_SRC_H,
	KMS_PLANE_CRTC_X,
	KMS_PLANE_CRTC_Y,
	KMS_PLANE_CRTC_W,
	KMS_PLANE_CRTC_H,
	KMS_PROP_COUNT
};

/* One dumb buffer with its framebuffer, mapped; XRGB8888. */
struct kms_fb {
	uint32_t fb_id, handle;
	uint32_t width, height, pitch_bytes;
	size_t size_bytes;
	uint8_t *map;
};

struct kms {
	int fd;
	char driver[32];
	/* pipe; ids are 0 where there is none */
	uint32_t connector_id, writeback_id, crtc_id, plane_id;
	uint32_t crtc_index, connector_type;
	bool connected;
	uint32_t mode_count;
	struct drm_mode_modeinfo modes[64];
	uint32_t prop[KMS_PROP_COUNT];
	/* state of the two buffers */
	struct drm_mode_modeinfo mode;
	struct kms_fb fb[KMS_FBS];
	int shown; /* index of the buffer last committed */
};

/* One atomic request, built in object order. */
struct kms_request {
	uint32_t objects[8], counts[8], object_count;
	uint32_t props[40];
	uint64_t values[40];
	uint32_t prop_count;
};

/* ioctl with a bounded retry on EINTR. @return 0 or -errno. */
int kms_ioctl(int fd, unsigned long request, void *arg);

/* Open the primary node whose driver has this name (any if NULL). */
int kms_open(struct kms *kms, const char *driver);

/* Take over a file descriptor that is already open (and master). */
int kms_adopt(struct kms *kms, int fd);

void kms_close(struct kms *kms);

/* Read the connector again; force asks the driver to probe. */
int kms_read_connector(struct kms *kms, bool force);

/* The mode of this size, or the first one (width 0); NULL if there is none. */
const struct drm_mode_modeinfo *kms_find_mode(const struct kms *kms,
					      uint32_t width, uint32_t height);

/* Both buffers at the mode's size, filled with pattern 0 and 1. */
int kms_make_fbs(struct kms *kms, const struct drm_mode_modeinfo *mode);

/* A picture in which every pixel differs from its neighbours. */
void kms_draw(struct kms_fb *fb, uint32_t seed);

int kms_fb_create(int fd, struct kms_fb *fb, uint32_t width, uint32_t height);
void kms_fb_destroy(int fd, struct kms_fb *fb);

void kms_add(struct kms_request *req, uint32_t object, uint32_t prop,
	     uint64_t value);
int kms_commit(const struct kms *kms, const struct kms_request *req,
	       uint32_t flags, uint64_t user_data);

/* Mode, connector, CRTC and plane in one blocking commit showing fb[0]. */
int kms_modeset(struct kms *kms, bool relink);

/* The connector's link-status property: 0 good, 1 bad, or -errno. */
int kms_link_status(const struct kms *kms);

/* Show the other buffer; flags as for DRM_IOCTL_MODE_ATOMIC. */
int kms_flip(struct kms *kms, uint32_t flags);

/* Wait for one flip event. @return 0, -ETIMEDOUT or -errno. */
int kms_wait_event(const struct kms *kms, int timeout_ms,
		   struct drm_event_vblank *event);

/* The composed picture of the CRTC, through its writeback connector. */
int kms_capture(struct kms *kms, struct kms_fb *out);

#endif

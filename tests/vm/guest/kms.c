/*
 * kms: commits and events on a pipe that kms_setup.c found. See kms.h.
 */
#include "kms.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int kms_ioctl(int fd, unsigned long request, void *arg)
{
	for (int tries = 0; tries < 3; tries++) {
		if (ioctl(fd, request, arg) == 0)
			return 0;
		if (errno != EINTR)
			break;
	}
	return -errno;
}

void kms_add(struct kms_request *req, uint32_t object, uint32_t prop,
	     uint64_t value)
{
	uint32_t last = req->object_count;

	if (last == 0 || req->objects[last - 1] != object) {
		req->objects[last] = object;
		req->counts[last] = 0;
		req->object_count++;
		last++;
	}
	req->counts[last - 1]++;
	req->props[req->prop_count] = prop;
	req->values[req->prop_count] = value;
	req->prop_count++;
}

int kms_commit(const struct kms *kms, const struct kms_request *req,
	       uint32_t flags, uint64_t user_data)
{
	struct drm_mode_atomic atomic = {
		.flags = flags,
		.count_objs = req->object_count,
		.objs_ptr = (uintptr_t)req->objects,
		.count_props_ptr = (uintptr_t)req->counts,
		.props_ptr = (uintptr_t)req->props,
		.prop_values_ptr = (uintptr_t)req->values,
		.user_data = user_data,
	};

	return kms_ioctl(kms->fd, DRM_IOCTL_MODE_ATOMIC, &atomic);
}

static void add_plane(const struct kms *kms, struct kms_request *req,
		      const struct kms_fb *fb)
{
	const uint32_t plane = kms->plane_id;
	const uint32_t *prop = kms->prop;

	kms_add(req, plane, prop[KMS_PLANE_FB_ID], fb->fb_id);
	kms_add(req, plane, prop[KMS_PLANE_CRTC_ID], kms->crtc_id);
	kms_add(req, plane, prop[KMS_PLANE_SRC_X], 0);
	kms_add(req, plane, prop[KMS_PLANE_SRC_Y], 0);
	kms_add(req, plane, prop[KMS_PLANE_SRC_W], (uint64_t)fb->width << 16);
	kms_add(req, plane, prop[KMS_PLANE_SRC_H], (uint64_t)fb->height << 16);
	kms_add(req, plane, prop[KMS_PLANE_CRTC_X], 0);
	kms_add(req, plane, prop[KMS_PLANE_CRTC_Y], 0);
	kms_add(req, plane, prop[KMS_PLANE_CRTC_W], fb->width);
	kms_add(req, plane, prop[KMS_PLANE_CRTC_H], fb->height);
}

int kms_modeset(struct kms *kms, bool relink)
{
	struct kms_request req = {0};
	struct drm_mode_create_blob blob = {
		.data = (uintptr_t)&kms->mode,
		.length = sizeof(kms->mode),
	};
	int err = kms_ioctl(kms->fd, DRM_IOCTL_MODE_CREATEPROPBLOB, &blob);

	if (err)
		return err;
	kms_add(&req, kms->connector_id, kms->prop[KMS_CONN_CRTC_ID],
		kms->crtc_id);
	if (relink)
		kms_add(&req, kms->connector_id,
			kms->prop[KMS_CONN_LINK_STATUS],
			DRM_MODE_LINK_STATUS_GOOD);
	kms_add(&req, kms->crtc_id, kms->prop[KMS_CRTC_MODE_ID], blob.blob_id);
	kms_add(&req, kms->crtc_id, kms->prop[KMS_CRTC_ACTIVE], 1);
	add_plane(kms, &req, &kms->fb[0]);
	err = kms_commit(kms, &req, DRM_MODE_ATOMIC_ALLOW_MODESET, 0);
	if (err == 0)
		kms->shown = 0;
	return err;
}

int kms_flip(struct kms *kms, uint32_t flags)
{
	struct kms_request req = {0};
	const int next = (kms->shown + 1) % KMS_FBS;
	int err;

	kms_add(&req, kms->plane_id, kms->prop[KMS_PLANE_FB_ID],
		kms->fb[next].fb_id);
	err = kms_commit(kms, &req, flags, (uint64_t)next);
	if (err == 0 && !(flags & DRM_MODE_ATOMIC_TEST_ONLY))
		kms->shown = next;
	return err;
}

int kms_wait_event(const struct kms *kms, int timeout_ms,
		   struct drm_event_vblank *event)
{
	struct pollfd wait = {.fd = kms->fd, .events = POLLIN};
	const int ready = poll(&wait, 1, timeout_ms);
	ssize_t got;

	if (ready == 0)
		return -ETIMEDOUT;
	if (ready < 0)
		return -errno;
	got = read(kms->fd, event, sizeof(*event));
	if (got < 0)
		return -errno;
	if (got != (ssize_t)sizeof(*event) ||
	    event->base.type != DRM_EVENT_FLIP_COMPLETE)
		return -EBADMSG;
	return 0;
}

static int wait_fence(int fence)
{
	struct pollfd wait = {.fd = fence, .events = POLLIN};
	const int ready = poll(&wait, 1, 3000);

	close(fence);
	return ready == 1 ? 0 : -ETIMEDOUT;
}

/* Attaching and detaching the writeback connector are mode sets. */
int kms_capture(struct kms *kms, struct kms_fb *out)
{
	const uint32_t wb = kms->writeback_id;
	struct kms_request attach = {0}, detach = {0};
	int32_t fence = -1;
	int err;

	if (!wb)
		return -EOPNOTSUPP;
	kms_add(&attach, wb, kms->prop[KMS_WB_CRTC_ID], kms->crtc_id);
	kms_add(&attach, wb, kms->prop[KMS_WB_FB_ID], out->fb_id);
	kms_add(&attach, wb, kms->prop[KMS_WB_OUT_FENCE], (uintptr_t)&fence);
	err = kms_commit(kms, &attach, DRM_MODE_ATOMIC_ALLOW_MODESET, 0);
	if (err)
		return err;
	err = fence >= 0 ? wait_fence(fence) : -EBADF;
	kms_add(&detach, wb, kms->prop[KMS_WB_CRTC_ID], 0);
	if (err)
		return err;
	return kms_commit(kms, &detach, DRM_MODE_ATOMIC_ALLOW_MODESET, 0);
}

/*
 * tests/fakes/drm.c: the kernel's side of the fake device, and the clock. See
 * drm.h.
 */
#include "tests/fakes/drm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/display/kms/node.h"
#include "runtime/time/clock.h"
#include "tests/fakes/device_memory.h"
#include "tests/fakes/drm_memory.h"
#include "tests/fakes/drm_state.h"
#include "tests/fakes/nvbuf.h"

#define FD	     77
#define TIMED_OUT_NS (30500 * NS_PER_MS) /* a blocking commit on a stuck CRTC */

struct fake_drm fake_drm;

/* clang-format off */
static const struct fake_object objects_at_start[FAKE_OBJECTS] = {
	{FAKE_CONNECTOR, DRM_MODE_OBJECT_CONNECTOR, 2,
	 {{"CRTC_ID", DRM_MODE_PROP_OBJECT, 0, 0, NULL},
	  {"link-status", DRM_MODE_PROP_ENUM, 0, 0, NULL}}},
	{FAKE_CRTC, DRM_MODE_OBJECT_CRTC, 2,
	 {{"ACTIVE", DRM_MODE_PROP_RANGE, 0, 0, NULL},
	  {"MODE_ID", DRM_MODE_PROP_BLOB, 0, 0, NULL}}},
	{FAKE_PRIMARY, DRM_MODE_OBJECT_PLANE, 13,
	 {{"FB_ID", 0, 0, 0, NULL}, {"CRTC_ID", 0, 0, 0, NULL}, {"SRC_X", 0, 0, 0, NULL},
	  {"SRC_Y", 0, 0, 0, NULL}, {"SRC_W", 0, 0, 0, NULL}, {"SRC_H", 0, 0, 0, NULL},
	  {"CRTC_X", 0, 0, 0, NULL}, {"CRTC_Y", 0, 0, 0, NULL}, {"CRTC_W", 0, 0, 0, NULL},
	  {"CRTC_H", 0, 0, 0, NULL},
	  {"type", DRM_MODE_PROP_IMMUTABLE, DRM_PLANE_TYPE_PRIMARY, 0, NULL},
	  {"rotation", DRM_MODE_PROP_BITMASK, 1, 0, NULL},
	  {"zpos", DRM_MODE_PROP_RANGE | DRM_MODE_PROP_IMMUTABLE, 0, 0, NULL}}},
	{FAKE_OVERLAY, DRM_MODE_OBJECT_PLANE, 13,
	 {{"FB_ID", 0, 0, 0, NULL}, {"CRTC_ID", 0, 0, 0, NULL}, {"SRC_X", 0, 0, 0, NULL},
	  {"SRC_Y", 0, 0, 0, NULL}, {"SRC_W", 0, 0, 0, NULL}, {"SRC_H", 0, 0, 0, NULL},
	  {"CRTC_X", 0, 0, 0, NULL}, {"CRTC_Y", 0, 0, 0, NULL}, {"CRTC_W", 0, 0, 0, NULL},
	  {"CRTC_H", 0, 0, 0, NULL},
	  {"type", DRM_MODE_PROP_IMMUTABLE, DRM_PLANE_TYPE_OVERLAY, 0, NULL},
	  {"rotation", DRM_MODE_PROP_BITMASK, 1, 0, NULL},
	  {"zpos", DRM_MODE_PROP_RANGE, 1, 0, NULL}}},
	{FAKE_CURSOR, DRM_MODE_OBJECT_PLANE, 13,
	 {{"FB_ID", 0, 0, 0, NULL}, {"CRTC_ID", 0, 0, 0, NULL}, {"SRC_X", 0, 0, 0, NULL},
	  {"SRC_Y", 0, 0, 0, NULL}, {"SRC_W", 0, 0, 0, NULL}, {"SRC_H", 0, 0, 0, NULL},
	  {"CRTC_X", 0, 0, 0, NULL}, {"CRTC_Y", 0, 0, 0, NULL}, {"CRTC_W", 0, 0, 0, NULL},
	  {"CRTC_H", 0, 0, 0, NULL},
	  {"type", DRM_MODE_PROP_IMMUTABLE, DRM_PLANE_TYPE_CURSOR, 0, NULL},
	  {"rotation", DRM_MODE_PROP_BITMASK, 1, 0, NULL},
	  {"zpos", DRM_MODE_PROP_RANGE, 2, 0, NULL}}},
	{FAKE_SECOND, DRM_MODE_OBJECT_CONNECTOR, 2,
	 {{"CRTC_ID", DRM_MODE_PROP_OBJECT, 0, 0, NULL},
	  {"link-status", DRM_MODE_PROP_ENUM, 0, 0, NULL}}},
	{FAKE_SECOND_CRTC, DRM_MODE_OBJECT_CRTC, 2,
	 {{"ACTIVE", DRM_MODE_PROP_RANGE, 0, 0, NULL},
	  {"MODE_ID", DRM_MODE_PROP_BLOB, 0, 0, NULL}}},
	{FAKE_SECOND_PRIMARY, DRM_MODE_OBJECT_PLANE, 13,
	 {{"FB_ID", 0, 0, 0, NULL}, {"CRTC_ID", 0, 0, 0, NULL}, {"SRC_X", 0, 0, 0, NULL},
	  {"SRC_Y", 0, 0, 0, NULL}, {"SRC_W", 0, 0, 0, NULL}, {"SRC_H", 0, 0, 0, NULL},
	  {"CRTC_X", 0, 0, 0, NULL}, {"CRTC_Y", 0, 0, 0, NULL}, {"CRTC_W", 0, 0, 0, NULL},
	  {"CRTC_H", 0, 0, 0, NULL},
	  {"type", DRM_MODE_PROP_IMMUTABLE, DRM_PLANE_TYPE_PRIMARY, 0, NULL},
	  {"rotation", DRM_MODE_PROP_BITMASK, 1, 0, NULL},
	  {"zpos", DRM_MODE_PROP_RANGE | DRM_MODE_PROP_IMMUTABLE, 0, 0, NULL}}},
};
/* clang-format on */

struct fake_object fake_objects[FAKE_OBJECTS];

struct fake_object *fake_object(uint32_t id)
{
	uint32_t i;

	for (i = 0; i < FAKE_OBJECTS; i++)
		if (fake_objects[i].id == id)
			return &fake_objects[i];
	return NULL;
}

struct fake_property *fake_property(uint32_t id)
{
	struct fake_object *object = fake_object(id / 100);

	return object && id % 100 < object->count ? &object->property[id % 100]
						  : NULL;
}

static struct fake_property *named(struct fake_object *objects, uint32_t id,
				   const char *name)
{
	uint32_t i, j;

	for (i = 0; i < FAKE_OBJECTS; i++)
		for (j = 0; objects[i].id == id && j < objects[i].count; j++)
			if (!strcmp(objects[i].property[j].name, name))
				return &objects[i].property[j];
	abort();
}

uint64_t fake_drm_value(uint32_t object, const char *name)
{
	return named(fake_objects, object, name)->value;
}

void fake_drm_set(uint32_t object, const char *name, uint64_t value)
{
	named(fake_objects, object, name)->value = value;
}

void fake_drm_add(uint32_t id, const char *name, uint32_t flags,
		  uint64_t value, uint64_t max, const char *const *names)
{
	struct fake_object *object = fake_object(id);

	object->property[object->count++] = (struct fake_property){
		.name = name,
		.flags = flags,
		.value = value,
		.max = max,
		.names = names,
	};
}

struct fake_fb *fake_fb(uint32_t id)
{
	uint32_t i;

	for (i = 0; id && i < FAKE_FBS_MAX; i++)
		if (fake_drm.fb[i].id == id)
			return &fake_drm.fb[i];
	return NULL;
}

const struct fake_fb *fake_drm_shown(uint32_t plane)
{
	return fake_fb((uint32_t)fake_drm_value(plane, "FB_ID"));
}

bool fake_fails(void)
{
	fake_drm.calls++;
	errno = fake_drm.gone ? ENODEV : fake_drm.fail_error;
	return fake_drm.gone || fake_drm.calls == fake_drm.fail_at;
}

void fake_drm_add_mode(uint16_t width, uint16_t height, uint32_t hz)
{
	drmModeModeInfo *mode = &fake_drm.mode[fake_drm.mode_count++];

	*mode = (drmModeModeInfo){
		.hdisplay = width,
		.vdisplay = height,
		.htotal = (uint16_t)(width + 200),
		.vtotal = (uint16_t)(height + 50),
		.vrefresh = hz,
	};
	mode->clock = (uint32_t)mode->htotal * mode->vtotal * hz / 1000;
	if (fake_drm.mode_count == 1)
		mode->type = DRM_MODE_TYPE_PREFERRED;
}

static void settle_all(void)
{
	fake_scanout_settles(FAKE_CRTC);
	fake_scanout_settles(FAKE_SECOND_CRTC);
}

void fake_drm_reset(void)
{
	uint32_t i;

	for (i = 0; i < FAKE_FBS_MAX; i++)
		fake_memory_give(&fake_drm.fb[i]);
	fake_device_reset();
	fake_nvbuf_reset();
	fake_drm = (struct fake_drm){
		.path = "/dev/dri/card7",
		.driver = "fake",
		.inherited = -ENOENT,
		.status = DRM_MODE_CONNECTED,
		.now_ns = 1000 * NS_PER_SECOND,
		.fail_error = EIO,
	};
	memcpy(fake_objects, objects_at_start, sizeof(fake_objects));
	fake_forget_blobs();
	settle_all();
	fake_drm_add_mode(1920, 1080, 60);
}

bool fake_drm_is_clean(void)
{
	return !fake_drm.exports && !fake_device.maps && !fake_device.imports &&
	       !fake_device.images && !fake_nvbuf.surfaces &&
	       !fake_drm.fds && !fake_drm.maps && !fake_drm.fbs &&
	       !fake_drm.handles && !fake_drm.blobs && !fake_drm.objects;
}

/* ---- time ------------------------------------------------------------------ */

static bool shows_mapped(struct fake_object *objects);

static void settle(struct fake_head *head)
{
	if (!head->pending || head->lose_events ||
	    (fake_drm.lose_mapped && shows_mapped(fake_objects)) ||
	    fake_drm.now_ns < head->due_ns)
		return;
	head->pending = false;
	head->event_ready = true;
	head->flips++;
}

void fake_drm_pass(int64_t ns)
{
	int i;

	/* of the thread whose turn it is; another may ask for the time */
	__atomic_store_n(&fake_drm.now_ns, fake_drm.now_ns + ns,
			 __ATOMIC_RELAXED);
	for (i = 0; i < FAKE_CRTCS; i++)
		settle(&fake_drm.head[i]);
}

static int64_t next_refresh(void)
{
	return (fake_drm.now_ns / FAKE_PERIOD_NS + 1) * FAKE_PERIOD_NS;
}

int64_t clock_now_ns(void)
{
	return __atomic_load_n(&fake_drm.now_ns, __ATOMIC_RELAXED);
}

void clock_pause(int64_t pause_ns)
{
	fake_drm_pass(pause_ns);
}

/* ---- commits ---------------------------------------------------------------- */

static int check_plane(struct fake_object *objects, uint32_t id)
{
	const struct fake_fb *fb =
		fake_fb((uint32_t)named(objects, id, "FB_ID")->value);
	uint64_t src_w = named(objects, id, "SRC_W")->value >> 16;
	uint64_t src_h = named(objects, id, "SRC_H")->value >> 16;
	uint64_t w = named(objects, id, "CRTC_W")->value;
	uint64_t h = named(objects, id, "CRTC_H")->value;
	uint64_t turned = named(objects, id, "rotation")->value & 0xa;
	uint32_t crtc;

	if (!fb)
		return named(objects, id, "FB_ID")->value ? -ENOENT : 0;
	if (turned && fake_drm.no_turn)
		return -EINVAL;
	if (src_w > fb->width || src_h > fb->height)
		return -ENOSPC;
	if (!fake_drm.can_scale &&
	    (turned ? src_w != h || src_h != w : src_w != w || src_h != h))
		return -ERANGE;
	crtc = (uint32_t)named(objects, id, "CRTC_ID")->value;
	return crtc && named(objects, crtc, "ACTIVE")->value ? 0 : -EINVAL;
}

/* A link that is too slow for what the display lists. */
static bool is_too_quick(struct fake_object *objects, uint32_t crtc,
			 uint32_t flags)
{
	const drmModeModeInfo *mode =
		fake_blob((uint32_t)named(objects, crtc, "MODE_ID")->value);
	uint32_t limit = flags & DRM_MODE_ATOMIC_TEST_ONLY || !fake_drm.show_clock
				 ? fake_drm.test_clock
				 : fake_drm.show_clock;

	return mode && limit && mode->clock > limit;
}

static int check_crtc(struct fake_object *objects, uint32_t crtc,
		      uint32_t flags)
{
	bool modeset = named(objects, crtc, "MODE_ID")->value !=
			       fake_drm_value(crtc, "MODE_ID") ||
		       named(objects, crtc, "ACTIVE")->value !=
			       fake_drm_value(crtc, "ACTIVE");

	if (modeset && !(flags & DRM_MODE_ATOMIC_ALLOW_MODESET))
		return -EINVAL;
	if (named(objects, crtc, "ACTIVE")->value &&
	    !fake_blob((uint32_t)named(objects, crtc, "MODE_ID")->value))
		return -EINVAL;
	/* nothing to drive */
	if (crtc == FAKE_SECOND_CRTC && named(objects, crtc, "ACTIVE")->value &&
	    named(objects, FAKE_CONNECTOR, "CRTC_ID")->value != crtc &&
	    named(objects, FAKE_SECOND, "CRTC_ID")->value != crtc)
		return -EINVAL;
	return is_too_quick(objects, crtc, flags) ? -EINVAL : 0;
}

static int check(struct fake_object *objects, uint32_t flags)
{
	static const uint32_t planes[] = {FAKE_PRIMARY, FAKE_OVERLAY,
					  FAKE_CURSOR, FAKE_SECOND_PRIMARY};
	int error = check_crtc(objects, FAKE_CRTC, flags);
	size_t i;

	if (!error)
		error = check_crtc(objects, FAKE_SECOND_CRTC, flags);
	/* as the kernel's core from 6.15 on */
	if (named(objects, FAKE_CONNECTOR, "CRTC_ID")->value &&
	    named(objects, FAKE_CONNECTOR, "CRTC_ID")->value ==
		    named(objects, FAKE_SECOND, "CRTC_ID")->value)
		return -EINVAL;
	for (i = 0; i < sizeof(planes) / sizeof(planes[0]) && !error; i++)
		error = check_plane(objects, planes[i]);
	return error;
}

/* Whether the request may change this property at all. */
static int check_value(const struct fake_property *property, uint64_t value,
		       uint32_t flags)
{
	if (property->value == value)
		return 0;
	if (fake_drm.refused && !strcmp(fake_drm.refused, property->name))
		return -EINVAL;
	if (fake_drm.lies && !strcmp(fake_drm.lies, property->name) &&
	    !(flags & DRM_MODE_ATOMIC_TEST_ONLY))
		return -EINVAL;
	if (property->flags & DRM_MODE_PROP_BLOB && value &&
	    !fake_blob_exists(value))
		return -ENOENT;
	return 0;
}

/* The values of a request, into a copy of the objects. */
static int apply(struct fake_object *objects, const struct drm_mode_atomic *a)
{
	const uint32_t *ids = (const void *)(uintptr_t)a->objs_ptr;
	const uint32_t *counts = (const void *)(uintptr_t)a->count_props_ptr;
	const uint32_t *props = (const void *)(uintptr_t)a->props_ptr;
	const uint64_t *values = (const void *)(uintptr_t)a->prop_values_ptr;
	uint32_t i, j, at = 0;
	int error;

	memcpy(objects, fake_objects, sizeof(fake_objects));
	for (i = 0; i < a->count_objs; i++)
		for (j = 0; j < counts[i]; j++, at++) {
			if (!fake_property(props[at]) ||
			    props[at] / 100 != ids[i])
				return -ENOENT;
			error = check_value(fake_property(props[at]),
					    values[at], a->flags);
			if (error)
				return error;
			named(objects, ids[i], fake_property(props[at])->name)
				->value = values[at];
		}
	return 0;
}

/* The primary plane's picture is memory that a device has mapped. */
static bool shows_mapped(struct fake_object *objects)
{
	const struct fake_fb *fb =
		fake_fb((uint32_t)named(objects, FAKE_PRIMARY, "FB_ID")->value);

	return fb && fake_device_has(fb->memory);
}

/* The CRTC of an object as it is now; NULL: none. */
static struct fake_head *head_of(struct fake_object *objects, uint32_t id)
{
	uint32_t crtc = fake_object(id)->type == DRM_MODE_OBJECT_CRTC
				? id
				: (uint32_t)named(objects, id, "CRTC_ID")->value;

	return crtc ? &fake_drm.head[crtc - FAKE_CRTC] : NULL;
}

/* Which CRTCs a commit has to do with, by bit. */
static uint32_t heads_of(struct fake_object *objects,
			 const struct drm_mode_atomic *a)
{
	const uint32_t *ids = (const void *)(uintptr_t)a->objs_ptr;
	const struct fake_head *head;
	uint32_t i, heads = 0;

	for (i = 0; i < a->count_objs; i++) {
		head = head_of(objects, ids[i]);
		if (head)
			heads |= 1u << (head - fake_drm.head);
		head = head_of(fake_objects, ids[i]);
		if (head)
			heads |= 1u << (head - fake_drm.head);
	}
	return heads;
}

static int commit_flip(struct fake_object *objects, struct fake_head *head,
		       uint64_t token)
{
	settle(head);
	if (head->pending) {
		fake_drm.busy++;
		return -EBUSY;
	}
	if (head->flip_error)
		return -head->flip_error;
	if (shows_mapped(objects) && fake_drm.mapped_flip_error)
		return -fake_drm.mapped_flip_error;
	fake_scanout_flips(FAKE_CRTC + (uint32_t)(head - fake_drm.head));
	memcpy(fake_objects, objects, sizeof(fake_objects));
	fake_scanout_apply();
	head->pending = true;
	head->token = token;
	head->due_ns = fake_drm.vblank == FAKE_NO_DISPLAY ? fake_drm.now_ns
							   : next_refresh();
	settle(head);
	return 0;
}

static void finish_flip(struct fake_head *head)
{
	fake_drm_pass(head->pending && head->lose_events ? TIMED_OUT_NS : 0);
	if (!head->lose_events && head->pending)
		fake_drm_pass(head->due_ns - fake_drm.now_ns);
	head->pending = false;
}

static int commit_show(struct fake_object *objects, uint32_t heads,
		       uint32_t flags)
{
	int i;

	for (i = 0; i < FAKE_CRTCS; i++)
		if (heads & 1u << i && fake_drm.head[i].show_error)
			return -fake_drm.head[i].show_error;
	if (shows_mapped(objects) && fake_drm.mapped_show_error)
		return -fake_drm.mapped_show_error;
	for (i = 0; i < FAKE_CRTCS; i++)
		if (heads & 1u << i)
			finish_flip(&fake_drm.head[i]);
	memcpy(fake_objects, objects, sizeof(fake_objects));
	for (i = 0; i < FAKE_CRTCS; i++)
		if (heads & 1u << i)
			fake_scanout_settles(FAKE_CRTC + (uint32_t)i);
	if (flags & DRM_MODE_ATOMIC_ALLOW_MODESET) {
		fake_drm.modesets++;
		if (!fake_drm_value(FAKE_CONNECTOR, "link-status"))
			fake_drm.link_bad = false;
	}
	fake_drop_blobs();
	fake_drm.shows++;
	fake_drm_pass(next_refresh() - fake_drm.now_ns);
	return 0;
}

static int commit(const struct drm_mode_atomic *a)
{
	static struct fake_object objects[FAKE_OBJECTS];
	uint32_t heads;
	int error;

	fake_scanout_check();
	if (fake_drm.other_master)
		return -EACCES;
	if (fake_drm.eintr) {
		fake_drm.eintr--;
		return -EINTR;
	}
	error = apply(objects, a);
	if (!error)
		error = check(objects, a->flags);
	if (error)
		return error;
	if (a->flags & DRM_MODE_ATOMIC_TEST_ONLY) {
		fake_drm.tests++;
		return shows_mapped(objects) && fake_drm.mapped_test_error
			       ? -fake_drm.mapped_test_error
			       : -fake_drm.test_error;
	}
	fake_drm.commits++;
	heads = heads_of(objects, a);
	if (!(a->flags & DRM_MODE_ATOMIC_NONBLOCK))
		return commit_show(objects, heads, a->flags);
	/* an event for each CRTC, with one token: the driver asks for one */
	if (heads & (heads - 1))
		return -EINVAL;
	return commit_flip(objects, &fake_drm.head[heads >> 1],
			   a->user_data);
}

/* ---- drivers/display/kms/node.h ---------------------------------------------- */

void kms_node_list(struct kms_node_list *list)
{
	list->count = 0;
	if (fake_drm.other_path)
		snprintf(list->path[list->count++], KMS_PATH_MAX, "%s",
			 fake_drm.other_path);
	if (fake_drm.path && !fake_drm.gone)
		snprintf(list->path[list->count++], KMS_PATH_MAX, "%s",
			 fake_drm.path);
}

bool kms_node_has_module(const char *name)
{
	return fake_drm.module && !strcmp(fake_drm.module, name);
}

int kms_node_inherited(uint64_t taken)
{
	int fd = fake_drm.inherited, last = fd + fake_drm.more_inherited;

	while (fd >= 0 && fd <= last && taken & UINT64_C(1) << fd)
		fd++;
	if (fd > last && last >= 0)
		return -EBUSY;
	fake_drm.fds += fd >= 0;
	return fd;
}

bool kms_node_is(int fd, const char *path)
{
	const char *own = fd == FAKE_OTHER_FD ? fake_drm.other_path
					      : fake_drm.path;

	return own && (!strcmp(path, own) ||
		       (fake_drm.by_path && fd != FAKE_OTHER_FD &&
			!strcmp(path, fake_drm.by_path)));
}

int kms_node_open(const char *path)
{
	if (fake_fails())
		return fake_drm.gone ? -ENOENT : -errno;
	if (fake_drm.other_path && !strcmp(path, fake_drm.other_path)) {
		fake_drm.fds++;
		return FAKE_OTHER_FD;
	}
	if (!fake_drm.path || strcmp(path, fake_drm.path))
		return -ENOENT;
	if (fake_drm.no_open)
		return -EACCES;
	fake_drm.fds++;
	return FD;
}

/* The last close ends what was on view, and every framebuffer and blob. */
void kms_node_close(int fd)
{
	uint32_t i;

	(void)fd;
	fake_drm.fds--;
	if (!fake_drm.gone)
		return;
	for (i = 0; i < FAKE_FBS_MAX; i++)
		fake_drm.fb[i].id = fake_drm.fb[i].pitch = 0;
	fake_drm.fbs = fake_drm.blobs = 0;
	for (i = 0; i < FAKE_CRTCS; i++)
		fake_drm.head[i].pending = fake_drm.head[i].event_ready = false;
	memcpy(fake_objects, objects_at_start, sizeof(fake_objects));
	settle_all();
	fake_forget_blobs();
}

/* Until AddFB2 a buffer's width holds its handle. */
static int create_dumb(struct drm_mode_create_dumb *create)
{
	static uint32_t next = 1;
	uint32_t i;

	for (i = 0; i < FAKE_FBS_MAX; i++)
		if (!fake_drm.fb[i].id && !fake_drm.fb[i].pitch)
			break;
	if (i == FAKE_FBS_MAX)
		return -ENOMEM;
	fake_memory_give(&fake_drm.fb[i]);
	create->handle = next++;
	create->pitch = create->width * create->bpp / 8;
	create->size = (uint64_t)create->pitch * create->height;
	fake_drm.fb[i] = (struct fake_fb){
		.width = create->handle,
		.handle = create->handle,
		.pitch = create->pitch,
	};
	fake_memory_take(&fake_drm.fb[i], create->size);
	fake_drm.handles++;
	return 0;
}

static struct fake_fb *by_handle(uint32_t handle)
{
	uint32_t i;

	for (i = 0; i < FAKE_FBS_MAX; i++)
		if (!fake_drm.fb[i].id && fake_drm.fb[i].pitch &&
		    fake_drm.fb[i].width == handle)
			return &fake_drm.fb[i];
	return NULL;
}

/* What has this handle, with a framebuffer or without. */
static struct fake_fb *exported(uint32_t handle)
{
	uint32_t i;

	for (i = 0; handle && i < FAKE_FBS_MAX; i++)
		if (fake_drm.fb[i].handle == handle)
			return &fake_drm.fb[i];
	return NULL;
}

static int export(struct drm_prime_handle *prime)
{
	const struct fake_fb *fb = exported(prime->handle);

	if (fake_drm.no_prime)
		return -ENOSYS;
	if (!fb)
		return -ENOENT;
	if (prime->flags != (DRM_CLOEXEC | DRM_RDWR))
		return -EINVAL;
	fake_drm.exports++;
	prime->fd = FAKE_EXPORT_FD + (int)(fb - fake_drm.fb);
	return 0;
}

/* A handle more for a buffer that is there. */
static int import(struct drm_prime_handle *prime)
{
	int at = prime->fd - FAKE_EXPORT_FD;

	if (fake_drm.no_prime_in)
		return -ENODEV;
	if (at < 0 || at >= FAKE_FBS_MAX || !fake_drm.fb[at].handle)
		return -EBADF;
	prime->handle = fake_drm.fb[at].handle;
	fake_drm.handles++;
	return 0;
}

int kms_node_ioctl(int fd, unsigned long request, void *arg)
{
	const struct drm_mode_destroy_dumb *destroy = arg;
	struct drm_mode_map_dumb *map = arg;
	struct fake_fb *fb;

	(void)fd;
	if (request == DRM_IOCTL_MODE_DESTROY_DUMB) {
		fake_drm.handles--;
		fb = exported(destroy->handle);
		if (fb)
			fb->handle = 0;
		fb = by_handle(destroy->handle);
		if (fb)
			fb->pitch = 0;
		return 0;
	}
	if (request == DRM_IOCTL_GEM_CLOSE) {
		fake_drm.handles--;
		return 0;
	}
	if (fake_fails())
		return -errno;
	switch (request) {
	case DRM_IOCTL_PRIME_FD_TO_HANDLE:
		return import(arg);
	case DRM_IOCTL_MODE_CREATE_DUMB:
		return create_dumb(arg);
	case DRM_IOCTL_MODE_MAP_DUMB:
		map->offset = map->handle;
		return 0;
	case DRM_IOCTL_MODE_ATOMIC:
		return commit(arg);
	case DRM_IOCTL_PRIME_HANDLE_TO_FD:
		return export(arg);
	}
	return -ENOTTY;
}

static void take_event(struct fake_head *head, struct drm_event_vblank *event)
{
	uint32_t crtc = FAKE_CRTC + (uint32_t)(head - fake_drm.head);
	int64_t time_ns = head->due_ns;

	head->event_ready = false;
	if (!head->pending)
		fake_scanout_settles(crtc);
	*event = (struct drm_event_vblank){
		.base = {DRM_EVENT_FLIP_COMPLETE, sizeof(*event)},
		.user_data = head->token,
		.tv_sec = (uint32_t)(time_ns / NS_PER_SECOND),
		.tv_usec = (uint32_t)(time_ns % NS_PER_SECOND / NS_PER_US),
		.crtc_id = head->wrong_crtc ? FAKE_CRTC + FAKE_SECOND_CRTC - crtc
					    : crtc,
	};
	if (fake_drm.vblank == FAKE_VBLANK)
		event->sequence = (uint32_t)(time_ns / FAKE_PERIOD_NS);
}

ssize_t kms_node_read(int fd, void *data, size_t bytes)
{
	struct drm_event_vblank *event = data;
	size_t i, count = 0;

	(void)fd;
	fake_drm.reads++;
	fake_scanout_check();
	for (i = 0; i < FAKE_CRTCS; i++) {
		struct fake_head *head =
			&fake_drm.head[fake_drm.newest_first ? FAKE_CRTCS - 1 - i
							     : i];

		settle(head);
		if (head->event_ready && (count + 1) * sizeof(*event) <= bytes)
			take_event(head, &event[count++]);
	}
	return (ssize_t)(count * sizeof(*event));
}

static bool has_event(void)
{
	int i;

	for (i = 0; i < FAKE_CRTCS; i++)
		if (fake_drm.head[i].event_ready)
			return true;
	return false;
}

int kms_node_wait(int fd, int timeout_ms)
{
	int i;

	(void)fd;
	if (fake_fails())
		return -errno;
	for (i = 0; i < FAKE_CRTCS && !has_event(); i++) {
		struct fake_head *head = &fake_drm.head[i];

		settle(head);
		if (head->pending && !head->lose_events)
			fake_drm_pass(head->due_ns - fake_drm.now_ns);
	}
	if (!has_event())
		fake_drm_pass(timeout_ms * NS_PER_MS);
	if (fake_drm.late_wait && !--fake_drm.late_wait)
		fake_drm_pass(fake_drm.late_ns);
	return has_event();
}

int kms_node_map(int fd, uint64_t offset, size_t bytes, void **base)
{
	struct fake_fb *fb = by_handle((uint32_t)offset);

	(void)fd;
	(void)bytes;
	if (fake_fails())
		return -errno;
	if (!fb)
		return -EINVAL;
	*base = fb->memory;
	fake_drm.maps++;
	return 0;
}

void kms_node_unmap(void *base, size_t bytes)
{
	(void)bytes;
	fake_memory_unmap(base);
	fake_drm.maps--;
}

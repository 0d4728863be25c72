/*
 * tests/fakes/drm_mode.c: libdrm's functions on the fake device. See drm.h.
 */
#include <drm_fourcc.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fakes/drm_memory.h"
#include "tests/fakes/drm_state.h"

#define ENCODER	  45u /* a connector's: FAKE_CONNECTOR's, then the next */
#define BLOBS_MAX 64
#define BLOB_BYTES 256

/* used: it exists; made: somebody holds it, beside the properties. */
static struct {
	unsigned char data[BLOB_BYTES];
	size_t bytes;
	bool used, made;
} blobs[BLOBS_MAX];

/* Everything that libdrm allocates comes from here and goes to give(). */
static void *take(size_t count, size_t bytes)
{
	fake_drm.objects++;
	return calloc(count ? count : 1, bytes);
}

static void give(void *object)
{
	if (object)
		fake_drm.objects--;
	free(object);
}

static uint32_t *ids(uint32_t a, uint32_t b)
{
	uint32_t *list = take(4, sizeof(*list));

	list[0] = a;
	list[1] = b;
	return list;
}

drmVersionPtr drmGetVersion(int fd)
{
	const char *driver = fd == FAKE_OTHER_FD ? fake_drm.other_driver
						 : fake_drm.driver;
	drmVersionPtr version;

	if (fake_fails())
		return NULL;
	version = take(1, sizeof(*version));
	version->name = (char *)(uintptr_t)driver;
	version->name_len = (int)strlen(driver);
	return version;
}

void drmFreeVersion(drmVersionPtr version)
{
	give(version);
}

int drmSetClientCap(int fd, uint64_t capability, uint64_t value)
{
	(void)fd;
	(void)value;
	if (fake_fails())
		return -errno;
	return capability == DRM_CLIENT_CAP_ATOMIC && fake_drm.legacy
		       ? -EOPNOTSUPP
		       : 0;
}

int drmGetCap(int fd, uint64_t capability, uint64_t *value)
{
	(void)fd;
	if (fake_fails())
		return -errno;
	*value = capability != DRM_CAP_DUMB_BUFFER || !fake_drm.no_dumb;
	return 0;
}

int drmIsMaster(int fd)
{
	(void)fd;
	return !fake_drm.other_master;
}

int drmSetMaster(int fd)
{
	(void)fd;
	return fake_drm.other_master ? -EBUSY : 0;
}

drmModeResPtr drmModeGetResources(int fd)
{
	bool no_crtc = fd == FAKE_OTHER_FD ? fake_drm.other_no_crtc
					   : fake_drm.no_crtc;
	drmModeResPtr resources;

	if (fake_fails())
		return NULL;
	resources = take(1, sizeof(*resources));
	resources->count_crtcs = no_crtc		      ? 0
				 : fake_drm.has_second_crtc ? FAKE_CRTCS
							    : 1;
	resources->crtcs = ids(FAKE_CRTC, FAKE_SECOND_CRTC);
	resources->count_connectors = no_crtc		   ? 0
				      : fake_drm.has_second ? 2
							    : 1;
	resources->connectors = ids(FAKE_CONNECTOR, FAKE_SECOND);
	return resources;
}

void drmModeFreeResources(drmModeResPtr resources)
{
	if (!resources)
		return;
	give(resources->crtcs);
	give(resources->connectors);
	give(resources);
}

static drmModeConnection status_of(int fd, uint32_t id)
{
	if (fd == FAKE_OTHER_FD && fake_drm.other_dark)
		return DRM_MODE_DISCONNECTED;
	return id == FAKE_SECOND && fake_drm.second_status
		       ? fake_drm.second_status
		       : fake_drm.status;
}

drmModeConnectorPtr drmModeGetConnector(int fd, uint32_t id)
{
	drmModeConnectorPtr info;
	size_t modes = (size_t)fake_drm.mode_count;

	if (fake_fails())
		return NULL;
	if (id != FAKE_CONNECTOR && !(fake_drm.has_second &&
				      id == FAKE_SECOND)) {
		errno = ENOENT;
		return NULL;
	}
	info = take(1, sizeof(*info));
	info->connector_id = id;
	info->connector_type = DRM_MODE_CONNECTOR_HDMIA;
	info->connector_type_id = id - FAKE_CONNECTOR + 1;
	info->connection = status_of(fd, id);
	if (info->connection == DRM_MODE_DISCONNECTED)
		modes = 0;
	info->count_modes = (int)modes;
	info->modes = take(modes, sizeof(*info->modes));
	if (modes)
		memcpy(info->modes, fake_drm.mode, modes * sizeof(*info->modes));
	info->count_encoders = 1;
	info->encoders = ids(ENCODER + id - FAKE_CONNECTOR, 0);
	info->encoder_id = fake_property(id * 100)->value
				   ? info->encoders[0]
				   : 0;
	return info;
}

drmModeConnectorPtr drmModeGetConnectorCurrent(int fd, uint32_t id)
{
	return drmModeGetConnector(fd, id);
}

void drmModeFreeConnector(drmModeConnectorPtr info)
{
	if (!info)
		return;
	give(info->modes);
	give(info->encoders);
	give(info);
}

drmModeEncoderPtr drmModeGetEncoder(int fd, uint32_t id)
{
	drmModeEncoderPtr encoder;

	(void)fd;
	if (fake_fails())
		return NULL;
	encoder = take(1, sizeof(*encoder));
	encoder->encoder_id = id;
	encoder->possible_crtcs = fake_drm.has_second_crtc ? 3 : 1;
	encoder->crtc_id = (uint32_t)fake_drm_value(
		id - ENCODER + FAKE_CONNECTOR, "CRTC_ID");
	return encoder;
}

void drmModeFreeEncoder(drmModeEncoderPtr encoder)
{
	give(encoder);
}

drmModeCrtcPtr drmModeGetCrtc(int fd, uint32_t id)
{
	const drmModeModeInfo *mode;
	drmModeCrtcPtr crtc;

	(void)fd;
	if (fake_fails())
		return NULL;
	crtc = take(1, sizeof(*crtc));
	crtc->crtc_id = id;
	mode = fake_blob((uint32_t)fake_drm_value(id, "MODE_ID"));
	crtc->mode_valid = mode != NULL;
	if (mode)
		crtc->mode = *mode;
	return crtc;
}

void drmModeFreeCrtc(drmModeCrtcPtr crtc)
{
	give(crtc);
}

drmModePlaneResPtr drmModeGetPlaneResources(int fd)
{
	drmModePlaneResPtr planes;

	(void)fd;
	if (fake_fails())
		return NULL;
	planes = take(1, sizeof(*planes));
	planes->count_planes = 2;
	planes->planes = ids(FAKE_PRIMARY, FAKE_OVERLAY);
	if (fake_drm.has_cursor)
		planes->planes[planes->count_planes++] = FAKE_CURSOR;
	if (fake_drm.has_second_crtc)
		planes->planes[planes->count_planes++] = FAKE_SECOND_PRIMARY;
	return planes;
}

void drmModeFreePlaneResources(drmModePlaneResPtr planes)
{
	if (!planes)
		return;
	give(planes->planes);
	give(planes);
}

drmModePlanePtr drmModeGetPlane(int fd, uint32_t id)
{
	drmModePlanePtr plane;

	(void)fd;
	if (fake_fails())
		return NULL;
	plane = take(1, sizeof(*plane));
	plane->plane_id = id;
	plane->possible_crtcs = id == FAKE_SECOND_PRIMARY ? 2 : 1;
	plane->crtc_id = (uint32_t)fake_drm_value(id, "CRTC_ID");
	plane->count_formats = fake_drm.only_format ? 1 : 2;
	plane->formats = ids(fake_drm.only_format ? fake_drm.only_format
						  : DRM_FORMAT_RGB565,
			     DRM_FORMAT_XRGB8888);
	return plane;
}

void drmModeFreePlane(drmModePlanePtr plane)
{
	if (!plane)
		return;
	give(plane->formats);
	give(plane);
}

drmModeObjectPropertiesPtr drmModeObjectGetProperties(int fd, uint32_t id,
						      uint32_t type)
{
	const struct fake_object *object = fake_object(id);
	drmModeObjectPropertiesPtr all;
	uint32_t i;

	(void)fd;
	(void)type;
	if (fake_fails())
		return NULL;
	all = take(1, sizeof(*all));
	all->count_props = object->count;
	all->props = take(object->count, sizeof(*all->props));
	all->prop_values = take(object->count, sizeof(*all->prop_values));
	for (i = 0; i < object->count; i++) {
		all->props[i] = id * 100 + i;
		all->prop_values[i] = object->property[i].value;
		if (!strcmp(object->property[i].name, "link-status"))
			all->prop_values[i] = fake_drm.link_bad;
	}
	return all;
}

void drmModeFreeObjectProperties(drmModeObjectPropertiesPtr all)
{
	if (!all)
		return;
	give(all->props);
	give(all->prop_values);
	give(all);
}

static void fill_names(drmModePropertyPtr property, const char *const *names)
{
	int i;

	for (i = 0; names[i]; i++)
		;
	property->count_enums = i;
	property->enums = take((size_t)i, sizeof(*property->enums));
	for (i = 0; names[i]; i++) {
		property->enums[i].value = (unsigned int)i;
		snprintf(property->enums[i].name,
			 sizeof(property->enums[i].name), "%s", names[i]);
	}
}

/* Rotation takes 0 and 180 degrees; zpos 0 to 7. */
static void fill_values(drmModePropertyPtr property,
			const struct fake_property *fake)
{
	if (fake->names)
		fill_names(property, fake->names);
	if (property->flags & DRM_MODE_PROP_BITMASK) {
		property->count_enums = fake_drm.can_rotate ? 4 : 1;
		property->enums = take(4, sizeof(*property->enums));
		for (int i = 0; i < property->count_enums; i++)
			property->enums[i].value = (unsigned int)i;
	}
	if (property->flags & DRM_MODE_PROP_RANGE) {
		property->count_values = 2;
		property->values = take(2, sizeof(*property->values));
		property->values[1] = fake->max ? fake->max : 7;
	}
}

drmModePropertyPtr drmModeGetProperty(int fd, uint32_t id)
{
	const struct fake_property *fake = fake_property(id);
	drmModePropertyPtr property;

	(void)fd;
	if (fake_fails())
		return NULL;
	property = take(1, sizeof(*property));
	property->prop_id = id;
	property->flags = fake->flags;
	snprintf(property->name, sizeof(property->name), "%s", fake->name);
	fill_values(property, fake);
	return property;
}

void drmModeFreeProperty(drmModePropertyPtr property)
{
	if (!property)
		return;
	give(property->enums);
	give(property->values);
	give(property);
}

int drmModeCreatePropertyBlob(int fd, const void *data, size_t bytes,
			      uint32_t *id)
{
	uint32_t i;

	(void)fd;
	if (fake_fails())
		return -errno;
	for (i = 0; i < BLOBS_MAX && blobs[i].used; i++)
		;
	if (i == BLOBS_MAX || bytes > BLOB_BYTES)
		return -EINVAL;
	memcpy(blobs[i].data, data, bytes);
	blobs[i].bytes = bytes;
	blobs[i].used = blobs[i].made = true;
	fake_drm.blobs++;
	*id = i + 1;
	return 0;
}

static bool has_blob(uint32_t id)
{
	uint32_t i, k;

	for (i = 0; i < FAKE_OBJECTS; i++)
		for (k = 0; k < fake_objects[i].count; k++)
			if (fake_objects[i].property[k].flags &
				    DRM_MODE_PROP_BLOB &&
			    fake_objects[i].property[k].value == id)
				return true;
	return false;
}

void fake_drop_blobs(void)
{
	uint32_t i;

	for (i = 0; i < BLOBS_MAX; i++)
		if (!blobs[i].made && !has_blob(i + 1))
			blobs[i].used = false;
}

/* What a property has stays readable, as the kernel's objects keep it. */
int drmModeDestroyPropertyBlob(int fd, uint32_t id)
{
	(void)fd;
	if (!id || id > BLOBS_MAX || !blobs[id - 1].made)
		return -ENOENT;
	blobs[id - 1].made = false;
	fake_drop_blobs();
	fake_drm.blobs--;
	return 0;
}

uint32_t fake_drm_left_blob(const void *data, size_t bytes)
{
	uint32_t id = 0;

	if (drmModeCreatePropertyBlob(0, data, bytes, &id))
		abort();
	blobs[id - 1].made = false;
	fake_drm.blobs--;
	return id;
}

bool fake_blob_exists(uint64_t id)
{
	return id && id <= BLOBS_MAX && blobs[id - 1].used;
}

const void *fake_drm_blob(uint64_t id, size_t *bytes)
{
	if (!fake_blob_exists(id))
		return NULL;
	*bytes = blobs[id - 1].bytes;
	return blobs[id - 1].data;
}

drmModePropertyBlobPtr drmModeGetPropertyBlob(int fd, uint32_t id)
{
	drmModePropertyBlobPtr blob;

	(void)fd;
	if (fake_fails() || !fake_blob_exists(id))
		return NULL;
	blob = take(1, sizeof(*blob));
	blob->id = id;
	blob->length = (uint32_t)blobs[id - 1].bytes;
	blob->data = blobs[id - 1].data;
	return blob;
}

void drmModeFreePropertyBlob(drmModePropertyBlobPtr blob)
{
	give(blob);
}

const drmModeModeInfo *fake_blob(uint32_t id)
{
	static drmModeModeInfo mode;

	if (!fake_blob_exists(id) || blobs[id - 1].bytes != sizeof(mode))
		return NULL;
	memcpy(&mode, blobs[id - 1].data, sizeof(mode));
	return &mode;
}

void fake_forget_blobs(void)
{
	memset(blobs, 0, sizeof(blobs));
}

int drmModeAddFB2(int fd, uint32_t width, uint32_t height, uint32_t fourcc,
		  const uint32_t handles[4], const uint32_t pitches[4],
		  const uint32_t offsets[4], uint32_t *id, uint32_t flags)
{
	static uint32_t next = 200;
	uint32_t i;

	(void)fd;
	(void)flags;
	(void)offsets;
	if (fake_fails())
		return -errno;
	if (pitches[0] % 256)
		return -EINVAL; /* as nvidia-drm */
	for (i = 0; i < FAKE_FBS_MAX; i++)
		if (!fake_drm.fb[i].id && fake_drm.fb[i].pitch &&
		    fake_drm.fb[i].width == handles[0])
			break;
	if (i == FAKE_FBS_MAX)
		return -ENOENT;
	fake_drm.fb[i].id = next++;
	fake_drm.fb[i].width = width;
	fake_drm.fb[i].height = height;
	fake_drm.fb[i].fourcc = fourcc;
	fake_drm.fbs++;
	*id = fake_drm.fb[i].id;
	return 0;
}

/* A framebuffer that is on view takes its plane with it. */
int drmModeRmFB(int fd, uint32_t id)
{
	static const uint32_t planes[] = {FAKE_PRIMARY, FAKE_OVERLAY,
					  FAKE_CURSOR, FAKE_SECOND_PRIMARY};
	struct fake_fb *fb = fake_fb(id);
	size_t i;

	(void)fd;
	if (!fb)
		return -ENOENT;
	for (i = 0; i < sizeof(planes) / sizeof(planes[0]); i++)
		if (fake_drm_value(planes[i], "FB_ID") == id) {
			fake_object(planes[i])->property[0].value = 0;
			fake_object(planes[i])->property[1].value = 0;
		}
	fb->id = 0;
	fb->pitch = 0;
	fake_scanout_apply();
	fake_drm.fbs--;
	return 0;
}

int drmCrtcGetSequence(int fd, uint32_t crtc, uint64_t *sequence, uint64_t *ns)
{
	(void)fd;
	(void)crtc;
	if (fake_drm.vblank != FAKE_VBLANK)
		return -EOPNOTSUPP;
	*sequence = (uint64_t)(fake_drm.now_ns / FAKE_PERIOD_NS);
	*ns = *sequence * (uint64_t)FAKE_PERIOD_NS;
	return 0;
}

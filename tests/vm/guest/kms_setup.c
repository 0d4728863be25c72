/*
 * kms_setup: finds the device, its pipe and its property ids (kms.h).
 * Read kms.c for what is then done with them.
 */
#include "kms.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define OBJECTS_MAX 16

struct wanted_prop {
	enum kms_prop prop;
	const char *name;
};

static const struct wanted_prop crtc_props[] = {
	{KMS_CRTC_MODE_ID, "MODE_ID"},
	{KMS_CRTC_ACTIVE, "ACTIVE"},
};

static const struct wanted_prop connector_props[] = {
	{KMS_CONN_CRTC_ID, "CRTC_ID"},
	{KMS_CONN_LINK_STATUS, "link-status"},
};

static const struct wanted_prop writeback_props[] = {
	{KMS_WB_CRTC_ID, "CRTC_ID"},
	{KMS_WB_FB_ID, "WRITEBACK_FB_ID"},
	{KMS_WB_OUT_FENCE, "WRITEBACK_OUT_FENCE_PTR"},
};

static const struct wanted_prop plane_props[] = {
	{KMS_PLANE_FB_ID, "FB_ID"},   {KMS_PLANE_CRTC_ID, "CRTC_ID"},
	{KMS_PLANE_SRC_X, "SRC_X"},   {KMS_PLANE_SRC_Y, "SRC_Y"},
	{KMS_PLANE_SRC_W, "SRC_W"},   {KMS_PLANE_SRC_H, "SRC_H"},
	{KMS_PLANE_CRTC_X, "CRTC_X"}, {KMS_PLANE_CRTC_Y, "CRTC_Y"},
	{KMS_PLANE_CRTC_W, "CRTC_W"}, {KMS_PLANE_CRTC_H, "CRTC_H"},
};

/* Calls back for each property of an object, until it returns false. */
static int each_prop(int fd, uint32_t object,
		     bool (*visit)(void *arg, const char *name, uint32_t id,
				   uint64_t value),
		     void *arg)
{
	uint32_t ids[64];
	uint64_t values[64];
	struct drm_mode_obj_get_properties get = {
		.props_ptr = (uintptr_t)ids,
		.prop_values_ptr = (uintptr_t)values,
		.count_props = 64,
		.obj_id = object,
	};
	int err = kms_ioctl(fd, DRM_IOCTL_MODE_OBJ_GETPROPERTIES, &get);

	for (uint32_t i = 0; !err && i < get.count_props && i < 64; i++) {
		struct drm_mode_get_property prop = {.prop_id = ids[i]};

		err = kms_ioctl(fd, DRM_IOCTL_MODE_GETPROPERTY, &prop);
		if (!err && !visit(arg, prop.name, ids[i], values[i]))
			break;
	}
	return err;
}

struct resolve {
	const struct wanted_prop *rows;
	size_t count;
	uint32_t *out;
};

static bool resolve_one(void *arg, const char *name, uint32_t id,
			uint64_t value)
{
	const struct resolve *r = arg;

	(void)value;
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->rows[i].name, name) == 0)
			r->out[r->rows[i].prop] = id;
	return true;
}

static bool read_type(void *arg, const char *name, uint32_t id, uint64_t value)
{
	(void)id;
	if (strcmp(name, "type") != 0)
		return true;
	*(uint64_t *)arg = value;
	return false;
}

struct find_value {
	uint32_t id;
	int value;
};

static bool take_value(void *arg, const char *name, uint32_t id, uint64_t value)
{
	struct find_value *find = arg;

	(void)name;
	if (id == find->id)
		find->value = (int)value;
	return id != find->id;
}

int kms_link_status(const struct kms *kms)
{
	struct find_value find = {kms->prop[KMS_CONN_LINK_STATUS], -ENOENT};
	int err = each_prop(kms->fd, kms->connector_id, take_value, &find);

	return err ? err : find.value;
}

static int resolve(struct kms *kms, uint32_t object,
		   const struct wanted_prop *rows, size_t count)
{
	struct resolve r = {rows, count, kms->prop};

	return object ? each_prop(kms->fd, object, resolve_one, &r) : 0;
}

static int resolve_all(struct kms *kms)
{
	const struct {
		uint32_t object;
		const struct wanted_prop *rows;
		size_t count;
	} sets[] = {
		{kms->crtc_id, crtc_props, 2},
		{kms->connector_id, connector_props, 2},
		{kms->writeback_id, writeback_props, 3},
		{kms->plane_id, plane_props, 10},
	};
	int err = 0;

	for (size_t i = 0; !err && i < 4; i++)
		err = resolve(kms, sets[i].object, sets[i].rows, sets[i].count);
	return err;
}

static int read_connector(const struct kms *kms, uint32_t id, bool force,
			  struct drm_mode_get_connector *get,
			  struct drm_mode_modeinfo *modes, uint32_t capacity)
{
	uint32_t encoders[OBJECTS_MAX];
	struct drm_mode_get_connector ask = {.connector_id = id};
	int err;

	if (force) {
		err = kms_ioctl(kms->fd, DRM_IOCTL_MODE_GETCONNECTOR, &ask);
		if (err)
			return err;
	}
	memset(get, 0, sizeof(*get));
	get->connector_id = id;
	get->modes_ptr = (uintptr_t)modes;
	get->count_modes = capacity;
	get->encoders_ptr = (uintptr_t)encoders;
	get->count_encoders = OBJECTS_MAX;
	return kms_ioctl(kms->fd, DRM_IOCTL_MODE_GETCONNECTOR, get);
}

int kms_read_connector(struct kms *kms, bool force)
{
	struct drm_mode_get_connector get;
	int err = read_connector(kms, kms->connector_id, force, &get,
				 kms->modes, 64);

	if (err)
		return err;
	kms->connected = get.connection == 1;
	kms->mode_count = get.count_modes < 64 ? get.count_modes : 64;
	return 0;
}

const struct drm_mode_modeinfo *kms_find_mode(const struct kms *kms,
					      uint32_t width, uint32_t height)
{
	for (uint32_t i = 0; i < kms->mode_count; i++)
		if (width == 0 || (kms->modes[i].hdisplay == width &&
				   kms->modes[i].vdisplay == height))
			return &kms->modes[i];
	return NULL;
}

/* The primary plane that can feed the chosen CRTC. */
static int find_plane(struct kms *kms)
{
	uint32_t ids[64];
	struct drm_mode_get_plane_res res = {
		.plane_id_ptr = (uintptr_t)ids,
		.count_planes = 64,
	};
	int err = kms_ioctl(kms->fd, DRM_IOCTL_MODE_GETPLANERESOURCES, &res);

	for (uint32_t i = 0; !err && i < res.count_planes; i++) {
		struct drm_mode_get_plane plane = {.plane_id = ids[i]};
		uint64_t type = UINT64_MAX;

		err = kms_ioctl(kms->fd, DRM_IOCTL_MODE_GETPLANE, &plane);
		if (!err)
			err = each_prop(kms->fd, ids[i], read_type, &type);
		if (!err && type == 1 &&
		    (plane.possible_crtcs & 1u << kms->crtc_index)) {
			kms->plane_id = ids[i];
			return 0;
		}
	}
	return err ? err : -ENXIO;
}

static int find_pipe(struct kms *kms)
{
	uint32_t crtcs[OBJECTS_MAX], connectors[OBJECTS_MAX];
	struct drm_mode_card_res res = {
		.crtc_id_ptr = (uintptr_t)crtcs,
		.connector_id_ptr = (uintptr_t)connectors,
		.count_crtcs = OBJECTS_MAX,
		.count_connectors = OBJECTS_MAX,
	};
	int err = kms_ioctl(kms->fd, DRM_IOCTL_MODE_GETRESOURCES, &res);

	if (err)
		return err;
	if (res.count_crtcs == 0 || res.count_connectors == 0)
		return -ENXIO;
	kms->crtc_id = crtcs[0];
	for (uint32_t i = 0; i < res.count_connectors; i++) {
		struct drm_mode_get_connector get;

		err = read_connector(kms, connectors[i], true, &get, kms->modes,
				     64);
		if (err)
			return err;
		if (get.connector_type == DRM_MODE_CONNECTOR_WRITEBACK)
			kms->writeback_id = connectors[i];
		else if (kms->connector_id == 0)
			kms->connector_id = connectors[i];
	}
	err = find_plane(kms);
	if (!err)
		err = resolve_all(kms);
	return err ? err : kms_read_connector(kms, true);
}

int kms_adopt(struct kms *kms, int fd)
{
	static const uint64_t caps[] = {
		DRM_CLIENT_CAP_UNIVERSAL_PLANES,
		DRM_CLIENT_CAP_ATOMIC,
		DRM_CLIENT_CAP_WRITEBACK_CONNECTORS,
	};
	struct drm_version version = {.name_len = 31};
	int err = 0;

	memset(kms, 0, sizeof(*kms));
	kms->fd = fd;
	version.name = kms->driver;
	err = kms_ioctl(fd, DRM_IOCTL_VERSION, &version);
	for (size_t i = 0; !err && i < 3; i++) {
		struct drm_set_client_cap cap = {caps[i], 1};

		err = kms_ioctl(fd, DRM_IOCTL_SET_CLIENT_CAP, &cap);
	}
	return err ? err : find_pipe(kms);
}

static bool driver_matches(int fd, const char *driver)
{
	char name[32] = "";
	struct drm_version version = {.name_len = 31, .name = name};

	return kms_ioctl(fd, DRM_IOCTL_VERSION, &version) == 0 &&
	       (!driver || strcmp(name, driver) == 0);
}

int kms_open(struct kms *kms, const char *driver)
{
	char path[64];

	for (int card = 0; card < 64; card++) {
		int fd, err;

		snprintf(path, sizeof(path), "/dev/dri/card%d", card);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (driver_matches(fd, driver)) {
			err = kms_adopt(kms, fd);
			if (err)
				kms_close(kms);
			return err;
		}
		close(fd);
	}
	kms->fd = -1;
	return -ENOENT;
}

void kms_close(struct kms *kms)
{
	for (int i = 0; i < KMS_FBS; i++)
		kms_fb_destroy(kms->fd, &kms->fb[i]);
	if (kms->fd >= 0)
		close(kms->fd);
	kms->fd = -1;
}

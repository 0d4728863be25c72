/*
 * drivers/display/kms/left.c: see left.h. Which value of a property is neutral
 * is in neutral.c.
 */
#include "drivers/display/kms/left.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/display/kms/neutral.h"
#include "runtime/base/message.h"
#include "runtime/base/text.h"

/* ---- rows ---------------------------------------------------------------- */

/* For what the end puts back. */
static void keep_blob(struct kms_left_row *row, int fd)
{
	drmModePropertyBlobRes *blob =
		drmModeGetPropertyBlob(fd, (uint32_t)row->before);

	if (blob && blob->length) {
		row->blob = malloc(blob->length);
		row->blob_bytes = row->blob ? blob->length : 0;
	}
	if (row->blob)
		memcpy(row->blob, blob->data, blob->length);
	drmModeFreePropertyBlob(blob);
}

static bool has_row(const struct kms_left *left, uint32_t object,
		    uint32_t property)
{
	uint32_t i;

	for (i = 0; i < left->count; i++)
		if (left->row[i].object == object &&
		    left->row[i].property == property)
			return true;
	return false;
}

static void add_row(struct kms_left *left, int fd, uint32_t object,
		    const drmModePropertyRes *property,
		    const struct kms_left_row *values)
{
	struct kms_left_row *row;

	if (has_row(left, object, property->prop_id))
		return;
	row = realloc(left->row, (left->count + 1) * sizeof(*row));
	if (!row)
		return;
	left->row = row;
	row += left->count++;
	*row = *values;
	memcpy(row->name, property->name, sizeof(row->name));
	row->name[sizeof(row->name) - 1] = '\0';
	row->object = object;
	row->property = property->prop_id;
	row->was_then = !left->looked;
	if (property->flags & DRM_MODE_PROP_BLOB && row->before)
		keep_blob(row, fd);
}

static bool is_in_use(const struct kms_device *device, uint32_t object)
{
	return kms_card_is_in_use(device->card, device->claim, object);
}

/* ---- one object ------------------------------------------------------------ */

typedef void left_visit(struct kms_left *left,
			const struct kms_left_scene *scene, uint32_t object,
			const drmModePropertyRes *property, uint64_t value);

static void visit_properties(struct kms_left *left,
			     const struct kms_left_scene *scene,
			     uint32_t object, uint32_t type, left_visit *visit)
{
	int fd = scene->device->fd;
	drmModeObjectProperties *all =
		drmModeObjectGetProperties(fd, object, type);
	uint32_t i;

	for (i = 0; all && i < all->count_props; i++) {
		drmModePropertyRes *property =
			drmModeGetProperty(fd, all->props[i]);

		if (property)
			visit(left, scene, object, property,
			      all->prop_values[i]);
		drmModeFreeProperty(property);
	}
	drmModeFreeObjectProperties(all);
}

static bool value_of(const struct kms_left_scene *scene, uint32_t object,
		     uint32_t type, const char *name, uint64_t *value)
{
	int fd = scene->device->fd;
	drmModeObjectProperties *all =
		drmModeObjectGetProperties(fd, object, type);
	bool found = false;
	uint32_t i;

	for (i = 0; all && i < all->count_props && !found; i++) {
		drmModePropertyRes *property =
			drmModeGetProperty(fd, all->props[i]);

		found = property && !strcmp(property->name, name);
		*value = all->prop_values[i];
		drmModeFreeProperty(property);
	}
	drmModeFreeObjectProperties(all);
	return found;
}

/* Of all that is on, an overlay of ours is on top and what is ours below it at
 * the bottom. */
static bool neutral_zpos(const struct kms_left_scene *scene, uint32_t object,
			 const drmModePropertyRes *property, uint64_t *value)
{
	bool on_top = object == scene->plane->id && scene->plane->overlay;

	if (strcmp(property->name, "zpos") || property->count_values != 2 ||
	    property->flags & DRM_MODE_PROP_IMMUTABLE)
		return false;
	if (on_top && (scene->shared || scene->keeps_zpos))
		return false;
	*value = property->values[on_top];
	return true;
}

static void visit_ours(struct kms_left *left,
		       const struct kms_left_scene *scene, uint32_t object,
		       const drmModePropertyRes *property, uint64_t value)
{
	struct kms_left_row row = {.before = value};

	if ((neutral_zpos(scene, object, property, &row.wanted) ||
	     kms_neutral(property, &row.wanted)) &&
	    row.wanted != value)
		add_row(left, scene->device->fd, object, property, &row);
	if (object == scene->connector->id && !left->looked)
		kms_choice_text(property, value, left->kept,
				sizeof(left->kept));
}

/* Off with it: a plane, a connector, a CRTC. */
static void visit_off(struct kms_left *left,
		      const struct kms_left_scene *scene, uint32_t object,
		      const drmModePropertyRes *property, uint64_t value)
{
	static const char *const names[] = {"FB_ID", "CRTC_ID", "ACTIVE",
					    "MODE_ID"};
	struct kms_left_row row = {.before = value, .group = object};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(property->name, names[i]))
			add_row(left, scene->device->fd, object, property,
				&row);
}

/* ---- the device ------------------------------------------------------------ */

static void look_at_planes(struct kms_left *left,
			   const struct kms_left_scene *scene, uint32_t crtc)
{
	drmModePlaneRes *planes = drmModeGetPlaneResources(scene->device->fd);
	uint32_t i, id;

	for (i = 0; planes && i < planes->count_planes; i++) {
		drmModePlane *info;

		id = planes->planes[i];
		if (id == scene->plane->id || id == scene->under->id ||
		    is_in_use(scene->device, id))
			continue;
		info = drmModeGetPlane(scene->device->fd, id);
		if (info && info->crtc_id == crtc)
			visit_properties(left, scene, id,
					 DRM_MODE_OBJECT_PLANE, visit_off);
		drmModeFreePlane(info);
	}
	drmModeFreePlaneResources(planes);
}

static void tell_dark(struct kms_left *left, const struct kms_left_scene *scene,
		      uint32_t connector)
{
	drmModeConnector *info =
		drmModeGetConnectorCurrent(scene->device->fd, connector);
	char name[KMS_NAME_MAX];

	if (!info || left->looked)
		goto out;
	kms_connector_name(info, name);
	text_append(left->dark, sizeof(left->dark), "%s%s",
		    *left->dark ? ", " : "", name);
out:
	drmModeFreeConnector(info);
}

/* Connectors on this CRTC but for ours; `off`: they go dark. */
static uint32_t look_at_connectors(struct kms_left *left,
				   const struct kms_left_scene *scene,
				   uint32_t crtc, bool off)
{
	const drmModeRes *resources = scene->device->resources;
	uint32_t id, count = 0;
	uint64_t now;
	int i;

	for (i = 0; i < resources->count_connectors; i++) {
		id = resources->connectors[i];
		if (id == scene->connector->id ||
		    !value_of(scene, id, DRM_MODE_OBJECT_CONNECTOR, "CRTC_ID",
			      &now) ||
		    now != crtc)
			continue;
		count++;
		if (!off || is_in_use(scene->device, id))
			continue;
		visit_properties(left, scene, id, DRM_MODE_OBJECT_CONNECTOR,
				 visit_off);
		tell_dark(left, scene, id);
	}
	return count;
}

/* The CRTC that our connector comes from and that then drives nothing: the
 * kernel refuses to leave it on. */
static void look_at_crtc_left(struct kms_left *left,
			      const struct kms_left_scene *scene)
{
	uint64_t now;

	if (!value_of(scene, scene->connector->id, DRM_MODE_OBJECT_CONNECTOR,
		      "CRTC_ID", &now) ||
	    !now || now == scene->crtc->id ||
	    is_in_use(scene->device, (uint32_t)now) ||
	    look_at_connectors(left, scene, (uint32_t)now, false))
		return;
	visit_properties(left, scene, (uint32_t)now, DRM_MODE_OBJECT_CRTC,
			 visit_off);
	look_at_planes(left, scene, (uint32_t)now);
}

void kms_left_look(struct kms_left *left, const struct kms_left_scene *scene)
{
	left->device = scene->device;
	if (!scene->shared) {
		look_at_connectors(left, scene, scene->crtc->id, true);
		look_at_crtc_left(left, scene);
		look_at_planes(left, scene, scene->crtc->id);
		visit_properties(left, scene, scene->connector->id,
				 DRM_MODE_OBJECT_CONNECTOR, visit_ours);
		visit_properties(left, scene, scene->crtc->id,
				 DRM_MODE_OBJECT_CRTC, visit_ours);
	}
	if (scene->under->id)
		visit_properties(left, scene, scene->under->id,
				 DRM_MODE_OBJECT_PLANE, visit_ours);
	visit_properties(left, scene, scene->plane->id, DRM_MODE_OBJECT_PLANE,
			 visit_ours);
	left->looked = true;
}

/* ---- commits --------------------------------------------------------------- */

static void add_value(struct kms_request *request,
		      const struct kms_left_row *row, uint64_t value)
{
	kms_request_object(request, row->object);
	kms_request_add(request, row->property, value);
}

void kms_left_add(const struct kms_left *left, struct kms_request *request)
{
	const struct kms_left_row *row;

	for (row = left->row; row < left->row + left->count; row++)
		if (!row->is_out && !is_in_use(left->device, row->object))
			add_value(request, row, row->wanted);
}

void kms_left_add_before(const struct kms_left *left, const uint32_t *blobs,
			 struct kms_request *request)
{
	const struct kms_left_row *row;
	uint32_t i;

	for (i = 0; i < left->count; i++) {
		row = &left->row[i];
		if (!row->is_out && row->was_then &&
		    !is_in_use(left->device, row->object))
			add_value(request, row,
				  !row->blob ? row->before
				  : blobs    ? blobs[i]
					     : 0);
	}
}

uint32_t *kms_left_make_blobs(const struct kms_left *left, int fd)
{
	uint32_t *blobs = calloc(left->count + 1, sizeof(*blobs));
	uint32_t i;

	for (i = 0; blobs && i < left->count; i++)
		if (left->row[i].blob &&
		    drmModeCreatePropertyBlob(fd, left->row[i].blob,
					      left->row[i].blob_bytes,
					      &blobs[i]))
			blobs[i] = 0;
	return blobs;
}

void kms_left_free_blobs(const struct kms_left *left, int fd, uint32_t *blobs)
{
	uint32_t i;

	for (i = 0; blobs && i < left->count; i++)
		if (blobs[i])
			drmModeDestroyPropertyBlob(fd, blobs[i]);
	free(blobs);
}

/* ---- words ------------------------------------------------------------------ */

static void tell_refused(const struct kms_left *left, const char *connector)
{
	char list[KMS_LEFT_TEXT_MAX] = "";
	uint32_t i;

	for (i = 0; i < left->count; i++)
		if (left->row[i].is_out)
			text_append(list, sizeof(list), "%s%s of object %u",
				    *list ? ", " : "", left->row[i].name,
				    left->row[i].object);
	if (*list)
		message("kms: %s: the driver will not take back what another "
			"program set: %s; the picture may look wrong until "
			"that program, or a restart, does",
			connector, list);
}

void kms_left_tell(const struct kms_left *left, const char *connector)
{
	if (*left->kept)
		message("kms: %s: left as its owner set it: %s (modetest -w "
			"changes them)",
			connector, left->kept);
	if (*left->dark)
		message("kms: %s: dark while this runs: %s has its CRTC (name "
			"another one with connector=)",
			left->dark, connector);
	tell_refused(left, connector);
}

void kms_left_finish(struct kms_left *left)
{
	uint32_t i;

	for (i = 0; i < left->count; i++)
		free(left->row[i].blob);
	free(left->row);
	*left = (struct kms_left){.count = 0};
}

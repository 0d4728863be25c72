/*
 * drivers/display/kms/plane.c: see plane.h.
 */
#include "drivers/display/kms/plane.h"

#include <drm_fourcc.h>
#include <errno.h>
#include <string.h>

#include "runtime/base/text.h"

#define LIST_MAX 320

/* ---- the CRTC ------------------------------------------------------------ */

/* CRTCs that one of the connector's encoders reaches; *now: the one in use. */
static uint32_t reachable(const struct kms_device *device,
			  const drmModeConnector *info, uint32_t *now)
{
	uint32_t mask = 0;
	int i;

	*now = 0;
	for (i = 0; i < info->count_encoders; i++) {
		drmModeEncoder *encoder =
			drmModeGetEncoder(device->fd, info->encoders[i]);

		if (!encoder)
			continue;
		mask |= encoder->possible_crtcs;
		if (encoder->encoder_id == info->encoder_id)
			*now = encoder->crtc_id;
		drmModeFreeEncoder(encoder);
	}
	return mask;
}

static bool is_free(const struct kms_device *device, uint32_t id)
{
	drmModeCrtc *crtc = drmModeGetCrtc(device->fd, id);
	bool is_dark = crtc && !crtc->mode_valid;

	drmModeFreeCrtc(crtc);
	return is_dark;
}

/* The index of the best CRTC that no other sink has; -1: there is none. */
static int find_crtc(const struct kms_device *device, uint32_t mask,
		     uint32_t now)
{
	const drmModeRes *resources = device->resources;
	int i, any = -1, dark = -1;

	for (i = 0; i < resources->count_crtcs && i < 32; i++) {
		if (!(mask & 1u << i) ||
		    kms_card_is_others(device->card, device->claim,
				       resources->crtcs[i]))
			continue;
		if (resources->crtcs[i] == now)
			return i;
		if (any < 0)
			any = i;
		if (dark < 0 && is_free(device, resources->crtcs[i]))
			dark = i;
	}
	return dark >= 0 ? dark : any;
}

int kms_crtc_choose(struct kms_crtc *crtc, const struct kms_device *device,
		    const struct kms_connector *connector,
		    struct kms_refusal *refusal)
{
	uint32_t now, mask = reachable(device, connector->info, &now);
	int error, index = find_crtc(device, mask, now);

	if (index < 0 && mask)
		return kms_refuse(refusal, -EBUSY,
				  "%s: the CRTCs that reach %s are other "
				  "sinks' of this graph: exchange their "
				  "connector=, or show fewer here",
				  device->path, connector->name);
	if (index < 0)
		return kms_refuse(refusal, -ENODEV,
				  "%s: no CRTC reaches %s: choose another "
				  "connector=",
				  device->path, connector->name);
	*crtc = (struct kms_crtc){
		.id = device->resources->crtcs[index],
		.index = (uint32_t)index,
	};
	error = kms_properties_read(&crtc->properties, device->fd, crtc->id,
				    DRM_MODE_OBJECT_CRTC);
	if (error)
		return kms_refuse_call(refusal, device->path,
				       "properties of the CRTC", error);
	return 0;
}

/* ---- the plane ----------------------------------------------------------- */

static bool has_format(const drmModePlane *info, enum graph_format format)
{
	uint32_t i;

	for (i = 0; i < info->count_formats; i++)
		if (info->formats[i] == graph_format_fourcc(format))
			return true;
	return false;
}

static int refuse_format(const drmModePlane *info, enum graph_format format,
			 struct kms_refusal *refusal)
{
	char list[LIST_MAX] = "", known[KMS_FORMAT_LIST_MAX];
	uint32_t i, fourcc;

	kms_format_list(known, sizeof(known));
	for (i = 0; i < info->count_formats; i++) {
		fourcc = info->formats[i];
		text_append(list, sizeof(list), "%s%c%c%c%c", i ? ", " : "",
			    (char)fourcc, (char)(fourcc >> 8),
			    (char)(fourcc >> 16), (char)(fourcc >> 24));
	}
	return kms_refuse(refusal, -ENOTSUP,
			  "plane %u does not show %s, only %s; format= takes "
			  "%s",
			  info->plane_id, graph_format_name(format), list,
			  known);
}

static int choose_format(struct kms_plane *plane, const drmModePlane *info,
			 const struct kms_settings *settings,
			 struct kms_refusal *refusal)
{
	plane->format = settings->format;
	if (has_format(info, plane->format))
		return 0;
	if (settings->format_given)
		return refuse_format(info, plane->format, refusal);
	for (plane->format = 0; plane->format < GRAPH_FORMAT_COUNT;
	     plane->format++)
		if (kms_format_fits(plane->format) &&
		    has_format(info, plane->format))
			return 0;
	return refuse_format(info, settings->format, refusal);
}

/* KMS turns counter-clockwise, as the setting does. */
bool kms_plane_turn(struct kms_plane *plane, uint32_t degrees)
{
	const struct kms_property_row *row =
		&plane->properties.row[KMS_ROTATION];
	uint64_t wanted = UINT64_C(1) << degrees / 90;

	if (degrees && !(row->id && row->bits & wanted))
		return false;
	plane->rotation = row->id && !row->immutable ? wanted : 0;
	return true;
}

static int choose_rotation(struct kms_plane *plane,
			   const struct kms_settings *settings,
			   struct kms_refusal *refusal)
{
	if (kms_plane_turn(plane, settings->rotation))
		return 0;
	return kms_refuse(refusal, -ENOTSUP,
			  "plane %u cannot turn the picture by %u degrees: "
			  "leave rotation= out",
			  plane->id, settings->rotation);
}

static int choose_zpos(const struct kms_plane *plane,
		       const struct kms_settings *settings,
		       struct kms_refusal *refusal)
{
	const struct kms_property_row *row = &plane->properties.row[KMS_ZPOS];
	uint64_t wanted = (uint64_t)settings->zpos;

	if (settings->zpos == KMS_ZPOS_ANY)
		return 0;
	if (row->id && (row->immutable ? row->value == wanted
				       : wanted >= row->min &&
						 wanted <= row->max))
		return 0;
	if (row->id && !row->immutable)
		return kms_refuse(refusal, -ENOTSUP,
				  "plane %u: zpos=%u: it takes %u to %u",
				  plane->id, (unsigned int)wanted,
				  (unsigned int)row->min,
				  (unsigned int)row->max);
	return kms_refuse(refusal, -ENOTSUP,
			  "plane %u has a fixed place in the stack: leave "
			  "zpos= out",
			  plane->id);
}

/* Whether this plane is the one; its properties are read on the way. */
static int plane_examine(struct kms_plane *plane,
			 const struct kms_device *device,
			 const struct kms_crtc *crtc, const drmModePlane *info,
			 bool *fits, const struct kms_settings *settings)
{
	uint64_t type;
	int error;

	*fits = false;
	if (!(info->possible_crtcs & 1u << crtc->index))
		return 0;
	if (settings->plane_id && settings->plane_id != info->plane_id)
		return 0;
	if (kms_card_is_others(device->card, device->claim, info->plane_id))
		return 0;
	plane->id = info->plane_id;
	error = kms_properties_read(&plane->properties, device->fd, plane->id,
				    DRM_MODE_OBJECT_PLANE);
	if (error)
		return error;
	type = plane->properties.row[KMS_TYPE].value;
	plane->overlay = type != DRM_PLANE_TYPE_PRIMARY;
	*fits = settings->plane_id
			|| type == (settings->overlay ? DRM_PLANE_TYPE_OVERLAY
						      : DRM_PLANE_TYPE_PRIMARY);
	/* another CRTC's primary plane may be able to come here: leave it */
	if (info->crtc_id && info->crtc_id != crtc->id)
		*fits = *fits && settings->plane_id;
	return 0;
}

static int refuse_plane(const struct kms_device *device,
			const drmModePlaneRes *planes,
			const struct kms_settings *settings,
			struct kms_refusal *refusal)
{
	char list[LIST_MAX] = "";
	uint32_t i;

	for (i = 0; i < planes->count_planes; i++)
		text_append(list, sizeof(list), "%s%u", i ? ", " : "",
			    planes->planes[i]);
	if (settings->plane_id &&
	    kms_card_is_others(device->card, device->claim, settings->plane_id))
		return kms_refuse(refusal, -EBUSY,
				  "%s: plane %u is another sink's of this "
				  "graph; the planes are %s",
				  device->path, settings->plane_id, list);
	if (settings->plane_id)
		return kms_refuse(refusal, -ENODEV,
				  "%s: no plane %u for this CRTC; its planes "
				  "are %s",
				  device->path, settings->plane_id, list);
	return kms_refuse(refusal, -ENODEV,
			  "%s: no free %s plane for this CRTC: leave plane= "
			  "out, or name one of %s",
			  device->path,
			  settings->overlay ? "overlay" : "primary", list);
}

static int choose_from(struct kms_plane *plane, const struct kms_device *device,
		       const struct kms_crtc *crtc,
		       const drmModePlaneRes *planes,
		       const struct kms_settings *settings,
		       struct kms_refusal *refusal)
{
	bool fits = false;
	uint32_t i;
	int error;

	for (i = 0; i < planes->count_planes; i++) {
		drmModePlane *info;

		errno = ENODEV;
		info = drmModeGetPlane(device->fd, planes->planes[i]);
		error = info ? plane_examine(plane, device, crtc, info, &fits,
					     settings)
			     : -errno;
		if (error)
			kms_refuse_call(refusal, device->path, "GETPLANE",
					error);
		else if (fits)
			error = choose_format(plane, info, settings, refusal);
		drmModeFreePlane(info);
		if (error || fits)
			return error;
	}
	return refuse_plane(device, planes, settings, refusal);
}

int kms_plane_choose(struct kms_plane *plane, const struct kms_device *device,
		     const struct kms_crtc *crtc,
		     const struct kms_settings *settings,
		     struct kms_refusal *refusal)
{
	drmModePlaneRes *planes;
	int error;

	*plane = (struct kms_plane){.id = 0};
	errno = ENODEV;
	planes = drmModeGetPlaneResources(device->fd);
	if (!planes)
		return kms_refuse_call(refusal, device->path,
				       "GETPLANERESOURCES", -errno);
	error = choose_from(plane, device, crtc, planes, settings, refusal);
	drmModeFreePlaneResources(planes);
	if (!error)
		error = choose_rotation(plane, settings, refusal);
	if (!error)
		error = choose_zpos(plane, settings, refusal);
	return error;
}

int kms_plane_choose_primary(struct kms_plane *plane,
			     const struct kms_device *device,
			     const struct kms_crtc *crtc,
			     const struct kms_settings *settings,
			     struct kms_refusal *refusal)
{
	struct kms_settings primary = *settings;

	primary.overlay = false;
	primary.plane_id = 0;
	primary.format_given = false;
	primary.rotation = 0;
	primary.zpos = KMS_ZPOS_ANY;
	return kms_plane_choose(plane, device, crtc, &primary, refusal);
}

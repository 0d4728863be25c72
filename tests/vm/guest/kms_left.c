/*
 * kms_left: what a display program of before leaves behind. It sets any
 * property of any object by name, shows coloured planes, moves the CRTC to the
 * second connector, and prints every property there is. Answers each command
 * with its first word and 0 or -errno. The reading order is main, run_line.
 *
 *   kms_left DRIVER | -f FD | -s SOCKET      (share.h)
 *
 *   modeset [WxH]             mode, and a picture on the primary plane
 *   show KIND WxH X Y COLOUR  a plane of one colour (hexadecimal ARGB)
 *   set KIND NAME=VALUE       VALUE: a number, or a blob: lut inverts, ctm
 *                             leaves red only, hdr is SMPTE 2084
 *   attach                    the CRTC drives connector `second` alone
 *   dump                      "KIND NAME = VALUE" of all objects
 *   current                   "current WxH"
 *   drop                      the master's rights
 *   hold                      until SIGTERM
 * KIND: crtc, connector, second, primary, overlay, cursor: the first of each.
 */
#include "kms.h"
#include "share.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <drm_fourcc.h>

#define PROPS_MAX   64
#define OBJECTS_MAX 32
#define EXTRA_MAX   8

static struct kms kms = {.fd = -1};
static struct object {
	const char *kind;
	uint32_t id;
} objects[OBJECTS_MAX];
static uint32_t object_count;

struct props {
	uint32_t count, id[PROPS_MAX];
	uint64_t value[PROPS_MAX];
	char name[PROPS_MAX][DRM_PROP_NAME_LEN];
};

static void read_props(uint32_t object, struct props *props)
{
	struct drm_mode_obj_get_properties get = {
		.props_ptr = (uintptr_t)props->id,
		.prop_values_ptr = (uintptr_t)props->value,
		.count_props = PROPS_MAX,
		.obj_id = object,
	};

	props->count = 0;
	if (kms_ioctl(kms.fd, DRM_IOCTL_MODE_OBJ_GETPROPERTIES, &get))
		return;
	props->count = get.count_props < PROPS_MAX ? get.count_props
						   : PROPS_MAX;
	for (uint32_t i = 0; i < props->count; i++) {
		struct drm_mode_get_property one = {.prop_id = props->id[i]};

		kms_ioctl(kms.fd, DRM_IOCTL_MODE_GETPROPERTY, &one);
		memcpy(props->name[i], one.name, DRM_PROP_NAME_LEN);
	}
}

/* The index of a property by name; -ENOENT. */
static int find(const struct props *props, const char *name)
{
	for (uint32_t i = 0; i < props->count; i++)
		if (!strcmp(props->name[i], name))
			return (int)i;
	return -ENOENT;
}

static uint32_t object_of(const char *kind)
{
	for (uint32_t i = 0; i < object_count; i++)
		if (!strcmp(objects[i].kind, kind))
			return objects[i].id;
	return 0;
}

static void add_object(const char *kind, uint32_t id)
{
	if (object_count < OBJECTS_MAX)
		objects[object_count++] = (struct object){kind, id};
}

static void list_connectors(const uint32_t *ids, uint32_t count)
{
	struct props props;

	for (uint32_t i = 0; i < count; i++) {
		read_props(ids[i], &props);
		if (find(&props, "WRITEBACK_FB_ID") < 0)
			add_object(object_of("connector") ? "second"
							  : "connector",
				   ids[i]);
	}
}

static void list_objects(void)
{
	static const char *const types[] = {"overlay", "primary", "cursor"};
	uint32_t crtcs[OBJECTS_MAX], connectors[OBJECTS_MAX];
	uint32_t planes[OBJECTS_MAX];
	struct drm_mode_card_res res = {
		.crtc_id_ptr = (uintptr_t)crtcs,
		.connector_id_ptr = (uintptr_t)connectors,
		.count_crtcs = OBJECTS_MAX,
		.count_connectors = OBJECTS_MAX,
	};
	struct drm_mode_get_plane_res plane_res = {
		.plane_id_ptr = (uintptr_t)planes,
		.count_planes = OBJECTS_MAX,
	};
	struct props props;
	int type;

	if (!kms_ioctl(kms.fd, DRM_IOCTL_MODE_GETRESOURCES, &res)) {
		add_object("crtc", crtcs[0]);
		list_connectors(connectors, res.count_connectors);
	}
	if (kms_ioctl(kms.fd, DRM_IOCTL_MODE_GETPLANERESOURCES, &plane_res))
		return;
	for (uint32_t i = 0; i < plane_res.count_planes; i++) {
		read_props(planes[i], &props);
		type = find(&props, "type");
		add_object(types[type < 0 ? 0 : props.value[type] % 3],
			   planes[i]);
	}
}

static void dump(void)
{
	struct props props;

	for (uint32_t i = 0; i < object_count; i++) {
		read_props(objects[i].id, &props);
		for (uint32_t k = 0; k < props.count; k++)
			printf("%s %s = %llu\n", objects[i].kind, props.name[k],
			       (unsigned long long)props.value[k]);
	}
}

static uint64_t make_blob(const void *data, size_t bytes)
{
	struct drm_mode_create_blob blob = {
		.data = (uintptr_t)data,
		.length = (uint32_t)bytes,
	};

	kms_ioctl(kms.fd, DRM_IOCTL_MODE_CREATEPROPBLOB, &blob);
	return blob.blob_id;
}

static uint64_t value_of(const char *text)
{
	static struct drm_color_lut lut[256];
	struct drm_color_ctm ctm = {.matrix = {1ull << 32}};
	struct hdr_output_metadata hdr = {.hdmi_metadata_type1.eotf = 2};

	for (uint32_t i = 0; i < 256; i++)
		lut[i].red = lut[i].green = lut[i].blue =
			(uint16_t)((255 - i) * 257);
	if (!strcmp(text, "lut"))
		return make_blob(lut, sizeof(lut));
	if (!strcmp(text, "ctm"))
		return make_blob(&ctm, sizeof(ctm));
	if (!strcmp(text, "hdr"))
		return make_blob(&hdr, sizeof(hdr));
	return strtoull(text, NULL, 0);
}

/* Adds a property by name; 0 or -errno. */
static int add(struct kms_request *req, const char *kind, const char *name,
	       uint64_t value)
{
	uint32_t object = object_of(kind);
	struct props props;
	int at;

	if (!object)
		return -ENXIO;
	read_props(object, &props);
	at = find(&props, name);
	if (at < 0)
		return at;
	kms_add(req, object, props.id[at], value);
	return 0;
}

static int commit(const struct kms_request *req)
{
	return kms_commit(&kms, req, DRM_MODE_ATOMIC_ALLOW_MODESET, 0);
}

static int run_set(const char *args)
{
	char kind[16], name[DRM_PROP_NAME_LEN], value[32];
	struct kms_request req = {0};
	int err;

	if (sscanf(args, "%15s %31[^=]=%31s", kind, name, value) != 3)
		return -EINVAL;
	err = add(&req, kind, name, value_of(value));
	return err ? err : commit(&req);
}

static int make_plane_fb(uint32_t width, uint32_t height, uint32_t colour,
			 uint32_t *id)
{
	static struct kms_fb extra[EXTRA_MAX];
	static uint32_t used;
	struct kms_fb *fb = &extra[used];
	struct drm_mode_fb_cmd2 cmd = {
		.width = width,
		.height = height,
		.pixel_format = DRM_FORMAT_ARGB8888,
	};
	int err = used < EXTRA_MAX ? kms_fb_create(kms.fd, fb, width, height)
				   : -ENOSPC;

	if (err)
		return err;
	used++;
	for (size_t i = 0; i < fb->size_bytes / sizeof(colour); i++)
		memcpy(fb->map + i * sizeof(colour), &colour, sizeof(colour));
	cmd.handles[0] = fb->handle;
	cmd.pitches[0] = fb->pitch_bytes;
	err = kms_ioctl(kms.fd, DRM_IOCTL_MODE_ADDFB2, &cmd);
	*id = cmd.fb_id;
	return err;
}

static int run_show(const char *args)
{
	char kind[16];
	uint32_t width, height, colour, fb;
	int x, y, err;

	if (sscanf(args, "%15s %ux%u %d %d %x", kind, &width, &height, &x, &y,
		   &colour) != 6)
		return -EINVAL;
	err = make_plane_fb(width, height, colour, &fb);
	if (err)
		return err;
	const struct {
		const char *name;
		uint64_t value;
	} row[] = {
		{"CRTC_ID", kms.crtc_id},
		{"FB_ID", fb},
		{"SRC_X", 0},
		{"SRC_Y", 0},
		{"SRC_W", (uint64_t)width << 16},
		{"SRC_H", (uint64_t)height << 16},
		{"CRTC_X", (uint64_t)(int64_t)x},
		{"CRTC_Y", (uint64_t)(int64_t)y},
		{"CRTC_W", width},
		{"CRTC_H", height},
	};
	struct kms_request req = {0};

	for (size_t i = 0; !err && i < sizeof(row) / sizeof(row[0]); i++)
		err = add(&req, kind, row[i].name, row[i].value);
	return err ? err : commit(&req);
}

static int run_attach(void)
{
	struct kms_request req = {0};
	int err = add(&req, "connector", "CRTC_ID", 0);

	if (!err)
		err = add(&req, "second", "CRTC_ID", kms.crtc_id);
	return err ? err : commit(&req);
}

static int run_modeset(const char *args)
{
	const struct drm_mode_modeinfo *mode;
	uint32_t width = 0, height = 0;
	int err;

	sscanf(args, "%ux%u", &width, &height);
	mode = kms_find_mode(&kms, width, height);
	if (!mode)
		return -ENOENT;
	err = kms_make_fbs(&kms, mode);
	return err ? err : kms_modeset(&kms, false);
}

static void run_current(void)
{
	struct drm_mode_crtc crtc = {.crtc_id = kms.crtc_id};

	kms_ioctl(kms.fd, DRM_IOCTL_MODE_GETCRTC, &crtc);
	printf("current %ux%u\n", crtc.mode_valid ? crtc.mode.hdisplay : 0,
	       crtc.mode_valid ? crtc.mode.vdisplay : 0);
}

static void hold(void)
{
	sigset_t signals;
	int signal;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	sigwait(&signals, &signal);
}

static void run_line(const char *word, const char *args)
{
	int err = 0;

	if (!strcmp(word, "dump"))
		dump();
	else if (!strcmp(word, "current"))
		run_current();
	else if (!strcmp(word, "hold"))
		hold();
	else if (!strcmp(word, "modeset"))
		err = run_modeset(args);
	else if (!strcmp(word, "show"))
		err = run_show(args);
	else if (!strcmp(word, "set"))
		err = run_set(args);
	else if (!strcmp(word, "attach"))
		err = run_attach();
	else if (!strcmp(word, "drop"))
		err = ioctl(kms.fd, DRM_IOCTL_DROP_MASTER, 0) ? -errno : 0;
	else
		err = -EINVAL;
	if (strcmp(word, "dump") && strcmp(word, "current"))
		printf("%s %d\n", word, err);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	char line[256];
	int err;

	if (argc == 2)
		err = kms_open(&kms, argv[1]);
	else if (argc == 3 && !strcmp(argv[1], "-f"))
		err = kms_adopt(&kms, atoi(argv[2]));
	else if (argc == 3 && !strcmp(argv[1], "-s"))
		err = kms_adopt(&kms, share_receive(argv[2]));
	else
		err = -EINVAL;
	if (err) {
		fprintf(stderr, "kms_left: %s\n", strerror(-err));
		return 69;
	}
	list_objects();
	while (fgets(line, sizeof(line), stdin)) {
		char word[16] = "";
		int used = 0;

		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%15s %n", word, &used) == 1)
			run_line(word, line + used);
	}
	return 0;
}

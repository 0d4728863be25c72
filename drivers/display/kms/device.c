/*
 * drivers/display/kms/device.c: see device.h.
 */
#include "drivers/display/kms/device.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/message.h"
#include "runtime/base/text.h"

/* Its displays are driven by libdrm-nvdc, past the kernel's atomic calls. */
#define XAVIER_DRIVER "tegra-udrm"
#define NVIDIA_DRIVER "nvidia-drm"
#define NVIDIA_MODULE "nvidia_drm"
#define NVIDIA_REMEDY                                                          \
	"nvidia-drm is without mode setting: put the line `options "           \
	"nvidia-drm modeset=1` into /etc/modprobe.d/nvidia-drm.conf and start " \
	"the machine anew"
#define LIST_MAX 320

/* Drivers of what the firmware set up, gone when the real one is loaded. */
static const char *const firmware_drivers[] = {"simpledrm", "ofdrm", "efidrm",
					       "vesadrm"};
/* libdrm has it from 2.4.117, the kernel from 6.6 */
#ifndef DRM_CLIENT_CAP_CURSOR_PLANE_HOTSPOT
#define DRM_CLIENT_CAP_CURSOR_PLANE_HOTSPOT 6
#endif

void kms_device_close(struct kms_device *device)
{
	drmModeFreeResources(device->resources);
	if (device->card)
		kms_card_leave(device->card, device->claim);
	*device = (struct kms_device){.fd = -1};
}

bool kms_device_is_master(const struct kms_device *device)
{
	return drmIsMaster(device->fd) || !drmSetMaster(device->fd);
}

static bool is_firmware(const char *driver)
{
	size_t i;

	for (i = 0; i < sizeof(firmware_drivers) / sizeof(firmware_drivers[0]);
	     i++)
		if (!strcmp(driver, firmware_drivers[i]))
			return true;
	return false;
}

static int read_driver(struct kms_device *device, struct kms_refusal *refusal)
{
	drmVersion *version = drmGetVersion(device->fd);

	if (!version)
		return kms_refuse(refusal, -ENODEV,
				  "%s: not a DRM device: ls /dev/dri",
				  device->path);
	snprintf(device->driver, sizeof(device->driver), "%.*s",
		 (int)sizeof(device->driver) - 1, version->name);
	drmFreeVersion(version);
	device->firmware = is_firmware(device->driver);
	if (!strcmp(device->driver, XAVIER_DRIVER))
		return kms_refuse(refusal, -ENOTSUP,
				  "%s (%s): this board displays through "
				  "libdrm-nvdc, which atomic commits bypass: "
				  "use --display eglstream",
				  device->path, device->driver);
	return 0;
}

static int set_caps(struct kms_device *device, struct kms_refusal *refusal)
{
	uint64_t dumb = 0, monotonic = 0;

	if (drmSetClientCap(device->fd, DRM_CLIENT_CAP_UNIVERSAL_PLANES, 1) ||
	    drmSetClientCap(device->fd, DRM_CLIENT_CAP_ATOMIC, 1))
		return kms_refuse(refusal, -ENOTSUP,
				  "%s (%s): the driver has no atomic mode "
				  "setting: use another device, or --display "
				  "headless",
				  device->path, device->driver);
	/* virtual machines' cursors are hidden from who does not ask so */
	drmSetClientCap(device->fd, DRM_CLIENT_CAP_CURSOR_PLANE_HOTSPOT, 1);
	if (drmGetCap(device->fd, DRM_CAP_DUMB_BUFFER, &dumb) || !dumb)
		return kms_refuse(refusal, -ENOTSUP,
				  "%s (%s): the driver has no dumb buffers: "
				  "use another device, or --display headless",
				  device->path, device->driver);
	drmGetCap(device->fd, DRM_CAP_TIMESTAMP_MONOTONIC, &monotonic);
	device->monotonic = monotonic;
	return 0;
}

/* Render-only devices say so by having no CRTC, or no mode setting at all. */
static int read_resources(struct kms_device *device,
			  struct kms_refusal *refusal)
{
	errno = ENODEV;
	device->resources = drmModeGetResources(device->fd);
	if (device->resources && device->resources->count_crtcs)
		return 0;
	if (!device->resources && errno != EOPNOTSUPP && errno != EINVAL)
		return kms_refuse_call(refusal, device->path, "GETRESOURCES",
				       -errno);
	if (!strcmp(device->driver, NVIDIA_DRIVER))
		return kms_refuse(refusal, -ENODEV, "%s: " NVIDIA_REMEDY,
				  device->path);
	return kms_refuse(refusal, -ENODEV,
			  "%s (%s): no CRTC: it renders but has no display; "
			  "name another with device=",
			  device->path, device->driver);
}

/* Settings with a driver's name rule other drivers out. "nvidia" is a name for
 * nvidia-drm. */
static bool is_wanted(const struct kms_device *device,
		      const struct kms_settings *settings)
{
	const char *wanted = settings->device;
	size_t length = strlen(wanted);

	if (!wanted[0] || wanted[0] == '/')
		return true;
	return !strncmp(device->driver, wanted, length) &&
	       (!device->driver[length] ||
		!strcmp(device->driver + length, "-drm"));
}

/* What open does on an open file; the file stays open on a refusal. */
static int device_examine(struct kms_device *device,
			  struct kms_connector *connector,
			  const struct kms_settings *settings,
			  struct kms_refusal *refusal)
{
	int error = read_driver(device, refusal);

	if (!error && !is_wanted(device, settings))
		error = kms_refuse(refusal, -ENODEV, "%s: not of driver %.64s",
				   device->path, settings->device);
	if (!error)
		error = read_resources(device, refusal);
	if (!error)
		error = set_caps(device, refusal);
	if (!error)
		error = kms_connector_choose(connector, device->card,
					     device->claim, device->resources,
					     settings, refusal);
	if (!error)
		device->claim->connector = connector->id;
	return error;
}

/* The card and the claim are there: this is the device. */
static void device_set_card(struct kms_device *device, struct kms_card *card,
			    struct kms_claim *claim)
{
	*device = (struct kms_device){
		.fd = card->fd,
		.card = card,
		.claim = claim,
		.inherited = card->inherited,
	};
	memcpy(device->path, card->path, sizeof(device->path));
}

/* A file of our own, of the card's path or inherited. */
static int device_create_card(struct kms_device *device,
			      const struct kms_card *like,
			      struct kms_refusal *refusal)
{
	struct kms_claim *claim;
	struct kms_card *card = kms_card_create(like, &claim);

	if (card) {
		device_set_card(device, card, claim);
		return 0;
	}
	kms_node_close(like->fd);
	return kms_refuse(refusal, -ENOMEM,
			  "%s: no memory for it: raise RLIMIT_AS", like->path);
}

/* The file that another sink of ours has, else a new one. */
static int device_open_card(struct kms_device *device, const char *path,
			    const struct kms_settings *settings,
			    struct kms_refusal *refusal)
{
	struct kms_card like = {.helper = settings->helper,
				.is_alone = settings->alone};
	struct kms_claim *claim;
	struct kms_card *card =
		settings->alone
			? NULL
			: kms_card_join(path, settings->helper, &claim);

	if (card) {
		device_set_card(device, card, claim);
		return 0;
	}
	*device = (struct kms_device){.fd = -1};
	snprintf(device->path, sizeof(device->path), "%.*s", KMS_PATH_MAX - 1,
		 path);
	memcpy(like.path, device->path, sizeof(like.path));
	like.fd = kms_node_open(path);
	return like.fd < 0 ? kms_refuse_open(refusal, path, like.fd)
			   : device_create_card(device, &like, refusal);
}

/* Opens one node that the settings do not rule out. */
static int try_node(struct kms_device *device, struct kms_connector *connector,
		    const char *path, const struct kms_settings *settings,
		    struct kms_refusal *refusal)
{
	int error = device_open_card(device, path, settings, refusal);

	return error ? error
		     : device_examine(device, connector, settings, refusal);
}

static int device_open_path(struct kms_device *device,
			    struct kms_connector *connector,
			    const struct kms_settings *settings,
			    struct kms_refusal *refusal)
{
	int error = try_node(device, connector, settings->device, settings,
			     refusal);

	if (error)
		kms_device_close(device);
	return error;
}

/* What open_any has seen so far. */
struct search {
	struct kms_node_list nodes;
	char list[LIST_MAX]; /* "/dev/dri/card0 (vkms), ..." */
	bool nvidia;	     /* its device is there */
	bool nvidia_dark;    /* and cannot display */
	bool firmware;	     /* one of those was passed over */
};

/* A permission that lacks is worth more than a device that does not fit. */
static void keep_worst(struct kms_refusal *kept,
		       const struct kms_refusal *refusal)
{
	if (kept->error != -EACCES)
		*kept = *refusal;
}

/* The driver is loaded and has made no device, or one that cannot display. */
static void add_remedy(const struct search *search,
		       struct kms_refusal *refusal)
{
	bool dark = search->nvidia ? search->nvidia_dark
				   : kms_node_has_module(NVIDIA_MODULE);

	if (dark && !strstr(refusal->text, NVIDIA_REMEDY))
		text_append(refusal->text, sizeof(refusal->text),
			    "; " NVIDIA_REMEDY);
}

static int refuse_all(const struct kms_settings *settings,
		      const struct search *search, struct kms_refusal *refusal)
{
	if (!search->nodes.count)
		kms_refuse(refusal, -ENODEV,
			   "no /dev/dri/card*: this machine has no display "
			   "driver loaded (lsmod | grep drm), or the container "
			   "lacks --device /dev/dri");
	else if (!refusal->error)
		kms_refuse(refusal, -ENODEV,
			   "no display device of driver %.64s; there is %s",
			   settings->device, search->list);
	if (refusal->error == -ENODEV && !settings->device[0])
		add_remedy(search, refusal);
	return refusal->error;
}

/* Notes what a node turned out to be that was not taken. */
static void note_node(struct search *search, const struct kms_device *device)
{
	text_append(search->list, sizeof(search->list), "%s%s (%s)",
		    *search->list ? ", " : "", device->path,
		    device->driver[0] ? device->driver : "?");
	search->firmware = search->firmware || device->firmware;
	if (strcmp(device->driver, NVIDIA_DRIVER) != 0)
		return;
	search->nvidia = true;
	search->nvidia_dark = !device->resources ||
			      !device->resources->count_crtcs;
}

/* One of `drivers`, names with spaces between. */
static bool is_among(const char *driver, const char *drivers)
{
	size_t length;

	for (; *drivers; drivers += length) {
		drivers += strspn(drivers, " ");
		length = strcspn(drivers, " ");
		if (text_is(drivers, length, driver))
			return true;
	}
	return false;
}

/* The first node of the board's drivers that serves. */
static int open_boards(struct kms_device *device,
		       struct kms_connector *connector,
		       const struct kms_settings *settings,
		       const struct kms_node_list *nodes)
{
	struct kms_refusal unsaid; /* open_first will say it */
	uint32_t i;

	for (i = 0; settings->drivers && i < nodes->count; i++) {
		if (!try_node(device, connector, nodes->path[i], settings,
			      &unsaid) &&
		    is_among(device->driver, settings->drivers))
			return 0;
		kms_connector_finish(connector);
		kms_device_close(device);
	}
	return -ENODEV;
}

/* The first node that serves: of the firmware's, or of the others. */
static int open_first(struct kms_device *device,
		      struct kms_connector *connector,
		      const struct kms_settings *settings, bool firmware,
		      struct search *search, struct kms_refusal *refusal)
{
	struct kms_refusal one;
	uint32_t i;
	int error;

	for (i = 0; i < search->nodes.count; i++) {
		error = try_node(device, connector, search->nodes.path[i],
				 settings, &one);
		if (!error && device->firmware == firmware)
			return 0;
		if (!firmware)
			note_node(search, device);
		if (error && (device->fd < 0 || is_wanted(device, settings)))
			keep_worst(refusal, &one);
		kms_connector_finish(connector);
		kms_device_close(device);
	}
	return -ENODEV;
}

static int open_any(struct kms_device *device, struct kms_connector *connector,
		    const struct kms_settings *settings,
		    struct kms_refusal *refusal)
{
	struct search search = {.list = ""};

	refusal->error = 0;
	kms_node_list(&search.nodes);
	if (!open_boards(device, connector, settings, &search.nodes))
		return 0;
	if (!open_first(device, connector, settings, false, &search, refusal))
		return 0;
	if (search.firmware &&
	    !open_first(device, connector, settings, true, &search, refusal))
		return 0;
	return refuse_all(settings, &search, refusal);
}

static int open_inherited(struct kms_device *device,
			  struct kms_connector *connector, int fd,
			  const struct kms_settings *settings,
			  struct kms_refusal *refusal)
{
	struct kms_card like = {.fd = fd,
				.inherited = true,
				.is_alone = settings->alone};
	int error;

	snprintf(like.path, sizeof(like.path), "inherited file %d", fd);
	error = device_create_card(device, &like, refusal);
	if (!error)
		error = device_examine(device, connector, settings, refusal);
	if (error)
		kms_device_close(device);
	return error;
}

/* All files that were passed on are other sinks': the first of them that has a
 * connector left. */
static int join_inherited(struct kms_device *device,
			  struct kms_connector *connector,
			  const struct kms_settings *settings,
			  struct kms_refusal *refusal)
{
	struct kms_claim *claim;
	struct kms_card *card = NULL;
	int error = -EBUSY;

	while (error && (card = kms_card_join_inherited(card, &claim))) {
		device_set_card(device, card, claim);
		error = device_examine(device, connector, settings, refusal);
		if (error)
			kms_device_close(device);
	}
	return error;
}

int kms_device_open(struct kms_device *device, struct kms_connector *connector,
		    const struct kms_settings *settings,
		    struct kms_refusal *refusal)
{
	bool may_inherit = !settings->device[0] && !settings->reopen;
	int fd = may_inherit ? kms_node_inherited(kms_card_inherited())
			     : -ENOENT;

	if (fd >= 0)
		return open_inherited(device, connector, fd, settings, refusal);
	if (fd == -EBUSY && !settings->alone)
		return join_inherited(device, connector, settings, refusal);
	if (fd == -ENOTTY)
		message("kms: LISTEN_FDS: none of the files that were passed "
			"on is a display's (/dev/dri/card*): opening one");
	if (settings->device[0] == '/')
		return device_open_path(device, connector, settings, refusal);
	return open_any(device, connector, settings, refusal);
}

bool kms_device_has_rival(const struct kms_device *device,
			  const struct kms_settings *settings)
{
	struct kms_connector connector = {.info = NULL};
	struct kms_device other = {.fd = -1};
	struct kms_refusal refusal;
	bool has;

	if (device->inherited ||
	    kms_device_open(&other, &connector, settings, &refusal))
		return false;
	/* beside this file no other one of its device is master */
	has = !strcmp(other.path, device->path) || kms_device_is_master(&other);
	if (device->firmware)
		has = has && !other.firmware;
	kms_connector_finish(&connector);
	kms_device_close(&other);
	return has;
}

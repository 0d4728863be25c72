/*
 * drivers/source/v4l2/device.c: names and walks. See device.h.
 */
#include "drivers/source/v4l2/device.h"

#include <errno.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/text.h"

/* device_caps are this node's, capabilities those of all nodes together. */
static uint32_t device_capabilities(const struct v4l2_capability *capability)
{
	return capability->capabilities & V4L2_CAP_DEVICE_CAPS
		       ? capability->device_caps
		       : capability->capabilities;
}

/* A driver's text need not end, nor be printable. */
static void device_text(char *to, size_t bytes, const __u8 *from)
{
	size_t i;

	for (i = 0; i + 1 < bytes && from[i]; i++)
		to[i] = from[i] < ' ' || from[i] > '~' ? '?' : (char)from[i];
	to[i] = '\0';
}

static int device_query(struct v4l2_device *device)
{
	struct v4l2_capability capability = {.capabilities = 0};
	int error = v4l2_node_ioctl(device->fd, VIDIOC_QUERYCAP, &capability);
	uint32_t has;

	if (error)
		return error;
	device_text(device->card, sizeof(device->card), capability.card);
	device_text(device->bus, sizeof(device->bus), capability.bus_info);
	device_text(device->driver, sizeof(device->driver), capability.driver);
	has = device_capabilities(&capability);
	device->multiplanar = !(has & V4L2_CAP_VIDEO_CAPTURE);
	device->number = v4l2_node_number(device->fd);
	device->hardware_stamps = v4l2_node_hardware_stamps(device->driver);
	if (!(has & (V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE)) ||
	    !(has & V4L2_CAP_STREAMING))
		return -ENXIO;
	return 0;
}

int v4l2_device_open(struct v4l2_device *device, const char *path)
{
	int error;

	*device = (struct v4l2_device){.fd = v4l2_node_open(path)};
	snprintf(device->path, sizeof(device->path), "%s", path);
	if (device->fd < 0) {
		error = device->fd;
		device->fd = -1;
		return error;
	}
	error = device_query(device);
	if (error)
		v4l2_device_close(device);
	return error;
}

void v4l2_device_close(struct v4l2_device *device)
{
	if (device->fd >= 0)
		v4l2_node_close(device->fd);
	device->fd = -1;
}

bool v4l2_device_next(struct v4l2_walk *walk, struct v4l2_device *device)
{
	char path[32];
	int error;

	while (walk->next < V4L2_NODES_MAX) {
		snprintf(path, sizeof(path), V4L2_NODE, walk->next++);
		error = v4l2_device_open(device, path);
		if (!error)
			return true;
		if (error != -ENOENT && error != -ENXIO && error != -ENOTTY)
			walk->error = error;
	}
	return false;
}

/* ---- by name ----------------------------------------------------------------- */

static int device_refuse(int error, const char *name, const char *why,
			 char *refusal, size_t bytes)
{
	char list[320];

	v4l2_device_list(list, sizeof(list));
	snprintf(refusal, bytes, "%.100s%s%s%s", name ? name : "", why,
		 *list ? "; there is " : "; there is no V4L2 camera here",
		 list);
	return error;
}

static int device_refuse_path(int error, const char *path, char *refusal,
			      size_t bytes)
{
	switch (error) {
	case -EACCES:
	case -EPERM:
		snprintf(refusal, bytes,
			 "%.100s: no permission: add this user to the group "
			 "video, or run as root",
			 path);
		return -EACCES;
	case -ENXIO:
		return device_refuse(-ENODEV, path,
				     " is a node that takes no pictures "
				     "(metadata, an output or a codec)",
				     refusal, bytes);
	case -ENOTTY:
		return device_refuse(-ENODEV, path, " is no V4L2 device",
				     refusal, bytes);
	case -ENOENT:
	case -ENODEV:
		return device_refuse(-ENODEV, path, " is not there", refusal,
				     bytes);
	default:
		snprintf(refusal, bytes, "%.100s: cannot be opened: %s", path,
			 strerror(-error));
		return error;
	}
}

/* The card's name or the bus, first match; *cards: how many of the name are in
 * different places. */
static bool device_match(struct v4l2_device *device, const char *name,
			 uint32_t *cards, int *error)
{
	struct v4l2_walk walk = {.next = 0};
	struct v4l2_device each;
	bool found = false;

	*cards = 0;
	while (v4l2_device_next(&walk, &each)) {
		if (strcmp(each.card, name) && strcmp(each.bus, name)) {
			v4l2_device_close(&each);
		} else if (!found) {
			found = true;
			*device = each;
			*cards = 1;
		} else {
			*cards += strcmp(each.bus, device->bus) != 0;
			v4l2_device_close(&each);
		}
	}
	*error = walk.error;
	return found;
}

/* A name of udev's, without its folder. */
static bool device_open_link(struct v4l2_device *device, const char *name)
{
	static const char *const folder[] = {"by-id", "by-path"};
	char path[V4L2_PATH_MAX];
	uint32_t i;

	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "/dev/v4l/%s/%.200s", folder[i],
			 name);
		if (!v4l2_device_open(device, path))
			return true;
	}
	return false;
}

int v4l2_device_find(struct v4l2_device *device, const char *name,
		     char *refusal, size_t bytes)
{
	uint32_t cards;
	int error;

	if (name[0] == '/') {
		error = v4l2_device_open(device, name);
		return error ? device_refuse_path(error, name, refusal, bytes)
			     : 0;
	}
	if (name[strspn(name, "0123456789")] == '\0')
		return device_refuse(-EINVAL, "device=",
				     "NUMBER: numbers change from boot to "
				     "boot; name its path, card or bus",
				     refusal, bytes);
	if (device_open_link(device, name))
		return 0;
	if (!device_match(device, name, &cards, &error)) {
		if (error == -EACCES || error == -EPERM)
			return device_refuse_path(error, name, refusal, bytes);
		return device_refuse(-ENODEV, name,
				     ": no camera of that name, path or bus",
				     refusal, bytes);
	}
	if (cards == 1)
		return 0;
	v4l2_device_close(device);
	return device_refuse(-EINVAL, name,
			     ": several have that name: use its bus or a link "
			     "of /dev/v4l/by-path",
			     refusal, bytes);
}

bool v4l2_device_find_again(struct v4l2_device *device,
			    const struct v4l2_device *before, const char *name)
{
	struct v4l2_walk walk = {.next = 0};
	uint32_t cards;
	int error;

	while (v4l2_device_next(&walk, device)) {
		if (!strcmp(device->card, before->card) &&
		    !strcmp(device->bus, before->bus))
			return true;
		v4l2_device_close(device);
	}
	if (!name || !strcmp(name, before->bus) ||
	    (name[0] == '/' && strncmp(name, "/dev/v4l/", 9)))
		return false;
	if (name[0] == '/')
		return !v4l2_device_open(device, name);
	if (device_open_link(device, name))
		return true;
	if (!device_match(device, name, &cards, &error))
		return false;
	if (cards == 1)
		return true;
	v4l2_device_close(device);
	return false;
}

void v4l2_device_list(char *text, size_t bytes)
{
	struct v4l2_walk walk = {.next = 0};
	struct v4l2_device device;

	text[0] = '\0';
	while (v4l2_device_next(&walk, &device)) {
		text_append(text, bytes, "%s\"%s\" (%s, %s)",
			    *text ? "; " : "", device.card, device.bus,
			    device.path);
		v4l2_device_close(&device);
	}
	if (!*text && walk.error == -EACCES)
		snprintf(text, bytes, "one that this user may not open: add "
				      "it to the group video");
}

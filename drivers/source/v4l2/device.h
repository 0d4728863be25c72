/*
 * drivers/source/v4l2/device.h: which device: an open capture node, found by a
 * name that stays: a path, a link of /dev/v4l/by-id or by-path, the card's name
 * or its bus. Nodes' numbers change from boot to boot.
 *
 * Nodes that take no pictures (metadata, outputs, codecs) are passed over.
 * Nothing here allocates.
 */
#ifndef DRIVERS_SOURCE_V4L2_DEVICE_H
#define DRIVERS_SOURCE_V4L2_DEVICE_H

#include "drivers/source/v4l2/node.h"

struct v4l2_device {
	int fd; /* -1: not open */
	bool multiplanar; /* of the two APIs the one that it has */
	bool hardware_stamps; /* the device says when, not the kernel */
	uint64_t number;  /* of the node */
	char path[V4L2_PATH_MAX]; /* "/dev/video0", or the link it was named by */
	char card[33], bus[33], driver[17];
};

/* A walk over the capture nodes: start with {0}. */
struct v4l2_walk {
	uint32_t next;
	int error; /* of the last node that could not be opened: -EACCES */
};

/* 0, or -errno: -ENOTTY no V4L2 node, -ENXIO one that takes no pictures, and what
 * opening said; the device is closed then, its names may be filled in. */
int v4l2_device_open(struct v4l2_device *device, const char *path);

/* Accepts one that is closed. */
void v4l2_device_close(struct v4l2_device *device);

/* Opens the next capture node; false: there is none any more. */
bool v4l2_device_next(struct v4l2_walk *walk, struct v4l2_device *device);

/* The device of that name. 0, or -errno with the reason in `refusal`: -ENODEV,
 * -EACCES, -EINVAL the name says too little. */
int v4l2_device_find(struct v4l2_device *device, const char *name,
		     char *refusal, size_t bytes);

/* After it was lost: the same card at the same bus; else, where it was found by
 * another name than those of its place, what has that name now. NULL: it had
 * none. False: it is not there. */
bool v4l2_device_find_again(struct v4l2_device *device,
			    const struct v4l2_device *before,
			    const char *name);

/* "vivid" (platform:vivid-000, /dev/video0); each capture node there is. */
void v4l2_device_list(char *text, size_t bytes);

#endif

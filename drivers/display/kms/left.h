/*
 * drivers/display/kms/left.h: what another program has left on the way of our
 * picture: other planes and connectors of the CRTC, and properties that change
 * what is seen. Each is a row that a mode set of ours takes along, and whose
 * value of before comes back at the end.
 *
 * A row is an extra: which of them the driver takes is found out by TEST_ONLY
 * (show.c), so that none ever costs the picture. On a display where nothing is
 * left there are no rows, and the commits are the bare ones.
 * The owner's thread: state.h.
 */
#ifndef DRIVERS_DISPLAY_KMS_LEFT_H
#define DRIVERS_DISPLAY_KMS_LEFT_H

#include "drivers/display/kms/commit.h"
#include "drivers/display/kms/plane.h"

#define KMS_LEFT_TEXT_MAX 256

struct kms_left_row {
	char name[DRM_PROP_NAME_LEN];
	uint32_t object, property;
	uint64_t before, wanted;
	/* rows of one group go together: a plane's, a CRTC's; 0: alone */
	uint32_t group;
	bool is_out;   /* the driver refuses it: stays as it is */
	bool was_then; /* at the first look: comes back at the end */
	void *blob;    /* contents of the blob of before; NULL: a number */
	uint32_t blob_bytes;
};

struct kms_left {
	uint32_t count;
	struct kms_left_row *row; /* on the heap */
	bool looked;
	const struct kms_device *device;
	char kept[KMS_LEFT_TEXT_MAX]; /* "max bpc=6": the owner's choice */
	char dark[KMS_LEFT_TEXT_MAX]; /* "HDMI-A-2": lost our CRTC to us */
};

/* Whose picture it is. */
struct kms_left_scene {
	const struct kms_device *device;
	const struct kms_connector *connector;
	const struct kms_crtc *crtc;
	const struct kms_plane *plane;
	const struct kms_plane *under; /* id 0: none */
	bool shared; /* only the plane is ours: nothing else is touched */
	bool keeps_zpos; /* the plane's place was asked for */
};

/*
 * Main or helper thread: looks at the device and adds a row for each thing that
 * is in the way and has none yet. The first look is what the end goes back to.
 * What cannot be read is taken for not there. What another sink of ours shows
 * with is in nobody's way: neither looked at nor committed.
 */
void kms_left_look(struct kms_left *left, const struct kms_left_scene *scene);

/* Adds the rows to a request; those that are out, not. */
void kms_left_add(const struct kms_left *left, struct kms_request *request);

/* The same with the values of before. blobs: kms_left_make_blobs'. */
void kms_left_add_before(const struct kms_left *left, const uint32_t *blobs,
			 struct kms_request *request);

/* The blobs of before again, by row, 0 where there is none: their maker may be
 * gone and they with it. NULL: no memory. */
uint32_t *kms_left_make_blobs(const struct kms_left *left, int fd);
void kms_left_free_blobs(const struct kms_left *left, int fd,
			 uint32_t *blobs);

/* Main thread, when the picture is on view: a line for what stays, for a
 * display that went dark for it, and for what the driver refused. */
void kms_left_tell(const struct kms_left *left, const char *connector);

/* Accepts a zeroed one. */
void kms_left_finish(struct kms_left *left);

#endif

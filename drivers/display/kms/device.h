/*
 * drivers/display/kms/device.h: which DRM device, and what it is, as one sink
 * knows it. Sinks of one device share its open file: card.h.
 *
 * Chosen by path, by the driver's name, or as the first one that has CRTCs
 * and a connected connector, the board's drivers (BOARD_KMS_DRIVERS) before
 * others; never by card number. What drives the picture that
 * the firmware set up (simpledrm and its like) comes last, and goes when the
 * real driver comes. Main or helper thread.
 */
#ifndef DRIVERS_DISPLAY_KMS_DEVICE_H
#define DRIVERS_DISPLAY_KMS_DEVICE_H

#include "drivers/display/kms/card.h"
#include "drivers/display/kms/connector.h"

struct kms_device {
	int fd;		/* -1: not open */
	struct kms_card *card; /* NULL: not open; whose file it is */
	struct kms_claim *claim; /* this sink's, on it */
	bool inherited; /* the caller's: neither restored nor left dark */
	char path[KMS_PATH_MAX];
	char driver[KMS_NAME_MAX];
	bool firmware; /* it only has the picture that the firmware set up */
	drmModeRes *resources;
	bool monotonic; /* event times are of CLOCK_MONOTONIC */
};

/*
 * Opens the device, or joins a sink that has it open, and chooses its connector,
 * one that no other sink has. 0, or -errno with the refusal filled in and nothing left behind.
 * device and connector: zeroed or finished.
 */
int kms_device_open(struct kms_device *device, struct kms_connector *connector,
		    const struct kms_settings *settings,
		    struct kms_refusal *refusal)
	__attribute__((warn_unused_result));

/* Accepts one that is not open. The file is closed with its last sink's; an
 * inherited one too: the caller has its own. */
void kms_device_close(struct kms_device *device);

/*
 * Whether the settings, asked now, would find a display on another device or
 * another connector than this one that a program could have: the real driver's
 * device beside the firmware's, or any, where this one's display is unplugged.
 * Nothing is kept open.
 */
bool kms_device_has_rival(const struct kms_device *device,
			  const struct kms_settings *settings);

/* True when this file may change the display; tries to become master where
 * nobody is. */
bool kms_device_is_master(const struct kms_device *device);

#endif

/*
 * drivers/display/eglstream/settings.h: what follows `eglstream,` in --display:
 *
 *   device=, connector=  of the screen, as those of kms; the device is the CUDA
 *                  device's own, by path or driver
 *   consumer=cuda|gles  frames go to a consumer in this process, not to a
 *                  screen
 *   producer=cuda|gles  who puts them into the stream: CUDA the slot itself, or
 *                  GLES a copy that it draws; cuda
 *   fifo=N         frames that wait for the consumer, 1 to 8; 0, the default:
 *                  a mailbox, which holds the newest
 *   every=N        the consumer takes a frame each N ticks only; 1
 *   renew=N        the stream is ended and built again after each N frames, as
 *                  when it was lost; 0, the default: never
 *   digest=FILE    tick and hash of frames as the consumer got them, one a
 *                  line, as --digest writes them
 *   nth=N          of these each N-th; 1
 */
#ifndef DRIVERS_DISPLAY_EGLSTREAM_SETTINGS_H
#define DRIVERS_DISPLAY_EGLSTREAM_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/display/eglstream/library.h"

/* For --help. */
#define EGLSTREAM_SETTINGS_HELP                                                \
	"device=PATH|DRIVER, connector=NAME, consumer=cuda|gles, "             \
	"producer=cuda|gles, fifo=N, every=N, renew=N, digest=FILE, nth=N"

#define EGLSTREAM_PATH_MAX 256

enum eglstream_consumer {
	EGLSTREAM_SCREEN, /* as without the setting */
	EGLSTREAM_CUDA_CONSUMER,
	EGLSTREAM_GLES_CONSUMER
};

struct eglstream_settings {
	enum eglstream_consumer consumer;
	bool gles_producer;
	char device[EGLSTREAM_PATH_MAX], connector[32]; /* "": auto */
	uint32_t fifo, every, renew, nth;
	char digest[EGLSTREAM_PATH_MAX]; /* "": none */
};

/* list: NULL: all as they are without. 0, or -EINVAL with the refusal. */
int eglstream_settings_parse(struct eglstream_settings *settings,
			     const char *list,
			     struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));

#endif

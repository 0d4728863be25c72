/*
 * drivers/display/kms/refusal.h: why the display cannot be used: one line that
 * names the object and the way out, and an errno that becomes the exit status
 * (runtime/port/display.c). The only file where KMS errors become text.
 *
 *   ENODEV  no such device or connector, nothing connected
 *   EACCES  the device file may not be opened
 *   EBUSY   another process is the display's master
 *   ENOTSUP this device cannot do it: legacy driver, mode, size, format
 *   EINVAL  a setting that cannot be
 */
#ifndef DRIVERS_DISPLAY_KMS_REFUSAL_H
#define DRIVERS_DISPLAY_KMS_REFUSAL_H

#include <stdint.h>

#define KMS_REFUSAL_MAX 512

struct kms_refusal {
	int error; /* -errno; 0: nothing was refused */
	char text[KMS_REFUSAL_MAX];
};

/* Keeps this refusal, in place of an earlier one. Returns error. */
int kms_refuse(struct kms_refusal *refusal, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A device file that open() refused: names the group that may. */
int kms_refuse_open(struct kms_refusal *refusal, const char *path, int error);

/* A libdrm call that failed. */
int kms_refuse_call(struct kms_refusal *refusal, const char *path,
		    const char *call, int error);

/* Another process is master: names it (runtime: all of /proc is read), and for
 * a display manager the command that stops it. */
int kms_refuse_master(struct kms_refusal *refusal, const char *path);

/* The pid of a process that has this device file open, beside the caller's one
 * file, and is not about to end; 0: none can be seen. */
int kms_holder(const char *path);

/* A commit at bring-up that the driver refused. what: "mode 1920x1080 on
 * HDMI-A-1". */
int kms_refuse_commit(struct kms_refusal *refusal, const char *path,
		      const char *what, int error);

#endif

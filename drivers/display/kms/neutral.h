/*
 * drivers/display/kms/neutral.h: for each property of a CRTC, connector or
 * plane that another program may have set: the value at which it changes
 * nothing of a picture. By kind where the kind says it (a table of colours is
 * taken off, an enum that has a "Default" gets it), else by name; the names are
 * those of the kernel's drivers. No device is touched here.
 */
#ifndef DRIVERS_DISPLAY_KMS_NEUTRAL_H
#define DRIVERS_DISPLAY_KMS_NEUTRAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

/* True: *value is the one to set. False: not known, or not to be touched. */
bool kms_neutral(const drmModePropertyRes *property, uint64_t *value);

/*
 * A property of a connector that its owner may have set for good, and that
 * changes how the picture looks: it stays, but is told. If `value` is such a one
 * "max bpc=6" is appended to text, after a comma where one is needed.
 */
void kms_choice_text(const drmModePropertyRes *property, uint64_t value,
		     char *text, size_t bytes);

#endif

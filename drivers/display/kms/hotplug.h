/*
 * drivers/display/kms/hotplug.h: the kernel's uevents about displays, as hints
 * to look again. Any process may lack them and root may forge them, so nothing
 * is believed: the look decides.
 */
#ifndef DRIVERS_DISPLAY_KMS_HOTPLUG_H
#define DRIVERS_DISPLAY_KMS_HOTPLUG_H

#include <stdbool.h>

/* An fd that becomes readable; -1: no hints here. */
int kms_hotplug_open(void);

/* Accepts -1. */
void kms_hotplug_close(int fd);

/* Reads all that is there. True where one came from the kernel and is about a
 * DRM device, or where some were lost. */
bool kms_hotplug_read(int fd);

#endif

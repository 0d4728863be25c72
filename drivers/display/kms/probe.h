/*
 * drivers/display/kms/probe.h: cards, connectors and modes, for --probe: read
 * from sysfs by name only. No device file is opened, so nothing is woken or
 * mode-set, and this program never becomes master by it.
 */
#ifndef DRIVERS_DISPLAY_KMS_PROBE_H
#define DRIVERS_DISPLAY_KMS_PROBE_H

#include <stdbool.h>
#include <stdio.h>

/* Main thread. root: before /sys; "": the machine's. As display_ops.probe; true
 * where some connector says that it is connected. */
bool kms_probe_print(const char *root, FILE *out, const char *indent);

#endif

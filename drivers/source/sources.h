/*
 * drivers/source/sources.h: the source drivers there are. runtime/main.c lists
 * them.
 */
#ifndef DRIVERS_SOURCE_SOURCES_H
#define DRIVERS_SOURCE_SOURCES_H

#include "runtime/port/source.h"

extern const struct source_ops pattern_source;
extern const struct source_ops file_source;
extern const struct source_ops v4l2_source;

#endif

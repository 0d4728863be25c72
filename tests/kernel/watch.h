/*
 * tests/kernel/watch.h: how often each byte of a piece of memory is written,
 * and whether it is read, by code that is compiled with -fsanitize=thread: the
 * compiler puts a call before every access, and watch.c is what it calls.
 */
#ifndef TESTS_KERNEL_WATCH_H
#define TESTS_KERNEL_WATCH_H

#include <stddef.h>

/* From now on: writes[i] counts those of byte i, up to 255. */
void watch_begin(const void *base, size_t bytes, unsigned char *writes);

/* Ends it. The number of bytes that were read, each time counted. */
size_t watch_end(void);

#endif

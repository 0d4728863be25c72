/*
 * tests/lib/frames.h: reading recorded frames from a FIFO, whole.
 *
 * A recording of a few hundred frames is gigabytes: tests read it through a
 * FIFO while it is made and keep one frame of it.
 */
#ifndef TESTS_LIB_FRAMES_H
#define TESTS_LIB_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/lib/process.h"

/*
 * Reads exactly `bytes` bytes written by `writer` into `data`. False: the
 * writer closed before the first byte. Fails the test, naming the writer, when
 * it stops in the middle or nothing comes for PROCESS_LIMIT_MS.
 */
bool frames_read(int fd, struct process *writer, unsigned char *data,
		 size_t bytes);

/* Decodes a PNG file into XRGB8888 little endian, X = 0xFF; the caller frees.
 */
unsigned char *png_read(const char *path, uint32_t *width, uint32_t *height);

#endif

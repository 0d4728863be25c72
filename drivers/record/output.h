/*
 * drivers/record/output.h: one file or pipe that frames go into, in one of
 * three formats.
 *
 *   raw     XRGB8888 little endian, top row first, no header, no padding
 *   y4m     YUV4MPEG2, C444, BT.601, limited range (drivers/record/y4m.h)
 *   digest  text, one line a frame: "TICK HASH\n", TICK in decimal, HASH the
 *           XXH3-64 of the raw frame in 16 hexadecimal digits, as `xxhsum -H3`
 *           prints it
 *
 * Recorder thread only, but for open and close. Nothing here prints.
 */
#ifndef DRIVERS_RECORD_OUTPUT_H
#define DRIVERS_RECORD_OUTPUT_H

#include <stdbool.h>

#include "graph/graph.h"
#include "runtime/port/recording.h"

#define OUTPUT_STDOUT	      "-"
#define OUTPUT_READER_WAIT_MS 5000 /* at open, for a FIFO's reader */

enum output_format {
	OUTPUT_RAW,
	OUTPUT_Y4M,
	OUTPUT_DIGEST,
	OUTPUT_FORMAT_COUNT
};

struct output {
	/* config */
	enum output_format format;
	const struct graph *graph;
	uint32_t width, height; /* pixels */
	int stall_ms;		/* WRITE_STALL_MS */
	int fd;			/* -1: closed, or never opened */
	bool regular;		/* a file that can be cut */
	bool created, begun;	/* by open; what was in it is gone */
	unsigned char *planes;	/* y4m: width * height * 3 bytes; else NULL */
	/* recorder thread only, while it runs */
	uint64_t bytes; /* of the whole frames in the file */
	struct recording recording;
};

/* "--record" or "--digest". */
const char *output_option(enum output_format format);

/* 0; EBADF where standard output was closed at start. */
int output_check_stdout(void);

/*
 * Opens a file or FIFO for writing, without a change to what is in it, or
 * standard output ("-"). created: the file is new. The descriptor or -errno;
 * EINTR: a signal ended the wait for a FIFO's reader.
 */
int output_descriptor(const char *path, bool *created)
	__attribute__((warn_unused_result));

/*
 * 0, or -errno with one line in `error`: EISDIR, ENOENT, EACCES, ENOSPC ...,
 * ENXIO nobody reads the FIFO, ENOTTY pixels for a terminal, ENOMEM. Until
 * output_begin the file keeps what is in it, and a new one goes away again
 * with output_close.
 */
int output_open(struct output *output, const char *path,
		enum output_format format, const struct graph *graph,
		char *error, size_t error_bytes)
	__attribute__((warn_unused_result));

/* Nothing refuses the start any more: empties the file. An error here ends the
 * output, as one at a frame does. */
void output_begin(struct output *output);

/* Writes one packed frame, or counts it as lost. `frame` is only read. */
void output_frame(struct output *output, uint64_t tick,
		  const unsigned char *frame);

/* Counts frames that never came here. */
void output_lose(struct output *output, uint64_t frames, const char *reason);

/* Closes the file; a failure to close is an error too. Accepts fd -1. */
void output_close(struct output *output);

#endif

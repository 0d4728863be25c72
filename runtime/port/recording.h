/*
 * runtime/port/recording.h: what became of the frames of one output, --record or
 * --digest. Filled in by drivers/record/, read by the report.
 */
#ifndef RUNTIME_PORT_RECORDING_H
#define RUNTIME_PORT_RECORDING_H

#include <stdint.h>

struct recording {
	const char *path;
	const char *format; /* "raw", "y4m" or "digest" */
	uint64_t written;   /* whole frames (or lines) in the output */
	uint64_t lost;	    /* frames that are not, counted where lost */
	char error[256];    /* the first reason, one line; "": none */
};

#endif

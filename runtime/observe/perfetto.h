/*
 * runtime/observe/perfetto.h: the packets of a Perfetto trace, as bytes.
 *
 * A trace is a row of TracePacket messages in protobuf's wire format. This writes
 * those that a trace of events on tracks needs: who the process is, what its
 * tracks and names are, when slices begin and end, what happened in an instant.
 * Names are told once and numbered from then on (interned). Field numbers: those
 * of protos/perfetto/trace in github.com/google/perfetto; tests/runtime/trace.proto
 * has each that is used, with its file.
 *
 * All times are ns of CLOCK_MONOTONIC; the head says where that is on
 * CLOCK_BOOTTIME, by which viewers align traces. No call allocates or waits; what
 * has no room is cut at a packet's end and says so. One thread.
 */
#ifndef RUNTIME_OBSERVE_PERFETTO_H
#define RUNTIME_OBSERVE_PERFETTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where packets go. Caller-owned; `used` is 0 to begin with. */
struct perfetto {
	unsigned char *bytes;
	size_t room, used;
	bool full; /* a packet did not fit and is not there */
};

/* The most bytes of any one packet: names are cut. */
#define PERFETTO_PACKET_MAX 320
#define PERFETTO_NAME_MAX   128

enum perfetto_type {
	PERFETTO_BEGIN = 1, /* of a slice */
	PERFETTO_END = 2,   /* of the slice begun last on that track */
	PERFETTO_INSTANT = 3,
};

#define PERFETTO_NOTES 4

/* One event. */
struct perfetto_event {
	int64_t time_ns;
	enum perfetto_type type;
	uint64_t track; /* its number, from 1 */
	uint64_t name;	/* its number, from 1; 0: none (END) */
	/* what is told with it: numbers of their names, 0: no more */
	uint64_t note[PERFETTO_NOTES];
	int64_t value[PERFETTO_NOTES];
};

/* The head: both clocks at the same moment, and what all packets after it take for
 * granted. */
void perfetto_head(struct perfetto *out, int64_t monotonic_ns,
		   int64_t boottime_ns);

/* The process, a track itself, under which the others are. */
void perfetto_process(struct perfetto *out, uint64_t track, int32_t pid,
		      const char *name);
void perfetto_track(struct perfetto *out, uint64_t track, uint64_t parent,
		    const char *name);

/* Numbers for the names of events, and of what is told with them; each from 1. */
void perfetto_event_name(struct perfetto *out, uint64_t number,
			 const char *name);
void perfetto_note_name(struct perfetto *out, uint64_t number,
			const char *name);

void perfetto_event(struct perfetto *out, const struct perfetto_event *event);

#endif

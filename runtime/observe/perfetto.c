/*
 * runtime/observe/perfetto.c: see runtime/observe/perfetto.h.
 *
 * A message inside another one is preceded by its length, which is not known
 * when it begins: two bytes are left for it and filled in at its end. A number of
 * less than 14 bits may be written in two bytes as well as in one.
 */
#include "runtime/observe/perfetto.h"

#include <string.h>

/* Fields, by message. */
enum {
	TRACE_PACKET = 1,

	PACKET_CLOCK_SNAPSHOT = 6,
	PACKET_TIMESTAMP = 8,
	PACKET_SEQUENCE_ID = 10,
	PACKET_TRACK_EVENT = 11,
	PACKET_INTERNED_DATA = 12,
	PACKET_SEQUENCE_FLAGS = 13,
	PACKET_DEFAULTS = 59,
	PACKET_TRACK_DESCRIPTOR = 60,

	DEFAULTS_CLOCK_ID = 58,

	SNAPSHOT_CLOCKS = 1,
	CLOCK_ID = 1,
	CLOCK_TIMESTAMP = 2,

	EVENT_NOTE = 4,
	EVENT_TYPE = 9,
	EVENT_NAME = 10,
	EVENT_TRACK = 11,

	NOTE_NAME = 1,
	NOTE_INT = 4,

	TRACK_NUMBER = 1,
	TRACK_NAME = 2,
	TRACK_PROCESS = 3,
	TRACK_PARENT = 5,

	PROCESS_PID = 1,
	PROCESS_NAME = 6,

	INTERNED_EVENT_NAMES = 2,
	INTERNED_NOTE_NAMES = 3,
	INTERNED_NUMBER = 1,
	INTERNED_NAME = 2,
};

#define CLOCK_IS_MONOTONIC 3
#define CLOCK_IS_BOOTTIME  6
#define SEQUENCE	   1 /* one writer: any number but 0 */
#define FLAG_CLEARED	   1 /* names begin anew */
#define FLAG_NEEDED	   2 /* names of before are used */

#define WIRE_NUMBER 0
#define WIRE_BYTES  2

#define LENGTH_BYTES 2
#define LENGTH_MAX   ((1u << 14) - 1)

_Static_assert(PERFETTO_PACKET_MAX <= LENGTH_MAX, "lengths have two bytes");

static void perfetto_put_number(struct perfetto *out, uint64_t number)
{
	while (number > 0x7f) {
		out->bytes[out->used++] = (unsigned char)(number | 0x80);
		number >>= 7;
	}
	out->bytes[out->used++] = (unsigned char)number;
}

static void perfetto_put_field(struct perfetto *out, uint32_t field, uint64_t number)
{
	perfetto_put_number(out, field << 3 | WIRE_NUMBER);
	perfetto_put_number(out, number);
}

static void perfetto_put_text(struct perfetto *out, uint32_t field, const char *text)
{
	size_t length = strnlen(text, PERFETTO_NAME_MAX);

	perfetto_put_number(out, field << 3 | WIRE_BYTES);
	perfetto_put_number(out, length);
	memcpy(out->bytes + out->used, text, length);
	out->used += length;
}

/* Where its bytes begin, for perfetto_put_close. */
static size_t perfetto_put_open(struct perfetto *out, uint32_t field)
{
	perfetto_put_number(out, field << 3 | WIRE_BYTES);
	out->used += LENGTH_BYTES;
	return out->used;
}

static void perfetto_put_close(struct perfetto *out, size_t from)
{
	size_t length = out->used - from;

	out->bytes[from - 2] = (unsigned char)(length | 0x80);
	out->bytes[from - 1] = (unsigned char)(length >> 7);
}

/* 0: it has no room. */
static size_t packet_open(struct perfetto *out, uint64_t flags)
{
	size_t from;

	if (out->room - out->used < PERFETTO_PACKET_MAX) {
		out->full = true;
		return 0;
	}
	from = perfetto_put_open(out, TRACE_PACKET);
	perfetto_put_field(out, PACKET_SEQUENCE_ID, SEQUENCE);
	perfetto_put_field(out, PACKET_SEQUENCE_FLAGS, flags);
	return from;
}

static void perfetto_put_clock(struct perfetto *out, uint64_t id, int64_t time_ns)
{
	size_t from = perfetto_put_open(out, SNAPSHOT_CLOCKS);

	perfetto_put_field(out, CLOCK_ID, id);
	perfetto_put_field(out, CLOCK_TIMESTAMP, (uint64_t)time_ns);
	perfetto_put_close(out, from);
}

void perfetto_head(struct perfetto *out, int64_t monotonic_ns,
		   int64_t boottime_ns)
{
	size_t packet = packet_open(out, FLAG_CLEARED), from;

	if (!packet)
		return;
	from = perfetto_put_open(out, PACKET_DEFAULTS);
	perfetto_put_field(out, DEFAULTS_CLOCK_ID, CLOCK_IS_MONOTONIC);
	perfetto_put_close(out, from);
	from = perfetto_put_open(out, PACKET_CLOCK_SNAPSHOT);
	perfetto_put_clock(out, CLOCK_IS_MONOTONIC, monotonic_ns);
	perfetto_put_clock(out, CLOCK_IS_BOOTTIME, boottime_ns);
	perfetto_put_close(out, from);
	perfetto_put_close(out, packet);
}

void perfetto_process(struct perfetto *out, uint64_t track, int32_t pid,
		      const char *name)
{
	size_t packet = packet_open(out, FLAG_NEEDED), from, process;

	if (!packet)
		return;
	from = perfetto_put_open(out, PACKET_TRACK_DESCRIPTOR);
	perfetto_put_field(out, TRACK_NUMBER, track);
	process = perfetto_put_open(out, TRACK_PROCESS);
	perfetto_put_field(out, PROCESS_PID, (uint64_t)pid);
	perfetto_put_text(out, PROCESS_NAME, name);
	perfetto_put_close(out, process);
	perfetto_put_close(out, from);
	perfetto_put_close(out, packet);
}

void perfetto_track(struct perfetto *out, uint64_t track, uint64_t parent,
		    const char *name)
{
	size_t packet = packet_open(out, FLAG_NEEDED), from;

	if (!packet)
		return;
	from = perfetto_put_open(out, PACKET_TRACK_DESCRIPTOR);
	perfetto_put_field(out, TRACK_NUMBER, track);
	perfetto_put_field(out, TRACK_PARENT, parent);
	perfetto_put_text(out, TRACK_NAME, name);
	perfetto_put_close(out, from);
	perfetto_put_close(out, packet);
}

static void perfetto_put_interned(struct perfetto *out, uint32_t field, uint64_t number,
			 const char *name)
{
	size_t packet = packet_open(out, FLAG_NEEDED), from, entry;

	if (!packet)
		return;
	from = perfetto_put_open(out, PACKET_INTERNED_DATA);
	entry = perfetto_put_open(out, field);
	perfetto_put_field(out, INTERNED_NUMBER, number);
	perfetto_put_text(out, INTERNED_NAME, name);
	perfetto_put_close(out, entry);
	perfetto_put_close(out, from);
	perfetto_put_close(out, packet);
}

void perfetto_event_name(struct perfetto *out, uint64_t number,
			 const char *name)
{
	perfetto_put_interned(out, INTERNED_EVENT_NAMES, number, name);
}

void perfetto_note_name(struct perfetto *out, uint64_t number,
			const char *name)
{
	perfetto_put_interned(out, INTERNED_NOTE_NAMES, number, name);
}

static void perfetto_put_notes(struct perfetto *out, const struct perfetto_event *event)
{
	size_t from;
	int i;

	for (i = 0; i < PERFETTO_NOTES && event->note[i]; i++) {
		from = perfetto_put_open(out, EVENT_NOTE);
		perfetto_put_field(out, NOTE_NAME, event->note[i]);
		perfetto_put_field(out, NOTE_INT, (uint64_t)event->value[i]);
		perfetto_put_close(out, from);
	}
}

void perfetto_event(struct perfetto *out, const struct perfetto_event *event)
{
	size_t packet = packet_open(out, FLAG_NEEDED), from;

	if (!packet)
		return;
	perfetto_put_field(out, PACKET_TIMESTAMP, (uint64_t)event->time_ns);
	from = perfetto_put_open(out, PACKET_TRACK_EVENT);
	perfetto_put_field(out, EVENT_TYPE, event->type);
	perfetto_put_field(out, EVENT_TRACK, event->track);
	if (event->name)
		perfetto_put_field(out, EVENT_NAME, event->name);
	perfetto_put_notes(out, event);
	perfetto_put_close(out, from);
	perfetto_put_close(out, packet);
}

/*
 * tests/runtime/trace_decode.h: a trace's bytes read back: protobuf's wire format
 * and the few fields that tests look at, written for them alone. Included once by
 * a test program; every failure fails the running test.
 */
#ifndef TESTS_RUNTIME_TRACE_DECODE_H
#define TESTS_RUNTIME_TRACE_DECODE_H

#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define DECODED_MAX 20000
#define DECODED_NAMES 256

struct decoded_event {
	uint64_t time_ns, type, track, name;
	uint32_t notes;
	uint64_t note[8];
	int64_t value[8];
};

struct decoded {
	uint32_t packets, count;
	struct decoded_event event[DECODED_MAX];
	char track[DECODED_NAMES][160], name[DECODED_NAMES][160],
		note[DECODED_NAMES][160];
	uint64_t clock_id, clocks;
};

static struct decoded decoded;

struct wire {
	const unsigned char *at, *end;
};

static uint64_t wire_number(struct wire *wire)
{
	uint64_t number = 0;
	unsigned int shift = 0;

	for (;; shift += 7) {
		ck_assert(wire->at < wire->end);
		ck_assert_uint_lt(shift, 64);
		number |= (uint64_t)(*wire->at & 0x7f) << shift;
		if (!(*wire->at++ & 0x80))
			return number;
	}
}

/* The next field: its number, and what it holds. 0: no more. */
static uint32_t wire_field(struct wire *wire, uint64_t *number,
			   struct wire *bytes)
{
	uint64_t key, length;

	if (wire->at == wire->end)
		return 0;
	key = wire_number(wire);
	*number = 0;
	if ((key & 7) == 0) {
		*number = wire_number(wire);
		return (uint32_t)(key >> 3);
	}
	ck_assert_uint_eq(key & 7, 2);
	length = wire_number(wire);
	ck_assert_uint_le(length, (uint64_t)(wire->end - wire->at));
	*bytes = (struct wire){wire->at, wire->at + length};
	wire->at += length;
	return (uint32_t)(key >> 3);
}

/* Fields `id` and `text` of a message into the table. */
static void decode_name(struct wire wire, uint32_t id, uint32_t text,
			char table[][160])
{
	const unsigned char *name = NULL;
	uint64_t number, index = 0;
	size_t length = 0;
	struct wire bytes;
	uint32_t field;

	while ((field = wire_field(&wire, &number, &bytes))) {
		if (field == id)
			index = number;
		if (field == text) {
			name = bytes.at;
			length = (size_t)(bytes.end - bytes.at);
		}
	}
	ck_assert_uint_gt(index, 0);
	ck_assert_uint_lt(index, DECODED_NAMES);
	ck_assert_uint_lt(length, 160);
	ck_assert_msg(!table[index][0], "number %d is told twice", (int)index);
	if (name)
		memcpy(table[index], name, length);
}

static void decode_interned(struct wire wire)
{
	struct wire bytes;
	uint64_t number;
	uint32_t field;

	while ((field = wire_field(&wire, &number, &bytes)))
		if (field == 2)
			decode_name(bytes, 1, 2, decoded.name);
		else if (field == 3)
			decode_name(bytes, 1, 2, decoded.note);
}

static void decode_note(struct wire wire, struct decoded_event *event)
{
	struct wire bytes;
	uint64_t number;
	uint32_t field;

	ck_assert_uint_lt(event->notes, 8);
	while ((field = wire_field(&wire, &number, &bytes)))
		if (field == 1)
			event->note[event->notes] = number;
		else if (field == 4)
			event->value[event->notes] = (int64_t)number;
	event->notes++;
}

static void decode_event(struct wire wire, struct decoded_event *event)
{
	struct wire bytes;
	uint64_t number;
	uint32_t field;

	while ((field = wire_field(&wire, &number, &bytes))) {
		if (field == 4)
			decode_note(bytes, event);
		if (field == 9)
			event->type = number;
		if (field == 10)
			event->name = number;
		if (field == 11)
			event->track = number;
	}
}

static void decode_packet(struct wire wire)
{
	struct decoded_event event = {0};
	struct wire bytes, inner;
	uint64_t number;
	uint32_t field;

	while ((field = wire_field(&wire, &number, &bytes))) {
		if (field == 8)
			event.time_ns = number;
		if (field == 11)
			decode_event(bytes, &event);
		if (field == 12)
			decode_interned(bytes);
		if (field == 60)
			decode_name(bytes, 1, 2, decoded.track);
		if (field == 59)
			while (wire_field(&bytes, &number, &inner) == 58)
				decoded.clock_id = number;
		if (field == 6)
			while (wire_field(&bytes, &number, &inner) == 1)
				decoded.clocks++;
	}
	decoded.packets++;
	if (!event.type)
		return;
	ck_assert_uint_lt(decoded.count, DECODED_MAX);
	decoded.event[decoded.count++] = event;
}

/* All of it, after what was decoded before. */
static inline void decode(const unsigned char *bytes, size_t count)
{
	struct wire wire = {bytes, bytes + count}, packet;
	uint64_t number;

	while (wire.at < wire.end) {
		ck_assert_uint_eq(wire_field(&wire, &number, &packet), 1);
		decode_packet(packet);
	}
}

static inline const char *decoded_track(const struct decoded_event *event)
{
	return decoded.track[event->track];
}

/* What is told with an event; fails where it is not. */
static inline int64_t decoded_note(const struct decoded_event *event,
				   const char *name)
{
	for (uint32_t i = 0; i < event->notes; i++)
		if (!strcmp(decoded.note[event->note[i]], name))
			return event->value[i];
	ck_abort_msg("an event without %s", name);
	return 0;
}

/* Events of that type and name on the track, "" for any. */
static inline uint32_t decoded_count(const char *track, const char *name,
				     uint64_t type)
{
	uint32_t i, found = 0;

	for (i = 0; i < decoded.count; i++) {
		const struct decoded_event *event = &decoded.event[i];

		found += event->type == type &&
			 !strcmp(decoded_track(event), track) &&
			 (!*name || !strcmp(decoded.name[event->name], name));
	}
	return found;
}

/* Times of a track never go back, slices end before others begin. */
static inline void decoded_check_tracks(void)
{
	static uint64_t last[DECODED_NAMES];
	static bool open[DECODED_NAMES];
	uint32_t i;

	memset(last, 0, sizeof(last));
	memset(open, 0, sizeof(open));
	for (i = 0; i < decoded.count; i++) {
		const struct decoded_event *event = &decoded.event[i];

		ck_assert_msg(decoded_track(event)[0], "a track without a name");
		ck_assert_uint_ge(event->time_ns, last[event->track]);
		last[event->track] = event->time_ns;
		if (event->type == 3)
			continue;
		ck_assert(open[event->track] == (event->type == 2));
		open[event->track] = event->type == 1;
	}
	for (i = 0; i < DECODED_NAMES; i++)
		ck_assert(!open[i]);
}

#endif

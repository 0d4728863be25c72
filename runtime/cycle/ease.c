/*
 * runtime/cycle/ease.c: see runtime/cycle/ease.h.
 */
#include "runtime/cycle/ease.h"

#include <string.h>

#define SINE_PIECES 32

/* EASE_ONE * (1 - cos(pi / 2 * i / SINE_PIECES)), rounded; straight between. */
static const int32_t sine_in[SINE_PIECES + 1] = {
	0, 1263, 5049, 11349, 20148, 31425, 45151, 61295,
	79818, 100675, 123815, 149182, 176717, 206352, 238016, 271632,
	307121, 344395, 383366, 423940, 466018, 509500, 554281, 600252,
	647303, 695321, 744190, 793793, 844009, 894718, 945798, 997125,
	1048576,
};

static int64_t ease_sine(int64_t part)
{
	int64_t piece = EASE_ONE / SINE_PIECES, i = part / piece;

	if (i == SINE_PIECES)
		return EASE_ONE;
	return sine_in[i] +
	       (sine_in[i + 1] - sine_in[i]) * (part % piece) / piece;
}

/* Slow at the start. */
static int64_t ease_in(enum ease ease, int64_t part)
{
	switch (ease) {
	case EASE_QUAD_IN:
	case EASE_QUAD_OUT:
	case EASE_QUAD_IN_OUT:
		return part * part / EASE_ONE;
	case EASE_CUBIC_IN:
	case EASE_CUBIC_OUT:
	case EASE_CUBIC_IN_OUT:
		return part * part * part / EASE_ONE / EASE_ONE;
	case EASE_SINE_IN:
	case EASE_SINE_OUT:
	case EASE_SINE_IN_OUT:
		return ease_sine(part);
	case EASE_LINEAR:
	case EASE_COUNT:
		break;
	}
	return part;
}

int64_t ease_at(enum ease ease, int64_t part)
{
	switch (ease) {
	case EASE_QUAD_OUT:
	case EASE_CUBIC_OUT:
	case EASE_SINE_OUT:
		return EASE_ONE - ease_in(ease, EASE_ONE - part);
	case EASE_QUAD_IN_OUT:
	case EASE_CUBIC_IN_OUT:
	case EASE_SINE_IN_OUT:
		if (part < EASE_ONE / 2)
			return ease_in(ease, 2 * part) / 2;
		return EASE_ONE - ease_in(ease, 2 * (EASE_ONE - part)) / 2;
	default:
		return ease_in(ease, part);
	}
}

/* clang-format off */
static const struct {
	const char *name;
	enum ease ease;
} ease_names[] = { /* the first of an ease is what it is called */
	{"linear", EASE_LINEAR},
	{"quad-in", EASE_QUAD_IN}, {"quad-out", EASE_QUAD_OUT},
	{"quad-in-out", EASE_QUAD_IN_OUT}, {"quad", EASE_QUAD_IN_OUT},
	{"in", EASE_QUAD_IN}, {"out", EASE_QUAD_OUT}, {"in-out", EASE_QUAD_IN_OUT},
	{"cubic-in", EASE_CUBIC_IN}, {"cubic-out", EASE_CUBIC_OUT},
	{"cubic-in-out", EASE_CUBIC_IN_OUT}, {"cubic", EASE_CUBIC_IN_OUT},
	{"sine-in", EASE_SINE_IN}, {"sine-out", EASE_SINE_OUT},
	{"sine-in-out", EASE_SINE_IN_OUT}, {"sine", EASE_SINE_IN_OUT},
};
/* clang-format on */
#define EASE_NAMES (sizeof(ease_names) / sizeof(ease_names[0]))

bool ease_read(const char *name, enum ease *ease)
{
	size_t i;

	for (i = 0; i < EASE_NAMES; i++)
		if (!strcmp(name, ease_names[i].name)) {
			*ease = ease_names[i].ease;
			return true;
		}
	return false;
}

const char *ease_name(enum ease ease)
{
	size_t i;

	for (i = 0; i < EASE_NAMES; i++)
		if (ease_names[i].ease == ease)
			return ease_names[i].name;
	return "";
}

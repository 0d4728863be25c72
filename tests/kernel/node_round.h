/*
 * tests/kernel/node_round.h: one node type, with random parameters and a
 * random tick, its bytes between guard bands, foo_tick called.
 *
 * For test_nodes.c and test_frame_nodes.c, each a program of its own.
 */
#ifndef TESTS_KERNEL_NODE_ROUND_H
#define TESTS_KERNEL_NODE_ROUND_H

#include <check.h>
#include <stdarg.h>

#include "tests/kernel/node_table.h"
#include "tests/kernel/random.h"

#define SIDE_MIN 16 /* px: the smallest frame that a graph may have */

static uint64_t seed;

/* One node with its bytes, one tick done. */
struct round {
	const struct node_type *type;
	struct random random;
	uint32_t width, height;
	struct run run;
	struct tick tick;
	uint64_t changed[NODE_PARAMS_MAX];
	struct node_size input[NODE_INPUTS_MAX]; /* kind sample */
	uint32_t input_count;			 /* of them, that are fed */
	struct tick_source source[NODE_SOURCES];
	struct guarded params, uniform, state, counts;
};

#define REQUIRE(round, what, ...)                                              \
	do {                                                                   \
		if (!(what))                                                   \
			round_fail(round, __VA_ARGS__);                        \
	} while (0)

/* Ends the test with a line that says how to repeat it. */
__attribute__((format(printf, 2, 3))) NODE_HOST void
round_fail(const struct round *round, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	ck_abort_msg("SEED=%llu: %s %ux%u tick %llu: %s",
		     (unsigned long long)seed, round->type->name, round->width,
		     round->height, (unsigned long long)round->tick.number,
		     text);
}

/* Mostly small numbers of either sign, often an end of the range. */
NODE_HOST double random_value(struct random *random, double min, double max,
			      double usual)
{
	double unit = random_unit(random), value;

	switch (random_below(random, 8)) {
	case 0:
		return min;
	case 1:
		return max;
	case 2:
		return usual;
	}
	value = unit * unit * unit * (max > -min ? max : -min);
	if (min < 0 && random_below(random, 2))
		value = -value;
	return value < min ? min : value > max ? max : value;
}

/* Characters of one to four bytes, up to `bytes` of them; then NULs. */
NODE_HOST void random_string(struct random *random, char *string,
			     uint32_t bytes)
{
	static const char *const characters[] = {
		"A", "V", "i", "W", " ", ".", "\303\204", "\316\251",
		"\320\226", "\342\202\254", "\344\270\255",
		"\360\237\230\200",
	};
	uint32_t limit = random_below(random, bytes + 1), used = 0;

	while (used < limit) {
		const char *character = characters[random_below(random, 12)];
		size_t length = strlen(character);

		if (used + length > bytes)
			break;
		memcpy(string + used, character, length);
		used += (uint32_t)length;
	}
	memset(string + used, 0, bytes + 1 - used);
}

/* Often opaque or not there at all. */
NODE_HOST void random_rgba(struct random *random, unsigned char *at)
{
	uint32_t color = (uint32_t)random_next(random);

	switch (random_below(random, 4)) {
	case 0:
		color |= 0xff000000;
		break;
	case 1:
		color &= 0xffffff;
		break;
	}
	memcpy(at, &color, sizeof(color));
}

NODE_HOST void random_param(struct round *round, const struct node_param *param)
{
	unsigned char *at = round->params.base + param->offset;
	struct random *random = &round->random;
	uint32_t i;

	if (param->type == GRAPH_PARAM_STRING) {
		random_string(random, (char *)at, param->count - 1);
		return;
	}
	for (i = 0; i < param->count; i++) {
		double real = random_value(random, param->min, param->max,
					   param->defaults[i]);
		int32_t integer = 0;
		uint32_t color = 0xff000000 | (uint32_t)random_next(random);

		if (param->type == GRAPH_PARAM_INT)
			integer = (int32_t)real;
		if (param->type == GRAPH_PARAM_BOOL)
			integer = (int32_t)random_below(random, 2);
		if (param->type == GRAPH_PARAM_CHOICE)
			integer = (int32_t)random_below(
				random, param->names_inputs
						? round->input_count
						: (uint32_t)param->max + 1);
		if (param->type == GRAPH_PARAM_FLOAT)
			memcpy(at + i * sizeof(real), &real, sizeof(real));
		else if (param->type == GRAPH_PARAM_COLOR)
			memcpy(at + i * sizeof(color), &color, sizeof(color));
		else if (param->type == GRAPH_PARAM_RGBA)
			random_rgba(random, at + i * sizeof(color));
		else
			memcpy(at + i * sizeof(integer), &integer,
			       sizeof(integer));
	}
}

NODE_HOST void random_run(struct random *random, struct run *run)
{
	static const char *const backends[] = {"", "cpu", "cuda", "Other"};
	static const double rates[] = {0, 12.34, 40, 54.95, 59.94, 200, 1e12};

	*run = (struct run){
		.fps = rates[random_below(random, 7)],
		.dt_ms = random_unit(random) * 1e3,
		.late = (uint32_t)random_next(random) >>
			random_below(random, 32),
		.skipped = (uint32_t)random_next(random) >>
			   random_below(random, 32),
		.wall_ms = (int64_t)(random_next(random) >> 16) - (1ll << 46),
		.nominal = random_below(random, 2),
		.backend = backends[random_below(random, 4)],
	};
}

/* Never, now, a moment ago or at any tick before this. */
NODE_HOST void random_changes(struct round *round)
{
	struct random *random = &round->random;
	uint64_t number = round->tick.number;
	uint32_t i;

	for (i = 0; i < NODE_PARAMS_MAX; i++) {
		uint64_t ago = random_next(random) >> random_below(random, 64);

		round->changed[i] = ago < number ? number - ago : 0;
		if (!random_below(random, 4))
			round->changed[i] = number;
	}
}

/* Some without a frame or stamp, numbers small or of any size. */
NODE_HOST void random_sources(struct round *round)
{
	struct random *random = &round->random;
	uint32_t i;

	for (i = 0; i < NODE_SOURCES; i++)
		round->source[i] = (struct tick_source){
			.shown = random_below(random, 4),
			.sequence = random_next(random) >>
				    random_below(random, 64),
			.stamped = random_below(random, 4),
			.age_ns = (int64_t)(random_next(random) >>
					    (1 + random_below(random, 63))),
		};
}

NODE_HOST void random_tick(struct round *round)
{
	static const uint32_t rates[][2] = {
		{60, 1}, {60000, 1001}, {1000, 1}, {1, 1}, {1, 1000000}};
	struct random *random = &round->random;
	const uint32_t *rate = rates[random_below(random, 5)];
	uint64_t number = random_next(random) >> random_below(random, 64);

	random_run(random, &round->run);
	round->tick = (struct tick){
		.number = number,
		.seconds = (double)number * rate[1] / rate[0],
		.rate_num = rate[0],
		.rate_den = rate[1],
		.width = round->width,
		.height = round->height,
		.run = &round->run,
		.changed = round->changed,
		.input = round->type->sample ? round->input : NULL,
		.source = round->source,
		.source_count = random_below(random, NODE_SOURCES + 1),
	};
	random_sources(round);
	random_changes(round);
}

NODE_HOST void *bytes_or_null(const struct guarded *guarded)
{
	return guarded->bytes ? guarded->base : NULL;
}

/* The uniform starts as rubbish: foo_tick must set what the rest reads. */
NODE_HOST void round_start(struct round *round)
{
	const struct node_type *type = round->type;
	uint64_t w = round->width, h = round->height;
	uint32_t i;

	random_tick(round);
	round->params = guarded_new(type->params_bytes, 0);
	for (i = 0; i < type->param_count; i++)
		random_param(round, &type->params[i]);
	round->uniform = guarded_new(type->uniform_bytes(w, h),
				     (int)random_below(&round->random, 256));
	round->state = guarded_new(type->state_bytes(w, h), 0);
	round->counts = guarded_new(type->count_count * sizeof(uint64_t), 0);
	round->tick.count = bytes_or_null(&round->counts);
	ck_assert_uint_le(type->uniform_sizeof, round->uniform.bytes);
}

NODE_HOST void round_tick(struct round *round)
{
	round->type->tick(bytes_or_null(&round->params), &round->tick,
			  bytes_or_null(&round->state),
			  bytes_or_null(&round->uniform));
	REQUIRE(round, guarded_intact(&round->uniform), "tick: uniform");
	REQUIRE(round, guarded_intact(&round->state), "tick: state");
	REQUIRE(round, guarded_intact(&round->params), "tick: params");
	REQUIRE(round, guarded_intact(&round->counts), "tick: counts");
}

NODE_HOST void round_finish(struct round *round)
{
	guarded_free(&round->params);
	guarded_free(&round->uniform);
	guarded_free(&round->state);
	guarded_free(&round->counts);
}

NODE_HOST void random_row(struct random *random, struct guarded *row)
{
	uint32_t *pixel = (uint32_t *)(void *)row->base;
	uint32_t how = random_below(random, 4);
	size_t i;

	for (i = 0; i < row->bytes / 4; i++)
		pixel[i] = 0xff000000 |
			   (how == 0   ? 0
			    : how == 1 ? 0xffffff
			    : how == 2 ? (i % 2 ? 0xff00ff : 0x00ff00)
				       : (uint32_t)random_next(random));
}

/* An image with a random pitch, every byte `fill`. */
struct canvas {
	struct guarded memory;
	struct image image;
};

NODE_HOST struct canvas canvas_new(struct round *round, int fill)
{
	size_t pitch = (size_t)round->width * 4 + 15;
	struct canvas canvas;

	pitch = pitch / 16 * 16 + 16 * random_below(&round->random, 5);
	canvas.memory = guarded_new(pitch * round->height, fill);
	canvas.image = (struct image){canvas.memory.base, pitch, round->width,
				       round->height};
	return canvas;
}

#endif

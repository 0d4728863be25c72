/*
 * tests/kernel/test_frame_nodes.c: what every node of kind frame promises, on
 * random parameters and sizes, state, scratch, uniform, parameters and every
 * image a block of its own between guard bands: foo_frame stores every pixel of
 * out once, never reads it, depends on its inputs and state only and keeps to
 * its bytes; foo_band draws foo_frame's rows, and no others.
 *
 * What blur's picture should be is in test_blur.c.
 */
#include "tests/kernel/node_round.h"
#include "tests/kernel/watch.h"

#define ROUNDS	250
#define WATCHED 10 /* of them, each access by itself */

#ifndef __SANITIZE_THREAD__
/* node_types, compiled so that watch.h sees what they do. */
extern const struct node_type node_types_watched[];
#endif

/* Every pixel has X = 0xff; what lies between the rows is still `fill`. */
static void check_picture(const struct round *round,
			  const struct canvas *canvas, int fill)
{
	uint32_t x, y;

	REQUIRE(round, guarded_intact(&canvas->memory), "frame: out's guards");
	for (y = 0; y < round->height; y++) {
		const uint32_t *row = image_row(&canvas->image, y);
		const unsigned char *bytes = (const unsigned char *)row;

		for (x = 0; x < round->width; x++)
			REQUIRE(round, row[x] >> 24 == 0xff,
				"frame: pixel %u,%u is %08x", x, y, row[x]);
		for (x *= 4; x < canvas->image.pitch; x++)
			REQUIRE(round, bytes[x] == fill,
				"frame: byte %u of row %u", x, y);
	}
}

/* Draws once, as if for the first time: the state is a copy. */
static void frame_draw(struct round *round, const struct node_type *type,
		       const struct image *in, const struct image *out,
		       int fill)
{
	uint64_t bytes = type->scratch_bytes(round->width, round->height);
	struct guarded scratch = guarded_new(bytes, fill);
	struct guarded state = guarded_new(round->state.bytes, 0);

	memcpy(state.base, round->state.base, state.bytes);
	type->frame(bytes_or_null(&round->params),
		    bytes_or_null(&round->uniform), bytes_or_null(&state), in,
		    out, bytes_or_null(&scratch));
	REQUIRE(round, guarded_intact(&scratch), "frame: scratch's guards");
	REQUIRE(round, guarded_intact(&state), "frame: state's guards");
	REQUIRE(round, guarded_intact(&round->uniform), "frame: uniform");
	REQUIRE(round, guarded_intact(&round->params), "frame: params");
	guarded_free(&scratch);
	guarded_free(&state);
}

static void frame_compare(struct round *round, const struct image *in)
{
	static const int fills[2] = {0x00, 0xff};
	struct canvas out[2];
	uint32_t i, y;

	for (i = 0; i < 2; i++) {
		out[i] = canvas_new(round, fills[i]);
		frame_draw(round, round->type, in, &out[i].image, fills[i]);
		check_picture(round, &out[i], fills[i]);
	}
	for (y = 0; y < round->height; y++)
		REQUIRE(round,
			!memcmp(image_row(&out[0].image, y),
				image_row(&out[1].image, y), round->width * 4),
			"frame: row %u depends on what was there", y);
	guarded_free(&out[0].memory);
	guarded_free(&out[1].memory);
}

/* One band, its scratch full of rubbish. */
static void band_draw(struct round *round, const struct image *in,
		      const struct image *out, uint32_t y0, uint32_t y1)
{
	uint64_t bytes = round->type->scratch_bytes(round->width, round->height);
	struct guarded scratch = guarded_new(bytes, 0xaa);

	random_row(&round->random, &scratch);
	round->type->band(bytes_or_null(&round->params),
			  bytes_or_null(&round->uniform), in, out, (int32_t)y0,
			  (int32_t)y1, bytes_or_null(&scratch));
	REQUIRE(round, guarded_intact(&scratch), "band: scratch's guards");
	REQUIRE(round, guarded_intact(&round->uniform), "band: uniform");
	REQUIRE(round, guarded_intact(&round->params), "band: params");
	guarded_free(&scratch);
}

/* Every second band, then the others: rows not yet drawn are as they were. */
static void frame_bands(struct round *round, const struct image *in)
{
	struct canvas whole = canvas_new(round, 0x5a);
	struct canvas parts = canvas_new(round, 0x5a);
	uint32_t rows = GRAPH_BAND * (1 + random_below(&round->random, 4));
	uint32_t odd, y, x;

	frame_draw(round, round->type, in, &whole.image, 0x5a);
	for (odd = 0; odd < 2; odd++) {
		for (y = odd * rows; y < round->height; y += 2 * rows)
			band_draw(round, in, &parts.image, y,
				  y + rows < round->height ? y + rows
							   : round->height);
		for (y = rows; y < round->height && !odd; y++)
			for (x = 0; x < round->width && y / rows % 2; x++)
				REQUIRE(round,
					image_row(&parts.image, y)[x] ==
						0x5a5a5a5a,
					"band: pixel %u,%u is another's", x, y);
	}
	for (y = 0; y < round->height; y++)
		REQUIRE(round,
			!memcmp(image_row(&whole.image, y),
				image_row(&parts.image, y), round->width * 4),
			"band: %u rows at a time draw another row %u", rows, y);
	check_picture(round, &parts, 0x5a);
	guarded_free(&whole.memory);
	guarded_free(&parts.memory);
}

/* Each byte of each pixel stored once, nothing else, and nothing read. */
static void frame_watch(struct round *round, const struct image *in)
{
#ifndef __SANITIZE_THREAD__
	const struct node_type *type =
		&node_types_watched[round->type - node_types];
	struct canvas out = canvas_new(round, 0x5a);
	struct guarded writes = guarded_new(out.memory.bytes, 0);
	size_t at, x, reads;

	watch_begin(out.memory.base, out.memory.bytes, writes.base);
	frame_draw(round, type, in, &out.image, 0x5a);
	reads = watch_end();
	REQUIRE(round, !reads, "frame: reads %zu bytes of out", reads);
	for (at = 0; at < writes.bytes; at++) {
		x = at % out.image.pitch / 4;
		REQUIRE(round, writes.base[at] == (x < round->width),
			"frame: stores pixel %zu,%zu %u times", x,
			at / out.image.pitch, writes.base[at]);
	}
	guarded_free(&out.memory);
	guarded_free(&writes);
#else
	(void)round;
	(void)in;
#endif
}

static void frame_round(struct round *round, bool watched)
{
	struct canvas in[NODE_INPUTS_MAX];
	struct image images[NODE_INPUTS_MAX];
	struct guarded kept[NODE_INPUTS_MAX];
	uint32_t i, count = round->type->input_count;

	round_start(round);
	for (i = 0; i < count; i++) {
		in[i] = canvas_new(round, 0);
		random_row(&round->random, &in[i].memory);
		images[i] = in[i].image;
		kept[i] = guarded_new(in[i].memory.bytes, 0);
		memcpy(kept[i].base, in[i].memory.base, kept[i].bytes);
	}
	round_tick(round);
	frame_compare(round, images);
	if (round->type->band)
		frame_bands(round, images);
	if (watched)
		frame_watch(round, images);
	for (i = 0; i < count; i++) {
		REQUIRE(round,
			!memcmp(kept[i].base, in[i].memory.base, kept[i].bytes),
			"frame: input %u changed", i);
		REQUIRE(round, guarded_intact(&in[i].memory),
			"frame: input %u's guards", i);
		guarded_free(&in[i].memory);
		guarded_free(&kept[i]);
	}
	round_finish(round);
}

START_TEST(frame_nodes)
{
	const struct node_type *type = &node_types[_i];
	struct random random = random_init(seed, (uint64_t)_i);
	uint32_t i;

	if (!type->is_frame)
		return;
	for (i = 0; i < ROUNDS; i++) {
		uint32_t most = i % 50 ? 100 : 1000;
		struct round round = {
			.type = type,
			.random = random_init(random_next(&random), 0),
			.width = SIDE_MIN + random_below(&random, most),
			.height = SIDE_MIN + random_below(&random, most),
		};

		frame_round(&round, i % (ROUNDS / WATCHED) == 1);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("frame nodes");
	TCase *tcase = tcase_create("all types");
	SRunner *runner = srunner_create(suite);
	int failed;

	seed = random_start();
	tcase_set_timeout(tcase, 240);
	tcase_add_loop_test(tcase, frame_nodes, 0, (int)node_type_count);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}

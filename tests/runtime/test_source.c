/*
 * tests/runtime/test_source.c: what a driver says of its source is counted,
 * with its reason, and is in the journal; a source that stands still or is
 * black is noticed, noise is life.
 */
#include "runtime/port/source.h"

#include <stdlib.h>

#include "tests/runtime/run_suite.h"

#define SECOND INT64_C(1000000000)
#define FRAME  (SECOND / 30)

static const struct graph_source camera = {
	.name = "camera",
	.format = GRAPH_FORMAT_XRGB8888,
	.width = 351, /* 1053 pixels are looked at */
	.height = 40,
};
static struct source source;
static struct journal journal;

static void setup(void)
{
	static const char *const names[] = {"tick", "camera"};

	ck_assert_int_eq(journal_init(&journal, names, 2, 2, 256), 0);
	source = (struct source){
		.graph = &camera,
		.journal = journal_writer(&journal, 1),
		.index = 5,
	};
	ck_assert_int_eq(source_alloc(&source, &camera, 3), 0);
}

static void teardown(void)
{
	source_free(&source);
	journal_finish(&journal);
}

static uint64_t count(const _Atomic uint64_t *counter)
{
	return atomic_load(counter);
}

static uint64_t events(void)
{
	return journal_newest(journal.header, 1);
}

static struct journal_record event(uint64_t number)
{
	struct journal_record record;

	ck_assert(journal_read(journal.header, 1, number, &record));
	ck_assert_uint_eq(record.object, 5);
	return record;
}

START_TEST(losses_are_counted_by_their_reason)
{
	struct source_health *health = &source.health;
	struct journal_record record;

	ck_assert_int_eq(atomic_load(&health->state), SOURCE_RUNNING);
	source_set_state(&source, SOURCE_RUNNING, NULL, 1);
	ck_assert_uint_eq(events(), 0);
	source_set_state(&source, SOURCE_LOST, "unplugged", 10);
	source_set_state(&source, SOURCE_LOST, "unplugged", 11);
	ck_assert_uint_eq(events(), 1);
	source_set_state(&source, SOURCE_RUNNING, NULL, 12);
	source_set_state(&source, SOURCE_LOST, "stalled", 13);
	source_set_state(&source, SOURCE_RUNNING, NULL, 14);
	source_set_state(&source, SOURCE_LOST, "unplugged", 15);
	ck_assert_uint_eq(count(&health->losses), 3);
	ck_assert_uint_eq(count(&health->recoveries), 2);
	ck_assert_uint_eq(atomic_load(&health->reason_count), 2);
	ck_assert_str_eq(health->reason[0].text, "unplugged");
	ck_assert_uint_eq(count(&health->reason[0].losses), 2);
	ck_assert_str_eq(health->reason[1].text, "stalled");
	ck_assert_uint_eq(count(&health->reason[1].losses), 1);
	ck_assert_uint_eq(events(), 5);
	record = event(3);
	ck_assert_uint_eq(record.kind, JOURNAL_SOURCE_STATE);
	ck_assert_int_eq(record.time_ns, 13);
	ck_assert_int_eq(record.value[0], SOURCE_LOST);
	ck_assert_int_eq(record.value[1], 1);
	ck_assert_int_eq(record.value[2], SOURCE_RUNNING);
	record = event(4);
	ck_assert_int_eq(record.value[0], SOURCE_RUNNING);
	ck_assert_int_eq(record.value[1], -1);
	ck_assert_int_eq(record.value[2], SOURCE_LOST);
}
END_TEST

/* It was unplugged, and what came back gives something else: one loss. */
START_TEST(another_reason_of_the_same_loss_is_told)
{
	source_set_state(&source, SOURCE_LOST, "unplugged", 10);
	source_set_state(&source, SOURCE_LOST, "another format", 11);
	source_set_state(&source, SOURCE_LOST, "another format", 12);
	ck_assert_uint_eq(events(), 2);
	ck_assert_int_eq(event(2).value[1], 1);
	ck_assert_uint_eq(count(&source.health.losses), 1);
	ck_assert_uint_eq(count(&source.health.reason[1].losses), 1);
	source_set_state(&source, SOURCE_RUNNING, NULL, 13);
	ck_assert_uint_eq(count(&source.health.recoveries), 1);
}
END_TEST

START_TEST(an_end_is_for_good)
{
	source_set_state(&source, SOURCE_ENDED, NULL, 1);
	source_set_state(&source, SOURCE_LOST, "late", 2);
	source_set_state(&source, SOURCE_RUNNING, NULL, 3);
	ck_assert_int_eq(atomic_load(&source.health.state), SOURCE_ENDED);
	ck_assert_uint_eq(count(&source.health.losses), 0);
	ck_assert_uint_eq(events(), 1);
}
END_TEST

START_TEST(lost_frames_have_a_reason)
{
	source_count_lost(&source, 3, "corrupt", 7);
	source_count_lost(&source, 2, "sequence gap", 8);
	source_count_lost(&source, 4, "corrupt", 9);
	ck_assert_uint_eq(count(&source.health.lost), 9);
	ck_assert_uint_eq(count(&source.health.reason[0].frames), 7);
	ck_assert_uint_eq(count(&source.health.reason[1].frames), 2);
	ck_assert_uint_eq(count(&source.health.reason[0].losses), 0);
	ck_assert_uint_eq(event(3).kind, JOURNAL_SOURCE_LOST);
	ck_assert_int_eq(event(3).value[0], 4);
	ck_assert_int_eq(event(3).value[1], 0);
}
END_TEST

/* More reasons than there are places: counted all the same. */
START_TEST(reasons_without_end)
{
	char text[64];
	uint64_t sum = 0;

	for (uint32_t i = 0; i < 100; i++) {
		snprintf(text, sizeof(text),
			 "%u%s", i, "0123456789012345678901234567890123456789");
		source_count_lost(&source, 1, text, 0);
		source_count_lost(&source, 1, text, 0);
	}
	ck_assert_uint_eq(atomic_load(&source.health.reason_count),
			  SOURCE_REASONS_MAX);
	for (uint32_t i = 0; i < SOURCE_REASONS_MAX; i++)
		sum += count(&source.health.reason[i].frames);
	ck_assert_uint_eq(sum, 200);
	ck_assert_uint_eq(count(&source.health.reason[0].frames), 2);
	ck_assert_str_eq(source.health.reason[SOURCE_REASONS_MAX - 1].text,
			 "other");
}
END_TEST

/* Shows frame 0 with that colour everywhere but in one pixel. */
static void show(uint32_t color, uint32_t x, uint32_t y, uint32_t one,
		 int64_t now_ns)
{
	const struct picture *picture = &source.frame[0];

	for (uint32_t i = 0; i < camera.height; i++)
		for (uint32_t k = 0; k < camera.width; k++)
			((uint32_t *)picture_row(picture, 0, i))[k] = color;
	((uint32_t *)picture_row(picture, 0, y))[x] = one;
	source_inspect(&source, 0, now_ns);
}

static bool looks(enum source_look look)
{
	return atomic_load(&source.health.looks[look]);
}

START_TEST(one_picture_over_and_over_is_frozen)
{
	int64_t now_ns = SECOND;

	for (int i = 0; i < 60; i++, now_ns += FRAME) {
		show(0xff808080, 3, 0, 0xff808080, now_ns);
		ck_assert(!looks(SOURCE_FROZEN));
	}
	show(0xff808080, 3, 0, 0xff808080, SECOND + SOURCE_FROZEN_NS);
	ck_assert(looks(SOURCE_FROZEN));
	ck_assert_uint_eq(count(&source.health.began[SOURCE_FROZEN]), 1);
	ck_assert_uint_eq(events(), 1);
	ck_assert_uint_eq(event(1).kind, JOURNAL_SOURCE_LOOK);
	ck_assert_int_eq(event(1).value[0], SOURCE_FROZEN);
	ck_assert_int_eq(event(1).value[1], 1);
	show(0xff808080, 3, 0, 0xff808081, now_ns + FRAME);
	ck_assert(!looks(SOURCE_FROZEN));
	ck_assert_uint_eq(events(), 2);
	ck_assert_int_eq(event(2).value[1], 0);
}
END_TEST

/* One bit of one pixel alone, in the first, the last and any row that is looked
 * at, and in the last column, which is no whole word. */
START_TEST(noise_is_life)
{
	static const uint32_t places[][2] = {
		{0, 0}, {350, 0}, {349, 16}, {35, 32}, {350, 32}};

	for (int i = 0; i < 300; i++) {
		show(0xff202020, places[_i][0], places[_i][1],
		     0xff202020 + (uint32_t)(i & 1), SECOND + i * FRAME);
		ck_assert(!looks(SOURCE_FROZEN));
	}
}
END_TEST

/* A slow source is not frozen because two of its pictures are alike. */
START_TEST(few_frames_are_not_enough)
{
	for (int i = 0; i < SOURCE_FROZEN_FRAMES; i++) {
		show(0xff808080, 0, 0, 0, SECOND + i * 5 * SECOND);
		ck_assert(!looks(SOURCE_FROZEN));
	}
	show(0xff808080, 0, 0, 0, 99 * SECOND);
	ck_assert(looks(SOURCE_FROZEN));
}
END_TEST

START_TEST(black_but_for_a_hot_pixel)
{
	show(0xff1f2020, 0, 0, 0xff1f2020, 1);
	ck_assert(looks(SOURCE_BLACK));
	ck_assert_int_eq(event(1).value[0], SOURCE_BLACK);
	show(0xff000000, 7, 16, 0xffffffff, 2);
	ck_assert(looks(SOURCE_BLACK));
	((uint32_t *)picture_row(&source.frame[0], 0, 32))[350] = 0xffffffff;
	source_inspect(&source, 0, 3); /* a second one */
	ck_assert(!looks(SOURCE_BLACK));
	((uint32_t *)picture_row(&source.frame[0], 0, 32))[350] = 0xff202020;
	source_inspect(&source, 0, 3);
	ck_assert(looks(SOURCE_BLACK));
	show(0xff002100, 0, 0, 0, 4);
	ck_assert(!looks(SOURCE_BLACK));
	show(0xff000021, 0, 0, 0, 5);
	ck_assert(!looks(SOURCE_BLACK));
	show(0xff210000, 0, 0, 0, 6);
	ck_assert(!looks(SOURCE_BLACK));
	ck_assert_uint_eq(count(&source.health.began[SOURCE_BLACK]), 2);
}
END_TEST

/* What is inked of the card: its columns and rows. */
struct inked {
	uint32_t left, right, top, bottom; /* right, bottom: behind the last */
	uint32_t ground, ink;		   /* darkest and brightest, of green */
};

static struct inked card_inked(const struct graph_source *what)
{
	struct inked inked = {UINT32_MAX, 0, UINT32_MAX, 0, 255, 0};
	uint32_t row[512], x, y, green;

	for (y = 0; y < what->height; y++) {
		graph_row_load(what->format, &source.card, y, 0, what->width,
			       row);
		for (x = 0; x < what->width; x++) {
			green = row[x] >> 8 & 0xff;
			inked.ground = green < inked.ground ? green
							    : inked.ground;
			inked.ink = green > inked.ink ? green : inked.ink;
			if (green < 0x60)
				continue;
			inked.left = x < inked.left ? x : inked.left;
			inked.right = x + 1 > inked.right ? x + 1 : inked.right;
			inked.top = y < inked.top ? y : inked.top;
			inked.bottom = y + 1;
		}
	}
	return inked;
}

/* In every format, in the middle, as large as there is room for. */
START_TEST(the_card_has_its_name)
{
	struct graph_source large = camera;
	struct inked inked;

	large.format = (enum graph_format)_i;
	large.width = 511;
	large.height = 401;
	source_free(&source);
	source = (struct source){.graph = &large};
	ck_assert_int_eq(source_alloc(&source, &large, 2), 0);
	source_draw_card(&source);
	inked = card_inked(&large);
	ck_assert_uint_ge(inked.ground, 0x1c);
	ck_assert_uint_le(inked.ground, 0x24);
	ck_assert_uint_ge(inked.ink, 0xb8);
	ck_assert_uint_le(inked.ink, 0xc8);
	ck_assert_uint_ge(inked.right - inked.left, 120);
	ck_assert_int_le(abs((int)(inked.left + inked.right) - 511), 16);
	ck_assert_int_le(abs((int)(inked.top + inked.bottom) - 401), 32);
}
END_TEST

/* A name that is longer than the card is cut, and no memory behind it touched. */
START_TEST(a_card_too_small_for_its_name)
{
	struct graph_source small = camera;
	struct inked inked;

	small.name =
		"a-very-long-name_WITH-everything_0123456789-and-some-more_12345";
	small.width = small.height = 16;
	source_free(&source);
	source = (struct source){.graph = &small};
	ck_assert_int_eq(source_alloc(&source, &small, 2), 0);
	source_draw_card(&source);
	inked = card_inked(&small);
	ck_assert_uint_ge(inked.right, inked.left + 2);
	for (uint32_t i = 0; i < 2; i++) /* what lies behind it */
		ck_assert_uint_eq(*source.frame[i].plane[0], 0);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, losses_are_counted_by_their_reason);
	tcase_add_test(tests, another_reason_of_the_same_loss_is_told);
	tcase_add_test(tests, an_end_is_for_good);
	tcase_add_test(tests, lost_frames_have_a_reason);
	tcase_add_test(tests, reasons_without_end);
	tcase_add_test(tests, one_picture_over_and_over_is_frozen);
	tcase_add_loop_test(tests, noise_is_life, 0, 5);
	tcase_add_test(tests, few_frames_are_not_enough);
	tcase_add_test(tests, black_but_for_a_hot_pixel);
	tcase_add_loop_test(tests, the_card_has_its_name, 0,
			    GRAPH_FORMAT_COUNT);
	tcase_add_test(tests, a_card_too_small_for_its_name);
}

int main(void)
{
	return run_suite("source", add);
}

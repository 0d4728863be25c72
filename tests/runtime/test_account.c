/*
 * tests/runtime/test_account.c: what an account makes of a tick's sources, and
 * of a frame that came on view: ages, camera to glass, what stamps are worth.
 */
#include "runtime/cycle/account.h"

#include "tests/runtime/run_suite.h"
#include "tests/runtime/stats_page.h"

#define MS INT64_C(1000000)

static struct stats *stats;
static struct account account;
static struct pace pace;
static struct tick_result result;
static struct display_event event;

static void setup(void)
{
	struct account_config config = {.main_sink = 1, .timed = true};

	config.stats = stats = stats_page(1, 2);
	stats->header.source_count = 2;
	account_init(&account, &config);
	pace = (struct pace){.kind = CLOCK_TIMER};
	result = (struct tick_result){.times = {.deadline_ns = 1}};
	event = (struct display_event){
		.kind = DISPLAY_EVENT_SHOWN,
		.time_ns = 100 * MS,
		.stamp = DISPLAY_STAMP_HARDWARE,
	};
}

static void teardown(void)
{
	free(stats);
}

static void share(uint32_t source, enum source_class what, int64_t stamp_ns,
		  enum source_worth worth, int64_t age_ns)
{
	result.source[source] = (struct intake_share){
		.what = what,
		.stamp_ns = stamp_ns,
		.worth = worth,
		.age_ns = age_ns,
		.skew_ns = FRAME_AGE_NONE,
	};
}

static void tick(void)
{
	result.times.next = result.times.number;
	account_tick(&account, &result, &pace);
	result.times.number++;
}

START_TEST(stamps_are_counted_by_their_worth)
{
	const struct stats_source *row = &stats->counters.source[1];

	share(0, SOURCE_EMPTY, SOURCE_STAMP_NONE, 0, FRAME_AGE_NONE);
	share(1, SOURCE_TAKEN, 5, SOURCE_WORTH_HARDWARE, 7);
	tick();
	share(1, SOURCE_REPEATED, 5, SOURCE_WORTH_HARDWARE, 9);
	tick();
	share(1, SOURCE_TAKEN, 30, SOURCE_WORTH_SOFTWARE, -3);
	tick();
	share(1, SOURCE_TAKEN, SOURCE_STAMP_NONE, 0, FRAME_AGE_NONE);
	tick();
	share(1, SOURCE_CARD, SOURCE_STAMP_NONE, 0, FRAME_AGE_NONE);
	tick();
	ck_assert_uint_eq(row->hardware, 1);
	ck_assert_uint_eq(row->software, 1);
	ck_assert_uint_eq(row->unstamped, 1);
	ck_assert_uint_eq(row->future, 1);
	ck_assert_uint_eq(stats->age[1].count, 3);
	ck_assert_uint_eq(stats->age[1].max_ns, 9);
	ck_assert_uint_eq(stats->age[1].sum_ns, 16); /* the future is 0 */
	ck_assert_uint_eq(stats->age[0].count, 0);
	ck_assert_uint_eq(stats->counters.ledger.source[0].empty, 5);
	ck_assert_uint_eq(stats->counters.ledger.source[1].taken, 3);
	ck_assert_uint_eq(stats->counters.ledger.source[1].repeats, 1);
	ck_assert_uint_eq(stats->counters.ledger.source[1].card, 1);
}
END_TEST

START_TEST(what_a_source_is_in_the_middle_of)
{
	const struct stats_source *row = &stats->counters.source[0];

	share(0, SOURCE_TAKEN, 5, SOURCE_WORTH_HARDWARE, 7);
	share(1, SOURCE_EMPTY, SOURCE_STAMP_NONE, 0, FRAME_AGE_NONE);
	result.source[0].rate_hz = 59.94;
	result.source[0].locked = true;
	result.source[0].locks = 2;
	result.source[0].delay_ns = 12 * MS;
	result.source[0].outliers = 4;
	result.source[0].lost = 6;
	result.source[0].is_lost = result.source[0].is_frozen = true;
	result.source[0].skew_ns = -31;
	tick();
	ck_assert_uint_eq(row->rate_uhz, 59940000);
	ck_assert_uint_eq(row->locked, 1);
	ck_assert_uint_eq(row->locks, 2);
	ck_assert_uint_eq(row->delay_ns, 12 * MS);
	ck_assert_uint_eq(row->outliers, 4);
	ck_assert_uint_eq(row->lost, 6);
	ck_assert_uint_eq(row->is_lost + row->is_frozen, 2);
	ck_assert_uint_eq(row->is_black, 0);
	ck_assert_uint_eq(stats->skew[0].max_ns, 31);
	ck_assert_uint_eq(stats->skew[1].count, 0);
	result.source[0].delay_ns = -12 * MS; /* stamps of the future */
	tick();
	ck_assert_uint_eq(row->delay_ns, 0);
}
END_TEST

static void shown(uint32_t sink, uint64_t number, int64_t time_ns)
{
	const struct frame frame = {.tick = number,
				    .age_ns = FRAME_AGE_NONE};

	event.time_ns = time_ns;
	account_shown(&account, sink, &event, &frame, &pace);
}

/* Of the same tick, whichever comes first; sink 1 is the main one. */
START_TEST(flips_of_two_sinks_apart)
{
	const struct histogram *apart = stats->apart;

	stats->header.sink_count = 3;
	shown(1, 0, 100 * MS);
	shown(0, 0, 103 * MS);
	shown(2, 1, 110 * MS);
	ck_assert_uint_eq(apart[0].count, 1);
	ck_assert_uint_eq(apart[0].max_ns, 3 * MS);
	ck_assert_uint_eq(apart[2].count, 0);
	shown(1, 1, 116 * MS); /* sink 0 has no frame of that tick */
	ck_assert_uint_eq(apart[0].count, 1);
	ck_assert_uint_eq(apart[2].count, 1);
	ck_assert_uint_eq(apart[2].max_ns, 6 * MS);
	ck_assert_uint_eq(apart[1].count, 0);
	/* another tick in the same place */
	shown(0, 1 + ACCOUNT_FLIPS, 250 * MS);
	ck_assert_uint_eq(apart[0].count, 1);
	/* of a recovery: nobody saw when */
	event.stamp = DISPLAY_STAMP_NONE;
	shown(1, 1 + ACCOUNT_FLIPS, 251 * MS);
	ck_assert_uint_eq(apart[0].count, 1);
}
END_TEST

/* From exposure to the flip of the main sink, of each source that is stamped,
 * where the display tells. */
START_TEST(camera_to_glass)
{
	struct frame frame = {
		.due_ns = 80 * MS,
		.exposed_ns = {60 * MS, FRAME_EXPOSED_NONE},
	};

	account_shown(&account, 1, &event, &frame, &pace);
	ck_assert_uint_eq(stats->glass[0].count, 1);
	ck_assert_uint_eq(stats->glass[0].max_ns, 40 * MS);
	ck_assert_uint_eq(stats->glass[1].count, 0);
	ck_assert_uint_eq(stats->tick_to_flip.max_ns, 20 * MS);
	account_shown(&account, 0, &event, &frame, &pace); /* not the main one */
	event.stamp = DISPLAY_STAMP_NONE;
	account_shown(&account, 1, &event, &frame, &pace);
	ck_assert_uint_eq(stats->glass[0].count, 1);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, stamps_are_counted_by_their_worth);
	tcase_add_test(tests, what_a_source_is_in_the_middle_of);
	tcase_add_test(tests, flips_of_two_sinks_apart);
	tcase_add_test(tests, camera_to_glass);
}

int main(void)
{
	return run_suite("account", add);
}

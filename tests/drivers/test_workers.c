/*
 * tests/drivers/test_workers.c: drivers/cpu/workers.h: each band once, whoever
 * comes and whoever does not; every thread in its own scratch.
 *
 * Here the futexes are the test's: it knows which workers sleep, and can keep them
 * asleep, as if they were never scheduled again.
 */
#define _GNU_SOURCE /* sched_setaffinity */

#include <check.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "drivers/cpu/workers.h"
#include "runtime/base/futex.h"
#include "runtime/base/seal.h"
#include "tests/runtime/run_suite.h"

#define WIDTH	16
#define HEIGHT	(37 * GRAPH_BAND + 5) /* the last band is a short one */
#define SCRATCH 256
#define ROUNDS	300

static _Atomic bool deaf; /* workers that sleep do not wake up */
static _Atomic uint32_t wakes, sleeping;
static pthread_t caller;

void futex_wake(_Atomic uint32_t *word, uint32_t count)
{
	atomic_fetch_add(&wakes, 1);
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count);
}

void futex_wait(_Atomic uint32_t *word, uint32_t seen)
{
	bool worker = !pthread_equal(pthread_self(), caller);

	atomic_fetch_add(&sleeping, worker);
	do
		if (atomic_load(word) == seen)
			syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen,
				NULL);
		else
			sched_yield();
	while (worker && atomic_load(&deaf));
	atomic_fetch_sub(&sleeping, worker);
}

static void until_asleep(uint32_t count)
{
	while (atomic_load(&sleeping) < count)
		sched_yield();
}

/* ---- a step ---------------------------------------------------------------- */

static uint32_t drawn[HEIGHT];	/* rows: how often, plain on purpose */
static unsigned char *scratches[GRAPH_THREADS_MAX]; /* those seen */
static _Atomic uint32_t scratch_count, foreign; /* bands by workers */
static _Atomic uint32_t own_end, foreign_start;	/* rows of the last round */
static _Atomic uint32_t meeting; /* bands that wait for others */
static uint32_t meeting_of;	 /* so many are let go; 0: nobody meets */

static uint32_t find_scratch(unsigned char *scratch)
{
	static _Atomic bool lock;
	uint32_t i;

	while (atomic_exchange(&lock, true))
		sched_yield();
	for (i = 0; i < scratch_count; i++)
		if (scratches[i] == scratch)
			break;
	if (i == scratch_count)
		scratches[scratch_count++] = scratch;
	atomic_store(&lock, false);
	return i;
}

/* Bands wait for each other: they can only be drawn at the same time. */
static void meet(void)
{
	if (atomic_load(&meeting) >= meeting_of)
		return;
	atomic_fetch_add(&meeting, 1);
	while (atomic_load(&meeting) < meeting_of)
		sched_yield();
}

static void note_rows(const struct graph_band *band)
{
	uint32_t start = atomic_load(&foreign_start);

	if (pthread_equal(pthread_self(), caller)) {
		atomic_store(&own_end, band->y1);
		return;
	}
	while (band->y0 < start &&
	       !atomic_compare_exchange_weak(&foreign_start, &start, band->y0))
		;
}

static void draw(const struct graph_work *work, const struct graph_band *band)
{
	uint32_t *own = (uint32_t *)(void *)band->scratch, y;

	ck_assert_uint_eq(band->y0 % GRAPH_BAND, 0);
	ck_assert_uint_lt(band->y0, band->y1);
	ck_assert_uint_le(band->y1, HEIGHT);
	find_scratch(band->scratch);
	ck_assert_ptr_nonnull(work);
	if (!pthread_equal(pthread_self(), caller)) {
		ck_assert(seal_is_on);
		atomic_fetch_add(&foreign, 1);
	}
	note_rows(band);
	meet();
	for (y = band->y0; y < band->y1; y++) {
		own[0] = y; /* TSan sees a scratch that two threads have */
		drawn[y] += own[0] == y;
	}
}

static const struct graph graph = {
	.name = "rows", .width = WIDTH, .height = HEIGHT,
	.scratch_bytes = SCRATCH,
};
static const struct graph_step step = {
	.name = "step", .kind = GRAPH_STEP_FUSED, .band = GRAPH_BAND,
	.run = draw};
static const struct graph_step frame = {
	.name = "frame", .kind = GRAPH_STEP_FRAME, .band = 64, .run = draw};
static const struct graph_step small = {
	.name = "small", .kind = GRAPH_STEP_FUSED, .band = 19 * GRAPH_BAND,
	.run = draw};

/* ---- rig ------------------------------------------------------------------- */

static struct workers *workers;
static unsigned char pool[SCRATCH] __attribute__((aligned(64)));
static const struct graph_work work = {.pool = pool};

static void start(uint32_t count)
{
	const struct workers_config config = {.graph = &graph, .count = count};
	int32_t cpu;
	int error;

	caller = pthread_self();
	memset(drawn, 0, sizeof(drawn));
	atomic_store(&meeting, 0);
	meeting_of = 0;
	atomic_store(&foreign, 0);
	atomic_store(&scratch_count, 0);
	atomic_store(&deaf, false);
	atomic_store(&wakes, 0);
	atomic_store(&sleeping, 0);
	workers = workers_start(&config, &error, &cpu);
	ck_assert_ptr_nonnull(workers);
}

static void finish(void)
{
	atomic_store(&deaf, false);
	workers_finish(workers);
	workers = NULL;
}

static void check_drawn(uint32_t times)
{
	uint32_t y;

	for (y = 0; y < HEIGHT; y++)
		ck_assert_msg(drawn[y] == times, "row %u: drawn %u times of %u",
			      y, drawn[y], times);
}

/* ---- tests ----------------------------------------------------------------- */

START_TEST(every_row_is_drawn_once)
{
	uint32_t i;

	start((uint32_t)_i);
	for (i = 0; i < ROUNDS; i++) {
		workers_draw(workers, i % 3 ? &step : &frame, &work);
		check_drawn(i + 1);
		if (i % 50 == 0)
			until_asleep((uint32_t)_i);
	}
	ck_assert_uint_le(atomic_load(&scratch_count), (uint32_t)_i + 1);
	finish();
}
END_TEST

START_TEST(bands_are_drawn_at_the_same_time)
{
	uint64_t bands, cpu_ns;

	start((uint32_t)_i);
	meeting_of = (uint32_t)_i + 1; /* all of them */
	workers_draw(workers, &step, &work);
	check_drawn(1);
	ck_assert_uint_ge(atomic_load(&foreign), (uint32_t)_i);
	ck_assert_uint_eq(atomic_load(&scratch_count), (uint32_t)_i + 1);
	workers_usage(workers, &bands, &cpu_ns);
	ck_assert_uint_eq(bands, atomic_load(&foreign));
	ck_assert_uint_gt(cpu_ns, 0);
	finish();
}
END_TEST

/* What is in a core's cache stays there: rows have their side, in every round. */
START_TEST(the_caller_draws_above_and_workers_below)
{
	uint32_t i;

	start((uint32_t)_i);
	for (i = 0; i < 40; i++) {
		atomic_store(&own_end, 0);
		atomic_store(&foreign_start, HEIGHT);
		atomic_store(&meeting, 0);
		meeting_of = 2;
		workers_draw(workers, &step, &work);
		ck_assert_uint_le(atomic_load(&own_end),
				  atomic_load(&foreign_start));
		ck_assert_uint_lt(atomic_load(&foreign_start), HEIGHT);
	}
	finish();
}
END_TEST

START_TEST(workers_that_never_come_are_not_missed)
{
	uint32_t i;

	start(3);
	until_asleep(3);
	atomic_store(&deaf, true);
	for (i = 0; i < ROUNDS; i++)
		workers_draw(workers, &step, &work);
	check_drawn(ROUNDS);
	ck_assert_uint_eq(atomic_load(&foreign), 0);
	ck_assert_uint_eq(atomic_load(&wakes), ROUNDS);
	atomic_store(&deaf, false); /* late, and the round is another one */
	meeting_of = 2;
	workers_draw(workers, &step, &work);
	check_drawn(ROUNDS + 1);
	ck_assert_uint_ge(atomic_load(&foreign), 1);
	finish();
}
END_TEST

START_TEST(one_cpu_is_enough)
{
	cpu_set_t before, one;
	uint32_t i;
	size_t cpu;

	ck_assert(!sched_getaffinity(0, sizeof(before), &before));
	for (cpu = 0; !CPU_ISSET(cpu, &before); cpu++)
		;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	ck_assert(!sched_setaffinity(0, sizeof(one), &one));
	start(3);
	for (i = 0; i < 50; i++)
		workers_draw(workers, &step, &work);
	check_drawn(50);
	meeting_of = 2;
	workers_draw(workers, &step, &work);
	ck_assert_uint_ge(atomic_load(&foreign), 1);
	finish();
	sched_setaffinity(0, sizeof(before), &before);
}
END_TEST

/* No call, and nothing to wait for. */
START_TEST(a_small_step_stays_on_one_core)
{
	start(2);
	until_asleep(2);
	workers_draw(workers, &small, &work);
	check_drawn(1);
	ck_assert_uint_eq(atomic_load(&wakes), 0);
	ck_assert_uint_eq(atomic_load(&foreign), 0);
	ck_assert_uint_eq(atomic_load(&scratch_count), 1);
	finish();
}
END_TEST

/* One wake for a step at most, and one at most that says it is drawn. */
START_TEST(a_step_is_a_wake)
{
	uint32_t i;

	start(3);
	until_asleep(3);
	for (i = 0; i < ROUNDS; i++)
		workers_draw(workers, &step, &work);
	ck_assert_uint_ge(atomic_load(&wakes), 1);
	ck_assert_uint_le(atomic_load(&wakes), 2 * ROUNDS);
	finish();
}
END_TEST

START_TEST(a_cpu_that_is_not_there_is_named)
{
	const int32_t cpus[] = {1023};
	const struct workers_config config = {.graph = &graph, .count = 1,
					      .cpus = cpus, .cpu_count = 1};
	int32_t cpu;
	int error;

	ck_assert_ptr_null(workers_start(&config, &error, &cpu));
	ck_assert_int_eq(error, -EINVAL);
	ck_assert_int_eq(cpu, 1023);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, every_row_is_drawn_once, 1, 9);
	tcase_add_loop_test(tests, bands_are_drawn_at_the_same_time, 1, 9);
	tcase_add_loop_test(tests, the_caller_draws_above_and_workers_below, 1,
			    4);
	tcase_add_test(tests, workers_that_never_come_are_not_missed);
	tcase_add_test(tests, one_cpu_is_enough);
	tcase_add_test(tests, a_small_step_stays_on_one_core);
	tcase_add_test(tests, a_step_is_a_wake);
	tcase_add_test(tests, a_cpu_that_is_not_there_is_named);
}

int main(void)
{
	return run_suite("workers", add);
}

/*
 * tests/runtime/test_alloc_trap.c: the trap catches each way to allocate in a
 * sealed thread, and nothing else; a cycle passes it, and does not when one
 * allocation is planted in a step.
 */
#include "tests/runtime/alloc_trap.c"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "drivers/display/drivers.h"
#include "runtime/cycle/cycle.h"
#include "tests/runtime/run_suite.h"

static void *volatile kept; /* so that no call is optimised away */

static void call_malloc(void)
{
	kept = malloc(16);
}

static void call_calloc(void)
{
	kept = calloc(1, 16);
}

static void call_realloc(void)
{
	kept = realloc(kept, 64);
}

static void call_free(void)
{
	free(kept);
}

static void call_memalign(void)
{
	void *got = NULL;

	if (!posix_memalign(&got, 64, 64))
		kept = got;
}

static void call_aligned_alloc(void)
{
	kept = aligned_alloc(64, 64);
}

static void call_mmap(void)
{
	kept = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* An allocation that libc makes, not the program. */
static void call_inside_libc(void)
{
	kept = strdup("x");
}

static void (*const calls[])(void) = {
	call_malloc,   call_calloc,	   call_realloc, call_free,
	call_memalign, call_aligned_alloc, call_mmap,	 call_inside_libc,
};

#define CALL_COUNT (int)(sizeof(calls) / sizeof(calls[0]))

START_TEST(each_call_aborts_when_sealed)
{
	kept = malloc(16);
	seal_is_on = true;
	calls[_i]();
	seal_is_on = false;
	free(kept);
}
END_TEST

START_TEST(each_call_works_when_not)
{
	kept = malloc(16);
	calls[_i]();
	ck_assert_ptr_nonnull(kept);
}
END_TEST

/* A graph of one step, which may allocate at tick 300. */
static bool planted;

static void tick(const struct graph_work *work, const struct tick *now)
{
	*(uint64_t *)(void *)work->pool = now->number;
}

static void step(const struct graph_work *work,
		 const struct graph_band *band)
{
	(void)band;
	uint64_t number = *(uint64_t *)(void *)work->pool;

	memset(work->target[0].slot.base, (int)number, 64);
	if (planted && number == 300)
		kept = malloc(1);
}

static const struct graph_step steps[] = {
	{"step", GRAPH_STEP_FUSED, 0, step, NULL, NULL, NULL}};
static const struct graph_plan plan = {GRAPH_BACKEND_CPU, 1, steps, NULL, 0, 0};
static const struct graph_sink sinks[] = {{"screen", "headless"}};
static const struct graph graph = {
	.name = "trap",
	.width = 16,
	.height = 16,
	.rate_num = 1000,
	.rate_den = 1,
	.sink_count = 1,
	.plan_count = 1,
	.sinks = sinks,
	.plans = &plan,
	.pool_bytes = 64,
	.tick = tick,
};

static void run_600_ticks(enum clock_kind kind)
{
	static struct cycle cycle;
	static struct clock clock;
	static struct display displays[1];
	const struct display_request requests[] = {{.ops = &headless_display}};
	const struct clock_config clock_config = {kind, {1000, 1}, 0};
	struct backend backend = {.ops = &cpu_backend};
	const struct backend_config backend_config = {&graph, &plan, -1, 1, 0};
	/* with a step, and the list of entries */
	static _Alignas(64) unsigned char page[2 * sizeof(struct stats)];
	struct stats *stats = (struct stats *)(void *)page;
	const struct cycle_config config = {
		.graph = &graph,
		.stats = stats,
		.backend = &backend,
		.clock = &clock,
		.displays = displays,
		.tick_limit = 600,
	};

	ck_assert(!clock_init(&clock, &clock_config));
	ck_assert(!cpu_backend.open(&backend, &backend_config, NULL, 0));
	ck_assert(!displays_open(displays, requests, &backend));
	memset(page, 0, sizeof(page));
	ck_assert_uint_ge(sizeof(page), stats_bytes(1));
	stats_init(stats, &graph, &plan);
	ck_assert(!cycle_init(&cycle, &config));
	ck_assert(!cycle_warm(&cycle));
	cycle_run(&cycle);
	ck_assert_uint_eq(stats->counters.ledger.ticks, 600);
	ck_assert_uint_eq(stats->counters.major_faults, 0);
	cycle_finish(&cycle);
	displays_close(displays, 1);
	clock_finish(&clock);
}

START_TEST(a_cycle_of_600_ticks_passes)
{
	run_600_ticks(_i ? CLOCK_TIMER : CLOCK_FREE);
}
END_TEST

START_TEST(one_planted_allocation_aborts)
{
	planted = true;
	run_600_ticks(CLOCK_FREE); /* runs tick 300 whatever the machine does */
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test_raise_signal(tests, each_call_aborts_when_sealed,
					 SIGABRT, 0, CALL_COUNT);
	tcase_add_loop_test(tests, each_call_works_when_not, 0, CALL_COUNT);
	tcase_add_loop_test(tests, a_cycle_of_600_ticks_passes, 0, 2);
	tcase_add_test_raise_signal(tests, one_planted_allocation_aborts,
				    SIGABRT);
}

int main(void)
{
	if (ALLOC_TRAP_WORKS)
		return run_suite("alloc_trap", add);
	puts("the sanitizer defines malloc itself");
	return 77;
}

/*
 * tests/runtime/test_page.c: the statistics page as another program has it: what
 * can be done with its descriptor, entries by name, and reads beside the writer of
 * which none is torn. PAGE_READS: how many of those (a full run: ten million).
 */
#define _GNU_SOURCE
#include "runtime/observe/page.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/sealed.h"
#include "runtime/observe/stats.h"
#include "tests/runtime/run_suite.h"

#define SINKS	2
#define SOURCES 1
#define STEPS	2
#define READS	20000

static struct sealed memory;
static struct stats *stats;

static const struct graph_step steps[STEPS] = {{.name = "a+b"}, {.name = "c"}};
static const struct graph_sink sinks[SINKS] = {{"left", "null"},
					       {"right", "null"}};
static const struct graph_source sources[SOURCES] = {{.name = "camera"}};

static void setup(void)
{
	static const struct graph graph = {.name = "page",
					   .rate_num = 60000,
					   .rate_den = 1001,
					   .sink_count = SINKS,
					   .source_count = SOURCES,
					   .sinks = sinks,
					   .sources = sources};
	static const struct graph_plan plan = {.step_count = STEPS,
					       .steps = steps};

	ck_assert_int_eq(sealed_init(&memory, "test", stats_bytes(STEPS)), 0);
	stats = (struct stats *)(void *)memory.pool.base;
	stats_init(stats, &graph, &plan);
}

static void teardown(void)
{
	sealed_finish(&memory);
	ck_assert_int_eq(memory.fd, -1);
	sealed_finish(&memory);
}

/* Linux before 5.1: the tests of seals have nothing to test. */
static bool no_seals(void)
{
	if (memory.error)
		fprintf(stderr, "skipped: no memfd seals here: %s\n",
			strerror(-memory.error));
	return memory.error != 0;
}

static const struct tickline_page *map_page(void)
{
	const struct tickline_page *page = mmap(NULL, memory.pool.bytes,
						PROT_READ, MAP_SHARED,
						memory.fd, 0);

	ck_assert(page != MAP_FAILED);
	ck_assert(tickline_page_check(page, memory.pool.bytes));
	return page;
}

static uint64_t word(const struct tickline_page *page, const char *name)
{
	const struct tickline_entry *entry = tickline_page_find(page, name);
	uint64_t value;

	ck_assert_msg(entry != NULL, "no entry %s", name);
	ck_assert(tickline_page_read(page, entry, &value));
	return value;
}

/* ---- entries ------------------------------------------------------------------- */

START_TEST(entries_are_where_their_fields_are)
{
	const struct tickline_page *page = &stats->header.page;
	static struct tickline_times times; /* too large for a frame */

	ck_assert(tickline_page_check(page, memory.pool.bytes));
	stats_begin(stats);
	ledger_start(&stats->counters.ledger, 3, 9);
	ledger_accepted(&stats->counters.ledger, 1, true);
	ledger_dropped(&stats->counters.ledger, 0, DROP_NOT_READY);
	ledger_source(&stats->counters.ledger, 0, SOURCE_REPEATED, 5);
	counter_set(&stats->counters.source[0].rate_uhz, 59940060);
	histogram_add(&stats->apart[1], 77);
	histogram_add(&stats->age[0], 40);
	histogram_add(&stats->step[1].times, 1000);
	histogram_add(&stats->step[1].times, 30);
	counter_set(&stats->step[1].last_ns, 30);
	stats_end(stats);
	ck_assert_uint_eq(word(page, "rate_num"), 60000);
	ck_assert_uint_eq(word(page, "rate_den"), 1001);
	ck_assert_uint_eq(word(page, "pid"), (uint64_t)getpid());
	ck_assert_uint_eq(word(page, "ticks"), 10);
	ck_assert_uint_eq(word(page, "skipped"), 6);
	ck_assert_uint_eq(word(page, "sink.right.late"), 1);
	ck_assert_uint_eq(word(page, "sink.left.late"), 0);
	ck_assert_uint_eq(word(page, "sink.left.dropped"), 1);
	ck_assert_uint_eq(word(page, "sink.left.dropped.not_ready"), 1);
	ck_assert_uint_eq(word(page, "source.camera.repeats"), 1);
	ck_assert_uint_eq(word(page, "source.camera.rate"), 59940060);
	ck_assert_uint_eq(word(page, "step.1.c.last"), 30);
	ck_assert(tickline_page_read(
		page, tickline_page_find(page, "step.1.c.time"), &times));
	ck_assert_uint_eq(times.count, 2);
	ck_assert_uint_eq(times.max_ns, 1000);
	ck_assert_uint_eq(tickline_quantile(&times, 0.5), 30);
	ck_assert_uint_eq(tickline_quantile(&times, 1), 1000);
	ck_assert(tickline_page_read(
		page, tickline_page_find(page, "sink.right.skew"), &times));
	ck_assert_uint_eq(times.max_ns, 77);
	ck_assert(tickline_page_read(
		page, tickline_page_find(page, "source.camera.age"), &times));
	ck_assert_uint_eq(times.max_ns, 40);
	ck_assert_ptr_null(tickline_page_find(page, "sink.middle.late"));
}
END_TEST

/* No word is two entries', none is outside, no name is there twice. */
START_TEST(entries_do_not_overlap)
{
	const struct tickline_page *page = &stats->header.page;
	uint64_t i, j;

	ck_assert_uint_gt(page->entry_count, 70);
	for (i = 0; i < page->entry_count; i++) {
		const struct tickline_entry *a = tickline_page_entry(page, i);
		uint64_t end = a->at + 8 * tickline_entry_words(a);

		ck_assert_uint_le(end, page->entries);
		for (j = 0; j < i; j++) {
			const struct tickline_entry *b =
				tickline_page_entry(page, j);

			ck_assert_str_ne(a->name, b->name);
			ck_assert_msg(b->at >= end ||
					      b->at + 8 * tickline_entry_words(
								  b) <= a->at,
				      "%s and %s", a->name, b->name);
		}
	}
}
END_TEST

/* What a page of another version, or a file of rubbish, might be. */
START_TEST(what_leads_out_of_the_page_is_no_page)
{
	size_t bytes = memory.pool.bytes, i;
	struct tickline_page *page = malloc(bytes), good;
	struct tickline_entry *entry, first;

	memcpy(page, stats, bytes);
	good = *page;
	ck_assert(tickline_page_check(page, bytes));
	ck_assert(!tickline_page_check(page, page->bytes - 1));
	ck_assert(!tickline_page_check(page, sizeof(*page) - 1));
	page->version++;
	ck_assert(!tickline_page_check(page, bytes));
	*page = good;
	page->magic++;
	ck_assert(!tickline_page_check(page, bytes));
	*page = good;
	page->entries = UINT64_MAX - 7;
	ck_assert(!tickline_page_check(page, bytes));
	page->entries = good.entries + 4;
	ck_assert(!tickline_page_check(page, bytes));
	*page = good;
	page->entry_count = UINT64_MAX / 8;
	ck_assert(!tickline_page_check(page, bytes));
	*page = good;
	entry = (struct tickline_entry *)(void *)((char *)page + page->entries);
	first = *entry;
	entry->at = page->bytes;
	ck_assert(!tickline_page_check(page, bytes));
	entry->at = UINT64_MAX - 7;
	ck_assert(!tickline_page_check(page, bytes));
	entry->at = 4;
	ck_assert(!tickline_page_check(page, bytes));
	entry->at = page->bytes - 16;
	entry->kind = TICKLINE_TIMES;
	ck_assert(!tickline_page_check(page, bytes));
	*entry = first;
	for (i = 0; i < sizeof(entry->name); i++)
		entry->name[i] = 'x';
	ck_assert(!tickline_page_check(page, bytes));
	*entry = first;
	ck_assert(tickline_page_check(page, bytes));
	free(page);
}
END_TEST

/* A writer that died in a write: a reader gives up. */
START_TEST(a_write_that_never_ends_is_not_waited_for)
{
	const struct tickline_page *page = &stats->header.page;
	uint64_t value;

	stats_begin(stats);
	ck_assert(!tickline_page_read(page, tickline_page_find(page, "ticks"),
				      &value));
	stats_end(stats);
	ck_assert(tickline_page_read(page, tickline_page_find(page, "ticks"),
				     &value));
}
END_TEST

/* ---- what a reader may do -------------------------------------------------------- */

/* Another process's descriptor, opened anew with all that it may want. */
static int reopen(int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getpid(),
		 memory.fd);
	return open(path, flags);
}

START_TEST(nobody_writes_cuts_or_grows_it)
{
	const off_t bytes = (off_t)memory.pool.bytes;
	int fds[2], i;

	if (no_seals())
		return;
	fds[0] = memory.fd;
	fds[1] = reopen(O_RDWR);
	ck_assert_int_ge(fds[1], 0); /* the seals hold, whatever the flags */
	for (i = 0; i < 2; i++) {
		ck_assert_int_lt(write(fds[i], "x", 1), 0);
		ck_assert_int_lt(pwrite(fds[i], "x", 1, 0), 0);
		ck_assert_int_lt(ftruncate(fds[i], 0), 0);
		ck_assert_int_lt(ftruncate(fds[i], 2 * bytes), 0);
		ck_assert_int_lt(fallocate(fds[i],
					   FALLOC_FL_PUNCH_HOLE |
						   FALLOC_FL_KEEP_SIZE,
					   0, 4096),
				 0);
		ck_assert_int_lt(fallocate(fds[i], 0, 0, 2 * bytes), 0);
		ck_assert_int_lt(fcntl(fds[i], F_ADD_SEALS, F_SEAL_WRITE), 0);
		ck_assert(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED,
			       fds[i], 0) == MAP_FAILED);
	}
	/* a mapping for reading stays one */
	ck_assert_int_lt(mprotect((void *)(uintptr_t)map_page(), 4096,
				  PROT_READ | PROT_WRITE),
			 0);
	ck_assert_int_lt(madvise((void *)(uintptr_t)map_page(), 4096,
				 MADV_REMOVE),
			 0);
	close(fds[1]);
	ck_assert_uint_eq(stats->header.page.magic, TICKLINE_PAGE_MAGIC);
}
END_TEST

static void read_until_killed(void)
{
	const struct tickline_page *page = map_page();

	for (;;)
		word(page, "ticks");
}

/* Readers that are killed and stopped in the middle of a read. */
START_TEST(what_becomes_of_a_reader_is_not_noticed)
{
	pid_t reader[2];
	uint64_t i;

	if (no_seals())
		return;
	for (i = 0; i < 2; i++) {
		reader[i] = fork();
		ck_assert_int_ge(reader[i], 0);
		if (!reader[i])
			read_until_killed();
	}
	for (i = 0; i < 200000; i++) {
		stats_begin(stats);
		ledger_start(&stats->counters.ledger, i, i);
		stats_end(stats);
		if (i == 50000)
			ck_assert_int_eq(kill(reader[0], SIGSTOP), 0);
		if (i == 100000)
			ck_assert_int_eq(kill(reader[1], SIGKILL), 0);
	}
	ck_assert_int_eq(kill(reader[0], SIGKILL), 0);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(waitpid(reader[i], NULL, 0), reader[i]);
	ck_assert_uint_eq(word(map_page(), "ticks"), 200000);
	ck_assert_uint_eq(stats->header.page.sequence, 400000);
}
END_TEST

/* Memory without seals is memory all the same. */
START_TEST(memory_is_there_in_any_case)
{
	size_t i;

	ck_assert(memory.error || memory.fd >= 0);
	ck_assert(!memory.error || memory.fd < 0);
	sealed_finish(&memory);
	ck_assert_int_eq(sealed_init(&memory, "a name that is longer than any "
				     "memfd may have: 249 bytes, ...............",
				     12345),
			 0);
	ck_assert_uint_eq(memory.pool.bytes, 16384);
	for (i = 0; i < memory.pool.bytes; i++)
		ck_assert_uint_eq(memory.pool.base[i], 0);
	memory.pool.base[0] = 1;
	sealed_finish(&memory);
	/* none such: the name is too long */
	{
		char name[300];

		memset(name, 'x', sizeof(name) - 1);
		name[sizeof(name) - 1] = '\0';
		ck_assert_int_eq(sealed_init(&memory, name, 4096), 0);
		ck_assert_int_eq(memory.error, -EINVAL);
		ck_assert_int_eq(memory.fd, -1);
		memory.pool.base[4095] = 1;
	}
}
END_TEST

/* ---- torn reads -------------------------------------------------------------------- */

static atomic_bool over;

/* Each write makes every counter of the left sink the same number. */
static void *keep_writing(void *arg)
{
	struct ledger_sink *sink = &stats->counters.ledger.sink[0];
	uint64_t i;
	int pause; /* as good as none: readers find a moment, often torn */

	(void)arg;
	for (i = 1; !atomic_load(&over); i++) {
		stats_begin(stats);
		counter_set(&sink->presented, i);
		counter_set(&sink->late, i);
		counter_set(&sink->dropped, i);
		counter_set(&sink->repeats, i);
		histogram_add(&stats->cycle, (int64_t)(i % 100));
		stats_end(stats);
		for (pause = 0; pause < 200; pause++)
			__asm__ volatile("" ::: "memory");
	}
	return NULL;
}

static uint64_t reads_wanted(void)
{
	const char *text = getenv("PAGE_READS");

	return text ? strtoull(text, NULL, 10) : READS;
}

struct torn {
	const struct tickline_page *page;
	uint64_t reads, gave_up;
};

static void *keep_reading(void *arg)
{
	struct torn *torn = arg;
	const struct tickline_entry *first =
		tickline_page_find(torn->page, "sink.left.presented");
	struct ledger_sink sink;
	uint64_t before = 0;

	while (torn->reads < reads_wanted() / 2) {
		if (!tickline_page_copy(torn->page, first->at,
					(uint64_t *)(void *)&sink,
					sizeof(sink) / sizeof(uint64_t))) {
			torn->gave_up++;
			continue;
		}
		ck_assert_uint_eq(sink.presented, sink.late);
		ck_assert_uint_eq(sink.presented, sink.dropped);
		ck_assert_uint_eq(sink.presented, sink.repeats);
		ck_assert_uint_ge(sink.presented, before);
		before = sink.presented;
		torn->reads++;
	}
	return NULL;
}

/* A histogram's count is the sum of its buckets, whenever it is read. */
static void check_times(const struct tickline_page *page)
{
	static struct tickline_times times; /* too large for a frame */
	uint64_t sum = 0;
	uint32_t i;

	if (!tickline_page_read(page, tickline_page_find(page, "cycle"),
				&times))
		return;
	for (i = 0; i < TICKLINE_BUCKETS; i++)
		sum += times.bucket[i];
	ck_assert_uint_eq(sum, times.count);
}

START_TEST(no_read_is_torn)
{
	struct torn torn[2] = {{.page = &stats->header.page},
			       {.page = &stats->header.page}};
	pthread_t writer, reader[2];
	int i;

	ck_assert_int_eq(pthread_create(&writer, NULL, keep_writing, NULL), 0);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&reader[i], NULL, keep_reading,
						&torn[i]),
				 0);
	for (i = 0; i < 100; i++)
		check_times(&stats->header.page);
	for (i = 0; i < 2; i++)
		pthread_join(reader[i], NULL);
	atomic_store(&over, true);
	pthread_join(writer, NULL);
	check_times(&stats->header.page);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 600);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, entries_are_where_their_fields_are);
	tcase_add_test(tests, entries_do_not_overlap);
	tcase_add_test(tests, what_leads_out_of_the_page_is_no_page);
	tcase_add_test(tests, a_write_that_never_ends_is_not_waited_for);
	tcase_add_test(tests, nobody_writes_cuts_or_grows_it);
	tcase_add_test(tests, what_becomes_of_a_reader_is_not_noticed);
	tcase_add_test(tests, memory_is_there_in_any_case);
	tcase_add_test(tests, no_read_is_torn);
}

int main(void)
{
	return run_suite("page", add);
}

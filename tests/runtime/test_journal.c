/*
 * tests/runtime/test_journal.c: lanes, the wrap of a lane, and a reader beside
 * the writer that never sees half a record.
 */
#include "runtime/observe/journal.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "tests/runtime/run_suite.h"

#define RECORDS 200000

static const char *const names[] = {"tick", "screen", "a name that is longer than a lane's can be"};
static struct journal journal;

static struct journal_record record_of(uint64_t i)
{
	return (struct journal_record){
		.time_ns = (int64_t)i,
		.tick = i,
		.kind = (uint32_t)(i % JOURNAL_KIND_COUNT),
		.object = (uint32_t)i,
		.value = {(int64_t)i, (int64_t)i, (int64_t)i, (int64_t)i},
	};
}

static void write_one(struct journal_writer *writer, uint64_t i)
{
	const struct journal_record record = record_of(i);

	journal_write(writer, &record);
}

static void check_whole(const struct journal_record *record, uint64_t number)
{
	ck_assert_uint_eq(record->number, number);
	ck_assert_uint_eq(record->tick, number);
	ck_assert_uint_eq(record->object, (uint32_t)number);
	ck_assert_int_eq(record->time_ns, (int64_t)number);
	for (int i = 0; i < JOURNAL_VALUES; i++)
		ck_assert_int_eq(record->value[i], (int64_t)number);
}

/* The newest rows of each lane, and no other lane's. */
START_TEST(a_lane_keeps_its_newest_records)
{
	struct journal_record record;
	struct journal_writer writer;

	ck_assert_int_eq(journal_init(&journal, names, 3, 16, 4), 0);
	ck_assert_uint_eq(journal.header->magic, JOURNAL_MAGIC);
	ck_assert_uint_eq(journal.header->lane_count, 3);
	ck_assert_str_eq(journal.header->lane[1].name, "screen");
	ck_assert_uint_eq(strlen(journal.header->lane[2].name),
			  JOURNAL_NAME_MAX);
	for (uint32_t lane = 0; lane < 3; lane++) {
		uint64_t rows = lane ? 4 : 16;

		ck_assert_uint_eq(journal_newest(journal.header, lane), 0);
		ck_assert_uint_eq(journal_oldest(journal.header, lane), 1);
		ck_assert(!journal_read(journal.header, lane, 1, &record));
		writer = journal_writer(&journal, lane);
		for (uint64_t i = 1; i <= 100; i++) {
			uint64_t oldest = i > rows ? i - rows + 1 : 1;

			write_one(&writer, i);
			ck_assert_uint_eq(journal_newest(journal.header, lane),
					  i);
			ck_assert_uint_eq(journal_oldest(journal.header, lane),
					  oldest);
			for (uint64_t j = oldest; j <= i; j++) {
				ck_assert(journal_read(journal.header, lane, j,
						       &record));
				check_whole(&record, j);
			}
			ck_assert(!journal_read(journal.header, lane, i + 1,
						&record));
			ck_assert(oldest == 1 ||
				  !journal_read(journal.header, lane,
						oldest - 1, &record));
		}
	}
	journal_finish(&journal);
}
END_TEST

static void *write_all(void *arg)
{
	struct journal_writer writer = journal_writer(&journal, 0);

	(void)arg;
	for (uint64_t i = 1; i <= RECORDS; i++)
		write_one(&writer, i);
	return NULL;
}

/* With four rows the reader is overtaken all the time. */
START_TEST(a_reader_sees_whole_records_or_none)
{
	struct journal_record record;
	uint64_t newest, seen = 0;
	pthread_t writer;

	ck_assert_int_eq(journal_init(&journal, names, 1, 4, 0), 0);
	ck_assert_int_eq(pthread_create(&writer, NULL, write_all, NULL), 0);
	do {
		newest = journal_newest(journal.header, 0);
		if (newest && journal_read(journal.header, 0, newest, &record)) {
			check_whole(&record, newest);
			seen++;
		}
		if (newest > 2 &&
		    journal_read(journal.header, 0, newest - 2, &record))
			check_whole(&record, newest - 2);
	} while (newest < RECORDS);
	ck_assert_uint_gt(seen, 0);
	pthread_join(writer, NULL);
	journal_finish(&journal);
}
END_TEST

START_TEST(a_writer_without_a_lane_writes_nothing)
{
	struct journal_writer none = {.lane = NULL};

	write_one(&none, 1);
	ck_assert_int_ne(journal_init(&journal, names, 0, 4, 4), 0);
	ck_assert_int_ne(journal_init(&journal, names, JOURNAL_LANES_MAX + 1,
				      4, 4),
			 0);
	journal_finish(&journal);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_lane_keeps_its_newest_records);
	tcase_add_test(tests, a_reader_sees_whole_records_or_none);
	tcase_add_test(tests, a_writer_without_a_lane_writes_nothing);
}

int main(void)
{
	return run_suite("journal", add);
}

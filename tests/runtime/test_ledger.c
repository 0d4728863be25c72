/*
 * tests/runtime/test_ledger.c: each class is counted on its own, and an account
 * that is off by one anywhere is found.
 */
#include "runtime/observe/ledger.h"

#include <string.h>

#include "tests/runtime/run_suite.h"

/* 100 ticks, two sinks: 10 skipped in the middle, 5 at the end. */
static struct ledger sample(void)
{
	struct ledger ledger;
	uint64_t next = 0;

	ledger_init(&ledger, 2, 0);
	for (uint64_t n = 0; n < 95; n++) {
		if (n == 40)
			n = 50;
		ledger_start(&ledger, next, n);
		next = n + 1;
		if (n % 7 == 0)
			ledger_dropped(&ledger, 0, DROP_BUSY);
		else
			ledger_accepted(&ledger, 0, n % 5 == 0);
		if (n % 3 == 0)
			ledger_dropped(&ledger, 1,
				       n % 2 ? DROP_LOST : DROP_NO_SLOT);
		else
			ledger_accepted(&ledger, 1, false);
	}
	ledger_end(&ledger, next, 100);
	return ledger;
}

START_TEST(counts_of_the_sample)
{
	struct ledger ledger = sample();

	ck_assert_uint_eq(ledger.ticks, 100);
	ck_assert_uint_eq(ledger.skipped, 15);
	ck_assert_uint_eq(ledger.sink[0].dropped, 12);
	ck_assert_uint_eq(ledger.sink[0].reasons[DROP_BUSY], 12);
	ck_assert_uint_eq(ledger.sink[0].late, 14);
	ck_assert_uint_eq(ledger.sink[0].presented, 59);
	ck_assert_uint_eq(ledger.sink[1].late, 0);
	ck_assert_uint_eq(ledger.sink[1].dropped, 29);
	ck_assert(ledger_check(&ledger));
}
END_TEST

START_TEST(one_more_or_less_anywhere_is_found)
{
	struct ledger good = sample(), bad;
	uint64_t *fields[] = {
		&bad.ticks,
		&bad.skipped,
		&bad.sink[0].presented,
		&bad.sink[0].late,
		&bad.sink[0].dropped,
		&bad.sink[0].reasons[DROP_BUSY],
		&bad.sink[1].presented,
		&bad.sink[1].late,
		&bad.sink[1].dropped,
		&bad.sink[1].reasons[DROP_NO_SLOT],
		&bad.sink[1].reasons[DROP_LOST],
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		bad = good;
		++*fields[i];
		ck_assert_msg(!ledger_check(&bad), "field %zu + 1", i);
		bad = good;
		--*fields[i];
		ck_assert_msg(!ledger_check(&bad), "field %zu - 1", i);
	}
}
END_TEST

/* A sink that was forgotten, or counted twice, in one tick. */
START_TEST(each_sink_has_one_class_a_tick)
{
	struct ledger ledger;

	ledger_init(&ledger, 2, 0);
	ledger_start(&ledger, 0, 0);
	ledger_accepted(&ledger, 0, false);
	ck_assert(!ledger_check(&ledger));
	ledger_accepted(&ledger, 1, true);
	ck_assert(ledger_check(&ledger));
	ledger_dropped(&ledger, 1, DROP_LOST);
	ck_assert(!ledger_check(&ledger));
}
END_TEST

START_TEST(reasons_have_names)
{
	for (int i = 0; i < DROP_REASON_COUNT; i++) {
		const char *name = drop_reason_name((enum drop_reason)i);

		ck_assert(name && name[0]);
		for (int j = 0; j < i; j++)
			ck_assert_str_ne(name,
					 drop_reason_name((enum drop_reason)j));
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, counts_of_the_sample);
	tcase_add_test(tests, one_more_or_less_anywhere_is_found);
	tcase_add_test(tests, each_sink_has_one_class_a_tick);
	tcase_add_test(tests, reasons_have_names);
}

int main(void)
{
	return run_suite("ledger", add);
}

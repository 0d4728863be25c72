/*
 * tests/runtime/test_rate.c: t(n) against arithmetic done another way, and its
 * inverse at both sides of every edge, for 100 years.
 */
#include "runtime/base/rate.h"

#include <inttypes.h>

#include "tests/runtime/run_suite.h"

#define YEAR_S UINT64_C(31557600)

static const struct rate rates[] = {
	{60, 1},       {60000, 1001},
	{24000, 1001}, {1000, 1},
	{1, 1},	       {1, 3600},
	{999983, 7},   {UINT32_MAX, UINT32_MAX - 1},
	{10000000, 1},
};

#define RATE_COUNT (int)(sizeof(rates) / sizeof(rates[0]))

/* Ticks of 100 years. */
static uint64_t ticks_of_century(struct rate rate)
{
	return (uint64_t)((long double)(100 * YEAR_S) * rate.num / rate.den);
}

/* Long division in base 2^32, as on paper: n * den * 10^9 / num. */
static int64_t tick_ns_on_paper(struct rate rate, uint64_t number)
{
	uint32_t limb[5] = {(uint32_t)number, (uint32_t)(number >> 32)};
	const uint32_t factors[2] = {rate.den, 1000000000};
	uint64_t carry, result = 0;

	for (int f = 0; f < 2; f++) {
		carry = 0;
		for (int i = 0; i < 5; i++) {
			carry += (uint64_t)limb[i] * factors[f];
			limb[i] = (uint32_t)carry;
			carry >>= 32;
		}
	}
	carry = 0;
	for (int i = 4; i >= 0; i--) {
		carry = carry << 32 | limb[i];
		result = result << 32 | (uint32_t)(carry / rate.num);
		carry %= rate.num;
	}
	return (int64_t)result;
}

/* Numbers all over the century, closer together near 0. */
static uint64_t nth_number(struct rate rate, int i)
{
	uint64_t all = ticks_of_century(rate);

	if (i < 1000)
		return (uint64_t)i;
	return all / 1000 * (uint64_t)(i - 1000) + (uint64_t)i * 7919 % 1000;
}

START_TEST(equals_long_division)
{
	struct rate rate = rates[_i];

	for (int i = 0; i < 2000; i++) {
		uint64_t number = nth_number(rate, i);

		ck_assert_int_eq(rate_tick_ns(rate, number),
				 tick_ns_on_paper(rate, number));
	}
}
END_TEST

/* A tick's own start is in it, the nanosecond before is not. */
START_TEST(newest_tick_is_the_inverse)
{
	struct rate rate = rates[_i];

	for (int i = 0; i < 2000; i++) {
		uint64_t number = nth_number(rate, i);
		int64_t start = rate_tick_ns(rate, number);

		ck_assert_uint_eq(rate_newest_tick(rate, start), number);
		if (number)
			ck_assert_uint_eq(rate_newest_tick(rate, start - 1),
					  number - 1);
	}
}
END_TEST

/* den seconds hold exactly num ticks, in the hundredth year as in the first. */
START_TEST(nothing_drifts)
{
	struct rate rate = rates[_i];
	uint64_t rounds = 100 * YEAR_S / rate.den;

	ck_assert_int_eq(rate_tick_ns(rate, rate.num * rounds),
			 (int64_t)(rate.den * rounds) * 1000000000);
	ck_assert_int_eq(rate_tick_ns(rate, 0), 0);
}
END_TEST

START_TEST(seconds_come_from_the_integers)
{
	static const struct rate ntsc = {60000, 1001};

	ck_assert(rate_tick_seconds(ntsc, 0) == 0);
	ck_assert(rate_tick_seconds(ntsc, 60000) == 1001);
	ck_assert(rate_tick_seconds(ntsc, 1) == 1001.0 / 60000.0);
	ck_assert(rate_tick_seconds(ntsc, 123456789) ==
		  123580245789.0 / 60000.0);
	ck_assert_int_eq(rate_period_ns(ntsc), 16683333);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, equals_long_division, 0, RATE_COUNT);
	tcase_add_loop_test(tests, newest_tick_is_the_inverse, 0, RATE_COUNT);
	tcase_add_loop_test(tests, nothing_drifts, 0, RATE_COUNT);
	tcase_add_test(tests, seconds_come_from_the_integers);
}

int main(void)
{
	return run_suite("rate", add);
}

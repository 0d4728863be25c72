/*
 * tests/runtime/test_pool.c: pools are zeroed, touched, aligned, and give
 * everything back; mmap is counted here, and fails on request.
 */
#define _GNU_SOURCE /* mincore */

#include "runtime/base/pool.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/fakes/interpose.h"
#include "tests/runtime/run_suite.h"

#define HUGE_BYTES ((size_t)2 << 20)

static struct {
	long mapped;
	bool fails;
} os;

INTERPOSER void *mmap(void *at, size_t bytes, int protection, int flags, int fd,
		      off_t offset)
{
	if (os.fails) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	os.mapped += (long)bytes;
	return (void *)syscall(SYS_mmap, at, bytes, protection, flags, fd,
			       offset);
}

INTERPOSER int munmap(void *at, size_t bytes)
{
	os.mapped -= (long)bytes;
	return (int)syscall(SYS_munmap, at, bytes);
}

static const size_t sizes[] = {
	1,
	64,
	4096,
	4097,
	HUGE_BYTES - 1,
	HUGE_BYTES,
	HUGE_BYTES + 1,
	3 * HUGE_BYTES + 5000,
};

static bool all_resident(const struct pool *pool)
{
	static unsigned char pages[4096];
	size_t count = pool->bytes / 4096;

	ck_assert_uint_le(count, sizeof(pages));
	ck_assert_int_eq(mincore(pool->base, pool->bytes, pages), 0);
	for (size_t i = 0; i < count; i++)
		if (!(pages[i] & 1))
			return false;
	return true;
}

START_TEST(zeroed_touched_aligned_given_back)
{
	long before = os.mapped;
	struct pool pool;

	ck_assert_int_eq(pool_init(&pool, sizes[_i]), 0);
	ck_assert_uint_ge(pool.bytes, sizes[_i]);
	ck_assert_uint_lt(pool.bytes, sizes[_i] + 4096);
	ck_assert_int_eq(os.mapped - before, (long)pool.bytes);
	ck_assert_uint_eq((uintptr_t)pool.base % 4096, 0);
	if (sizes[_i] >= HUGE_BYTES)
		ck_assert_uint_eq((uintptr_t)pool.base % HUGE_BYTES, 0);
	ck_assert(all_resident(&pool));
	for (size_t i = 0; i < pool.bytes; i += 511)
		if (pool.base[i])
			ck_abort_msg("byte %zu is not zero", i);
	pool.base[pool.bytes - 1] = 1;
	pool_finish(&pool);
	ck_assert_ptr_null(pool.base);
	ck_assert_int_eq(os.mapped, before);
	pool_finish(&pool);
	ck_assert_int_eq(os.mapped, before);
}
END_TEST

START_TEST(nothing_asked_nothing_mapped)
{
	long before = os.mapped;
	struct pool pool;

	ck_assert_int_eq(pool_init(&pool, 0), 0);
	ck_assert_int_eq(os.mapped, before);
	pool_finish(&pool);
}
END_TEST

START_TEST(refused)
{
	static const size_t huge[] = {SIZE_MAX, SIZE_MAX - 4096,
				      SIZE_MAX - HUGE_BYTES, SIZE_MAX / 2};
	long before = os.mapped;
	struct pool pool;

	for (int i = 0; i < 4; i++) {
		os.mapped = before;
		ck_assert_int_lt(pool_init(&pool, huge[i]), 0);
		ck_assert_ptr_null(pool.base);
		pool_finish(&pool);
	}
	os.fails = true;
	for (int i = 0; i < 8; i++) {
		ck_assert_int_eq(pool_init(&pool, sizes[i]), -ENOMEM);
		ck_assert_ptr_null(pool.base);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, zeroed_touched_aligned_given_back, 0, 8);
	tcase_add_test(tests, nothing_asked_nothing_mapped);
	tcase_add_test(tests, refused);
}

int main(void)
{
	return run_suite("pool", add);
}

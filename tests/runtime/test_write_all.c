/*
 * tests/runtime/test_write_all.c: bytes and messages into pipes that are full,
 * slow, non-blocking or gone: all of it or an error, never a wait without end.
 */
#define _GNU_SOURCE
#include "runtime/base/write_all.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/message.h"
#include "tests/runtime/run_suite.h"

#define BYTES (1 << 20)

static int ends[2];
static unsigned char sent[BYTES], got[BYTES + 1];
static size_t got_count;

static void open_pipe(int flags)
{
	ck_assert(!pipe(ends));
	ck_assert(!fcntl(ends[1], F_SETFL, flags));
}

static void fill(void)
{
	int flags = fcntl(ends[1], F_GETFL);

	ck_assert(!fcntl(ends[1], F_SETFL, flags | O_NONBLOCK));
	while (write(ends[1], sent, 4096) > 0)
		;
	while (write(ends[1], sent, 1) > 0)
		;
	ck_assert(!fcntl(ends[1], F_SETFL, flags));
}

/* In odd portions, with rests. */
static void *read_slowly(void *unused)
{
	ssize_t count;

	while ((count = read(ends[0], got + got_count,
			     got_count % 3 ? 4097 : 60000)) > 0) {
		got_count += (size_t)count;
		usleep(200);
	}
	return unused;
}

static const int flags[] = {0, O_NONBLOCK};

START_TEST(a_slow_reader_gets_every_byte)
{
	pthread_t reader;

	for (size_t i = 0; i < BYTES; i++)
		sent[i] = (unsigned char)(i * 7 >> 3);
	open_pipe(flags[_i]);
	ck_assert(!pthread_create(&reader, NULL, read_slowly, NULL));
	ck_assert_int_eq(write_all(ends[1], sent, BYTES, 60000), 0);
	close(ends[1]);
	pthread_join(reader, NULL);
	ck_assert_uint_eq(got_count, BYTES);
	ck_assert_mem_eq(got, sent, BYTES);
}
END_TEST

/* Its flags are others' too. */
START_TEST(a_stuck_reader_is_given_up)
{
	open_pipe(flags[_i]);
	fill();
	ck_assert_int_eq(write_all(ends[1], sent, 100, 20), -ETIMEDOUT);
	ck_assert_int_eq(fcntl(ends[1], F_GETFL) & O_NONBLOCK, flags[_i]);
}
END_TEST

START_TEST(a_reader_that_is_gone_is_an_error)
{
	signal(SIGPIPE, SIG_IGN);
	open_pipe(flags[_i]);
	close(ends[0]);
	ck_assert_int_eq(write_all(ends[1], sent, 100, 60000), -EPIPE);
}
END_TEST

START_TEST(what_cannot_be_written_to_is_an_error)
{
	int fd = open("/dev/null", O_RDONLY);

	ck_assert_int_eq(write_all(fd, sent, 1, 60000), -EBADF);
	close(fd);
	ck_assert_int_eq(write_all(fd, sent, 1, 60000), -EBADF);
}
END_TEST

/* Only the first waits; the one that is taken again says how many are gone. */
START_TEST(messages_that_nobody_takes_are_counted)
{
	int kept = dup(STDERR_FILENO);

	message_set_program("test");
	open_pipe(flags[_i]);
	fill();
	dup2(ends[1], STDERR_FILENO);
	for (int i = 0; i < 50; i++)
		message("lost %d", i);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	while (read(ends[0], got, BYTES) > 0)
		;
	message("taken");
	message("taken too");
	got_count = (size_t)read(ends[0], got, BYTES);
	got[got_count] = '\0';
	dup2(kept, STDERR_FILENO);
	ck_assert_str_eq((char *)got,
			 "test: 50 lines are missing here: nobody took "
			 "them\ntest: taken\ntest: taken too\n");
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, a_slow_reader_gets_every_byte, 0, 2);
	tcase_add_loop_test(tests, a_stuck_reader_is_given_up, 0, 2);
	tcase_add_loop_test(tests, a_reader_that_is_gone_is_an_error, 0, 2);
	tcase_add_test(tests, what_cannot_be_written_to_is_an_error);
	tcase_add_loop_test(tests, messages_that_nobody_takes_are_counted, 0,
			    2);
}

int main(void)
{
	return run_suite("write_all", add);
}

/*
 * tests/drivers/test_node.c: the KMS driver's system calls: one try each,
 * whatever the kernel answers. libdrm's wrapper would ask for ever on EINTR
 * and EAGAIN, in the tick thread.
 *
 * ioctl() and read() are this file's own: they fail as told on one fd.
 */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <xf86drm.h>

#include "drivers/display/kms/commit.h"
#include "drivers/display/kms/node.h"
#include "tests/fakes/interpose.h"

#define FD	  1234
#define GIVE_UP	  50 /* calls: by then it asks for ever */

static struct {
	int calls, error;
	unsigned long request;
	uint64_t displays; /* which file descriptors are a card's */
} fake;

INTERPOSER int ioctl(int fd, unsigned long request, ...)
{
	va_list arguments;
	void *arg;

	va_start(arguments, request);
	arg = va_arg(arguments, void *);
	va_end(arguments);
	if (fd != FD)
		return (int)syscall(SYS_ioctl, fd, request, arg);
	fake.request = request;
	errno = ++fake.calls < GIVE_UP ? fake.error : 0;
	return errno ? -1 : 0;
}

INTERPOSER ssize_t read(int fd, void *data, size_t bytes)
{
	if (fd != FD)
		return syscall(SYS_read, fd, data, bytes);
	errno = ++fake.calls < GIVE_UP ? fake.error : 0;
	return errno ? -1 : 0;
}

/* fstat(), and what it is in a glibc before 2.33. */
int __fxstat(int version, int fd, struct stat *st);

INTERPOSER int __fxstat(int version, int fd, struct stat *st)
{
	(void)version;
	memset(st, 0, sizeof(*st));
	st->st_mode = S_IFCHR;
	if (fd < 64 && fake.displays & UINT64_C(1) << fd)
		st->st_rdev = makedev(226, (unsigned int)fd);
	return 0;
}

INTERPOSER int fstat(int fd, struct stat *st)
{
	return __fxstat(1, fd, st);
}

static const int errors[] = {EINTR, EAGAIN, EBUSY, ENOMEM, EINVAL, ENODEV};

START_TEST(an_ioctl_is_one_try)
{
	struct drm_mode_atomic atomic = {.flags = 0};

	fake.error = errors[_i];
	ck_assert_int_eq(kms_node_ioctl(FD, DRM_IOCTL_MODE_ATOMIC, &atomic),
			 -errors[_i]);
	ck_assert_int_eq(fake.calls, 1);
	ck_assert_uint_eq(fake.request, DRM_IOCTL_MODE_ATOMIC);
}
END_TEST

START_TEST(a_read_is_one_try)
{
	char event[32];
	int error = errors[_i];

	fake.error = error;
	ck_assert_int_eq(kms_node_read(FD, event, sizeof(event)),
			 error == EINTR || error == EAGAIN ? 0 : -error);
	ck_assert_int_eq(fake.calls, 1);
}
END_TEST

/* Two tries more after what may pass at once, none after anything else. */
START_TEST(a_commit_has_a_bound)
{
	struct kms_request request;
	int error = errors[_i];

	kms_request_init(&request);
	kms_request_object(&request, 1);
	kms_request_add(&request, 2, 3);
	fake.error = error;
	ck_assert_int_eq(kms_commit(&request, FD, 0, 0), -error);
	ck_assert_int_eq(fake.calls,
			 error == EINTR || error == EAGAIN ? 3 : 1);
}
END_TEST

/* ---- files that were passed on ------------------------------------------------ */

#define LISTED(fd) (UINT64_C(1) << (fd))

static const struct {
	const char *count; /* LISTEN_FDS */
	uint64_t displays;
	int got[3]; /* one sink after the other */
} inherited[] = {
	{"1", LISTED(3), {3, -EBUSY, -EBUSY}},
	{"2", LISTED(3) | LISTED(4), {3, 4, -EBUSY}},
	{"3", LISTED(3) | LISTED(4) | LISTED(5), {3, 4, 5}},
	{"5", LISTED(4) | LISTED(7), {4, 7, -EBUSY}},
	/* one that was not passed on */
	{"1", LISTED(3) | LISTED(4), {3, -EBUSY, -EBUSY}},
	{"2", LISTED(5), {-ENOTTY, -ENOTTY, -ENOTTY}},
	{"1", LISTED(2), {-ENOTTY, -ENOTTY, -ENOTTY}},
	{"61", LISTED(63), {63, -EBUSY, -EBUSY}},
	{"1000000", LISTED(63), {63, -EBUSY, -EBUSY}},
	{"0", LISTED(3), {-ENOENT, -ENOENT, -ENOENT}},
	{"-1", LISTED(3), {-ENOENT, -ENOENT, -ENOENT}},
	{"", LISTED(3), {-ENOENT, -ENOENT, -ENOENT}},
};
#define INHERITED_COUNT ((int)(sizeof(inherited) / sizeof(inherited[0])))

static void set_listen_pid(long pid)
{
	char text[24];

	snprintf(text, sizeof(text), "%ld", pid);
	setenv("LISTEN_PID", text, 1);
}

/* Each sink gets a file of its own, in their order. */
START_TEST(a_sink_takes_the_first_that_is_left)
{
	uint64_t taken = 0;
	int i, fd;

	fake.displays = inherited[_i].displays;
	setenv("LISTEN_FDS", inherited[_i].count, 1);
	set_listen_pid(getpid());
	for (i = 0; i < 3; i++) {
		fd = kms_node_inherited(taken);
		ck_assert_int_eq(fd, inherited[_i].got[i]);
		if (fd >= 0)
			taken |= LISTED(fd);
	}
}
END_TEST

START_TEST(files_for_another_process)
{
	fake.displays = LISTED(3);
	setenv("LISTEN_FDS", "1", 1);
	ck_assert_int_eq(kms_node_inherited(0), -ENOENT);
	set_listen_pid(getppid());
	ck_assert_int_eq(kms_node_inherited(0), -ENOENT);
}
END_TEST

static void setup(void)
{
	memset(&fake, 0, sizeof(fake));
}

int main(void)
{
	const int count = sizeof(errors) / sizeof(errors[0]);
	Suite *suite = suite_create("node");
	TCase *tests = tcase_create("node");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_loop_test(tests, an_ioctl_is_one_try, 0, count);
	tcase_add_loop_test(tests, a_read_is_one_try, 0, count);
	tcase_add_loop_test(tests, a_commit_has_a_bound, 0, count);
	tcase_add_loop_test(tests, a_sink_takes_the_first_that_is_left, 0,
			    INHERITED_COUNT);
	tcase_add_test(tests, files_for_another_process);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

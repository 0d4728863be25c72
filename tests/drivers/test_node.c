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
#include <sys/ioctl.h>
#include <sys/syscall.h>
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
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

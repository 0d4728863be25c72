/*
 * tests/drivers/test_hotplug.c: which uevents count: those of the kernel that
 * are about a display. What another program sends on the same socket does not.
 *
 * recvmsg() is this file's own: it hands out a list of messages.
 */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "drivers/display/kms/hotplug.h"
#include "tests/fakes/interpose.h"

#define DRM "change@/devices/card0\0ACTION=change\0SUBSYSTEM=drm\0HOTPLUG=1"
#define USB "add@/devices/usb1\0ACTION=add\0SUBSYSTEM=usb\0"

struct sent {
	uint32_t pid; /* 0: the kernel */
	const char *text;
	size_t bytes;
	int error; /* in place of a message */
};

static const struct sent *next;

INTERPOSER ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	struct sockaddr_nl *from = message->msg_name;
	const struct sent *sent = next;

	(void)fd;
	(void)flags;
	if (!sent->text && !sent->error) {
		errno = EAGAIN;
		return -1;
	}
	next++;
	errno = sent->error;
	if (sent->error)
		return -1;
	from->nl_pid = sent->pid;
	memcpy(message->msg_iov[0].iov_base, sent->text, sent->bytes);
	return (ssize_t)sent->bytes;
}

static const struct row {
	bool counts;
	struct sent sent[4];
} rows[] = {
	{false, {{0}}},
	{true, {{0, DRM, sizeof(DRM), 0}}},
	{false, {{0, USB, sizeof(USB), 0}}},
	/* another program's */
	{false, {{4711, DRM, sizeof(DRM), 0}}},
	{false, {{4711, DRM, sizeof(DRM), 0}, {0, USB, sizeof(USB), 0}}},
	{true, {{4711, DRM, sizeof(DRM), 0}, {0, DRM, sizeof(DRM), 0}}},
	{true, {{0, DRM, sizeof(DRM), 0}, {0, USB, sizeof(USB), 0}}},
	/* some were lost */
	{true, {{0, NULL, 0, ENOBUFS}}},
	{true, {{0, NULL, 0, EINTR}, {0, DRM, sizeof(DRM), 0}}},
	{true, {{0, NULL, 0, ENOBUFS}, {0, USB, sizeof(USB), 0}}},
	{false, {{0, USB, sizeof(USB), 0}, {0, NULL, 0, ENOTCONN}}},
};

START_TEST(only_the_kernels_uevents_of_displays_count)
{
	next = rows[_i].sent;
	ck_assert_int_eq(kms_hotplug_read(0), rows[_i].counts);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hotplug");
	TCase *tests = tcase_create("hotplug");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tests, only_the_kernels_uevents_of_displays_count, 0,
			    sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

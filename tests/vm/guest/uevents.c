/*
 * uevents: prints the kernel's uevents, one a line, as "ACTION@PATH KEY=VALUE
 * ...", until one has every word given on the command line (exit 0) or the
 * time is up (exit 1). Messages that the kernel did not send are left out.
 *
 *   uevents MILLISECONDS [KEY=VALUE...]
 */
#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int open_uevents(void)
{
	struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = 1};
	const int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC,
			      NETLINK_KOBJECT_UEVENT);

	if (fd >= 0 &&
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	perror("uevents");
	exit(71);
}

static bool has_word(const char *text, size_t size, const char *word)
{
	for (size_t at = 0; at < size; at += strlen(text + at) + 1)
		if (strcmp(text + at, word) == 0)
			return true;
	return false;
}

static void print_words(const char *text, size_t size)
{
	for (size_t at = 0; at < size; at += strlen(text + at) + 1)
		printf("%s%s", at ? " " : "", text + at);
	printf("\n");
	fflush(stdout);
}

/* @return true if this message has every wanted word. */
static bool take_message(int fd, char **wanted)
{
	char text[2049]; /* the kernel sends at most 2048 */
	struct sockaddr_nl from = {0};
	socklen_t from_size = sizeof(from);
	const ssize_t got = recvfrom(fd, text, sizeof(text) - 1, 0,
				     (struct sockaddr *)&from, &from_size);

	if (got <= 0 || from.nl_pid != 0)
		return false;
	text[got] = '\0';
	print_words(text, (size_t)got);
	for (; *wanted; wanted++)
		if (!has_word(text, (size_t)got, *wanted))
			return false;
	return true;
}

int main(int argc, char **argv)
{
	struct pollfd wait = {.fd = -1, .events = POLLIN};
	int64_t end_ms;

	if (argc < 2) {
		fprintf(stderr, "usage: uevents MILLISECONDS [KEY=VALUE...]\n");
		return 64;
	}
	wait.fd = open_uevents();
	printf("listening\n");
	fflush(stdout);
	end_ms = now_ms() + atoi(argv[1]);
	for (;;) {
		const int64_t left_ms = end_ms - now_ms();

		if (left_ms <= 0 || poll(&wait, 1, (int)left_ms) == 0)
			return 1;
		if (take_message(wait.fd, argv + 2) && argc > 2)
			return 0;
	}
}

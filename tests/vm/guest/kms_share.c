/*
 * kms_share: opens a card, runs a program with the descriptor inherited as
 * fd 3 (LISTEN_FDS=1), and keeps it afterwards, as a service manager's
 * descriptor store would. Other programs get it through the socket: kms_probe
 * -s SOCKET captures what the program shows, or takes over after its death.
 *
 *   kms_share DRIVER SOCKET [PROGRAM ARGUMENT...]
 *
 * It leaves when it is told to (SIGTERM) or, with a program, exits with that
 * program's status once SOCKET has been removed. See share.h.
 */
#include "kms.h"
#include "share.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LISTEN_FD 3

static void run_program(int card, char **argv)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("LISTEN_FDS", "1", 1);
	setenv("LISTEN_PID", pid, 1);
	if (dup2(card, LISTEN_FD) == LISTEN_FD)
		execv(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

static pid_t start_program(int card, char **argv)
{
	pid_t child = 0;

	if (argv[0]) {
		child = fork();
		if (child == 0)
			run_program(card, argv);
	}
	return child;
}

/* Serve the socket until it is gone and the program, if any, has ended. */
static int serve(int listener, int card, const char *path, pid_t child)
{
	struct pollfd wait = {.fd = listener, .events = POLLIN};
	int status = 0;

	while (child > 0 || access(path, F_OK) == 0) {
		if (child > 0 && waitpid(child, &status, WNOHANG) == child) {
			printf("ended %d\n", WIFEXITED(status)
						     ? WEXITSTATUS(status)
						     : 128 + WTERMSIG(status));
			fflush(stdout);
			child = 0;
		}
		if (poll(&wait, 1, 20) == 1)
			share_send(listener, card);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	static struct kms kms = {.fd = -1};
	int card, listener, err;

	if (argc < 3) {
		fprintf(stderr,
			"usage: kms_share DRIVER SOCKET [PROGRAM...]\n");
		return 64;
	}
	err = kms_open(&kms, argv[1]);
	if (err) {
		fprintf(stderr, "kms_share: %s: %s\n", argv[1], strerror(-err));
		return 69;
	}
	/* out of the way of LISTEN_FD */
	card = dup2(kms.fd, 10);
	close(kms.fd);
	listener = share_listen(argv[2]);
	if (card < 0 || listener < 0) {
		fprintf(stderr, "kms_share: %s: %s\n", argv[2],
			strerror(listener < 0 ? -listener : 9));
		return 71;
	}
	return serve(listener, card, argv[2], start_program(card, argv + 3));
}

/*
 * vmhost: the host's side of one boot. It starts QEMU as its child, copies the
 * guest's result lines to standard output as they come, carries out what the
 * guest asks of its outside world (a screen dump, a monitor plugged or pulled,
 * a monitor command), and ends that QEMU, and nothing else, when the guest has
 * finished or its time is up.
 *
 *   vmhost SECONDS SILENCE QEMU ARGUMENT...       in the boot's own folder
 *
 * SECONDS is for all, SILENCE the longest time without a line of results: a
 * guest whose kernel hangs is known by it. Neither counts while QEMU would run
 * and other programs do: a busy host is slow, the guest does not hang. QEMU inherits three connected sockets: fd 10 the monitor, fd 11 the port of
 * results, fd 12 the port of requests. Exit status: 0 QEMU ended by itself,
 * 1 it failed, 2 the time was up. Read next: request.c.
 */
#include "qmp.h"
#include "request.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum channel {
	CHANNEL_MONITOR,
	CHANNEL_RESULTS,
	CHANNEL_REQUESTS,
	CHANNEL_COUNT
};

#define GUEST_FD_FIRST 10

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	(void)sig;
	interrupted = 1;
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* What the process's threads have waited for a processor; 0: not known. */
static int64_t waited_ms(pid_t pid)
{
	char path[64];
	int64_t total_ns = 0;
	struct dirent *task;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	while (tasks && (task = readdir(tasks))) {
		char name[384];
		long long waited_ns = 0;
		FILE *file;

		snprintf(name, sizeof(name), "%s/%s/schedstat", path,
			 task->d_name);
		file = fopen(name, "r");
		if (!file)
			continue;
		if (fscanf(file, "%*d %lld", &waited_ns) == 1)
			total_ns += waited_ns;
		fclose(file);
	}
	if (tasks)
		closedir(tasks);
	return total_ns / 1000000;
}

/* Time that the guest could have used. A thread that ends takes its waiting
 * with it: what was seen once counts. */
static int64_t used_ms(pid_t pid)
{
	static int64_t most_ms;
	const int64_t ms = waited_ms(pid);

	most_ms = ms > most_ms ? ms : most_ms;
	return now_ms() - most_ms;
}

static void make_channels(int ours[CHANNEL_COUNT], int theirs[CHANNEL_COUNT])
{
	for (int i = 0; i < CHANNEL_COUNT; i++) {
		int pair[2];

		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) {
			perror("vmhost: socketpair");
			exit(1);
		}
		ours[i] = pair[0];
		theirs[i] = pair[1];
	}
}

static pid_t start_qemu(char **argv, const int theirs[CHANNEL_COUNT])
{
	const pid_t pid = fork();

	if (pid < 0) {
		perror("vmhost: fork");
		exit(1);
	}
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (int i = 0; i < CHANNEL_COUNT; i++)
			if (dup2(theirs[i], GUEST_FD_FIRST + i) < 0)
				_exit(126);
		execvp(argv[0], argv);
		fprintf(stderr, "vmhost: %s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	for (int i = 0; i < CHANNEL_COUNT; i++)
		close(theirs[i]);
	return pid;
}

/* @return false at the end of the stream, or where nobody reads ours. */
static bool copy_results(int fd)
{
	char buf[1024];
	const ssize_t got = read(fd, buf, sizeof(buf));

	if (got > 0) {
		fwrite(buf, 1, (size_t)got, stdout);
		if (fflush(stdout))
			return false;
	}
	return got > 0 || (got < 0 && errno == EINTR);
}

static void end_qemu(pid_t pid)
{
	kill(pid, SIGTERM);
	for (int tries = 0; tries < 30; tries++) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return;
		usleep(100000);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int64_t earlier(int64_t a_ms, int64_t b_ms)
{
	return a_ms < b_ms ? a_ms : b_ms;
}

/* Serve the guest until QEMU closes its ports. @return false: time is up. */
static bool serve(const int fd[CHANNEL_COUNT], pid_t pid, int64_t limit_ms,
		  int64_t silence_ms)
{
	struct request_line line = {0};
	int64_t heard_ms = used_ms(pid), end_ms = heard_ms + limit_ms;

	for (;;) {
		struct pollfd wait[2] = {
			{.fd = fd[CHANNEL_RESULTS], .events = POLLIN},
			{.fd = fd[CHANNEL_REQUESTS], .events = POLLIN},
		};
		const int64_t left_ms =
			earlier(end_ms, heard_ms + silence_ms) - used_ms(pid);

		if (left_ms <= 0 || interrupted)
			return false;
		if (poll(wait, 2, (int)left_ms) <= 0)
			continue;
		if (wait[0].revents && !copy_results(fd[CHANNEL_RESULTS]))
			return !ferror(stdout);
		if (wait[0].revents)
			heard_ms = used_ms(pid);
		if (wait[1].revents & POLLIN)
			request_serve(&line, fd[CHANNEL_REQUESTS],
				      fd[CHANNEL_MONITOR]);
	}
}

int main(int argc, char **argv)
{
	const struct sigaction stop = {.sa_handler = on_signal};
	int ours[CHANNEL_COUNT], theirs[CHANNEL_COUNT];
	const int64_t begin_ms = now_ms();
	pid_t pid;
	int status;

	if (argc < 4) {
		fprintf(stderr,
			"usage: vmhost SECONDS SILENCE QEMU ARGUMENT...\n");
		return 64;
	}
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	signal(SIGPIPE, SIG_IGN);
	make_channels(ours, theirs);
	pid = start_qemu(argv + 3, theirs);
	if (qmp_start(ours[CHANNEL_MONITOR])) {
		fprintf(stderr, "vmhost: %s did not start\n", argv[3]);
		end_qemu(pid);
		return 1;
	}
	if (!serve(ours, pid, (int64_t)atoi(argv[1]) * 1000,
		   (int64_t)atoi(argv[2]) * 1000)) {
		end_qemu(pid);
		fprintf(stderr, "vmhost: %s after %d s: ended\n",
			interrupted ? "interrupted" : "not finished",
			(int)((now_ms() - begin_ms) / 1000));
		return 2;
	}
	if (waitpid(pid, &status, 0) != pid)
		return 1;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}

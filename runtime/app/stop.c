/*
 * runtime/app/stop.c: see runtime/app/stop.h. No signalfd: a handler ends the process
 * also while the main thread is stuck in a write.
 */
#include "runtime/app/stop.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t seen;
static struct cycle *cycle;

static void on_signal(int number)
{
	if (seen++)
		_exit(128 + number);
	cycle_stop(cycle);
}

static void change_mask(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(how, &set, NULL);
}

/* Nothing can be written to these either: EBADF, as to a closed one. */
static void fill_standard_descriptors(void)
{
	int fd = 0;

	while (fd >= 0 && fd <= STDERR_FILENO)
		fd = open("/dev/null", O_RDONLY);
	if (fd >= 0)
		close(fd);
}

void stop_block(void)
{
	fill_standard_descriptors();
	change_mask(SIG_BLOCK);
	signal(SIGPIPE, SIG_IGN);
}

void stop_accept(struct cycle *stopped)
{
	struct sigaction action = {.sa_handler = on_signal,
				   .sa_flags = SA_RESTART};

	cycle = stopped;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	change_mask(SIG_UNBLOCK);
}

void stop_wait(void)
{
	sigset_t open;

	change_mask(SIG_BLOCK);
	pthread_sigmask(SIG_BLOCK, NULL, &open);
	sigdelset(&open, SIGINT);
	sigdelset(&open, SIGTERM);
	while (!seen)
		sigsuspend(&open);
	change_mask(SIG_UNBLOCK);
}

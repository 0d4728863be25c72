/*
 * runtime/base/stop.c: see runtime/base/stop.h. Every thread has these signals
 * blocked; one waits for them.
 */
#include "runtime/base/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "runtime/base/thread.h"

static struct {
	sigset_t signals, before; /* those that count; the mask as it was */
	struct thread thread;
	int fd; /* eventfd */
	atomic_bool finished, requested;
	pthread_mutex_t lock; /* of the two below, and of requested's change */
	void (*call)(void *arg);
	void *arg;
} stop = {.fd = -1, .lock = PTHREAD_MUTEX_INITIALIZER};

/* Nothing can be written to these either: EBADF, as to a closed one. */
static void fill_standard_descriptors(void)
{
	int fd = 0;

	while (fd >= 0 && fd <= STDERR_FILENO)
		fd = open("/dev/null", O_RDONLY);
	if (fd >= 0)
		close(fd);
}

void stop_prepare(void)
{
	fill_standard_descriptors();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

static void request_stop(void)
{
	const uint64_t one = 1;

	pthread_mutex_lock(&stop.lock);
	/* release: pairs with stop_requested */
	atomic_store_explicit(&stop.requested, true, memory_order_release);
	if (stop.call)
		stop.call(stop.arg);
	pthread_mutex_unlock(&stop.lock);
	/* an eventfd takes the first write always */
	if (write(stop.fd, &one, sizeof(one)) < 0)
		return;
}

static void *signal_thread(void *unused)
{
	int number;

	for (;;) {
		sigwait(&stop.signals, &number);
		/* relaxed: pthread_kill comes after its store */
		if (atomic_load_explicit(&stop.finished, memory_order_relaxed))
			return unused;
		if (stop_requested())
			_exit(128 + number);
		request_stop();
	}
}

/* nohup's choice stays. */
static bool is_ignored(int number)
{
	struct sigaction action;

	return !sigaction(number, NULL, &action) &&
	       action.sa_handler == SIG_IGN;
}

int stop_start(void)
{
	const struct thread_config config = {
		.name = "signals", .cpu = -1, .run = signal_thread};
	int error;

	sigemptyset(&stop.signals);
	sigaddset(&stop.signals, SIGINT);
	sigaddset(&stop.signals, SIGTERM);
	if (!is_ignored(SIGHUP))
		sigaddset(&stop.signals, SIGHUP);
	atomic_init(&stop.finished, false);
	atomic_init(&stop.requested, false);
	stop.call = NULL;
	stop.fd = eventfd(0, EFD_CLOEXEC);
	if (stop.fd < 0)
		return -errno;
	pthread_sigmask(SIG_BLOCK, &stop.signals, &stop.before);
	error = thread_start(&stop.thread, &config);
	if (error)
		stop_finish();
	return error;
}

void stop_finish(void)
{
	if (stop.fd < 0)
		return;
	atomic_store_explicit(&stop.finished, true, memory_order_relaxed);
	if (stop.thread.running)
		pthread_kill(stop.thread.id, SIGTERM); /* one that wakes it */
	thread_join(&stop.thread);
	pthread_sigmask(SIG_SETMASK, &stop.before, NULL);
	close(stop.fd);
	stop.fd = -1;
}

bool stop_requested(void)
{
	/* acquire: pairs with request_stop */
	return atomic_load_explicit(&stop.requested, memory_order_acquire);
}

int stop_fd(void)
{
	return stop.fd;
}

bool stop_wait(int milliseconds)
{
	struct pollfd requested = {.fd = stop.fd, .events = POLLIN};

	while (poll(&requested, 1, milliseconds) < 0 && errno == EINTR)
		;
	return stop_requested();
}

void stop_call(void (*call)(void *arg), void *arg)
{
	pthread_mutex_lock(&stop.lock);
	if (stop_requested())
		call(arg);
	stop.call = call;
	stop.arg = arg;
	pthread_mutex_unlock(&stop.lock);
}

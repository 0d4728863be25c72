/*
 * runtime/base/thread.c: pthread_create with everything explicit. See thread.h.
 */
#define _GNU_SOURCE /* CPU_SET, pthread_setname_np */

#include "runtime/base/thread.h"

#include <errno.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* The lowest page is the guard. */
static int map_stack(struct thread *thread, size_t bytes)
{
	size_t guard = (size_t)sysconf(_SC_PAGESIZE);
	int error = pool_init(&thread->stack,
			      guard + (bytes ? bytes : THREAD_STACK_BYTES));

	if (error)
		return error;
	if (!mprotect(thread->stack.base, guard, PROT_NONE))
		return 0;
	error = -errno;
	pool_finish(&thread->stack);
	return error;
}

/* ---- the new thread
 * ---------------------------------------------------------- */

/* On the creator's stack, until `begun` is posted. */
struct thread_begin {
	const struct thread_config *config;
	sem_t begun;
	int error; /* positive: it runs nothing */
};

static int thread_schedule(const struct thread_config *config)
{
	struct sched_param param = {.sched_priority = config->priority};
	cpu_set_t cpus;
	int error = 0;

	if (config->cpu >= CPU_SETSIZE)
		return EINVAL;
	if (config->cpu >= 0) {
		CPU_ZERO(&cpus);
		CPU_SET((size_t)config->cpu, &cpus);
		error = pthread_setaffinity_np(pthread_self(), sizeof(cpus),
					       &cpus);
	}
	if (!error && config->priority)
		error = pthread_setschedparam(pthread_self(), SCHED_FIFO,
					      &param);
	return error;
}

static void *thread_begin(void *arg)
{
	struct thread_begin *begin = arg;
	const struct thread_config config = *begin->config;
	int error = thread_schedule(&config);

	begin->error = error;
	sem_post(&begin->begun);
	return error ? NULL : config.run(config.arg);
}

/* ---- whoever starts it
 * ------------------------------------------------------- */

/*
 * The new thread inherits the mask: there is no window with signals open. What
 * the kernel may refuse is asked for by the thread itself, not by attributes: a
 * pthread_create of glibc before 2.34 that fails for them leaves a thread that
 * is still ending, on a stack that is about to go.
 */
static int create(struct thread *thread, const pthread_attr_t *attributes,
		  const struct thread_config *config)
{
	struct thread_begin begin = {.config = config};
	sigset_t all, before;
	int error;

	sem_init(&begin.begun, 0, 0);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread->id, attributes, thread_begin, &begin);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	while (!error && sem_wait(&begin.begun) && errno == EINTR)
		;
	if (!error && begin.error) {
		pthread_join(thread->id, NULL);
		error = begin.error;
	}
	sem_destroy(&begin.begun);
	return error;
}

/* Its stack leaves out the guard page. */
static int create_on_stack(struct thread *thread,
			   const struct thread_config *config)
{
	size_t guard = (size_t)sysconf(_SC_PAGESIZE);
	pthread_attr_t attributes;
	int error = pthread_attr_init(&attributes);

	if (error)
		return error;
	error = pthread_attr_setstack(&attributes, thread->stack.base + guard,
				      thread->stack.bytes - guard);
	if (!error)
		error = create(thread, &attributes, config);
	pthread_attr_destroy(&attributes);
	return error;
}

int thread_start(struct thread *thread, const struct thread_config *config)
{
	int error;

	*thread = (struct thread){.running = false};
	error = map_stack(thread, config->stack_bytes);
	if (error)
		return error;
	error = create_on_stack(thread, config);
	if (error) {
		pool_finish(&thread->stack);
		return -error;
	}
	thread->running = true;
	pthread_setname_np(thread->id, config->name);
	return 0;
}

void thread_join(struct thread *thread)
{
	if (thread->running)
		pthread_join(thread->id, NULL);
	thread->running = false;
	pool_finish(&thread->stack);
}

bool thread_join_for(struct thread *thread, int milliseconds)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += milliseconds % 1000 * 1000000L;
	until.tv_sec += milliseconds / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	if (thread->running &&
	    pthread_clockjoin_np(thread->id, NULL, CLOCK_MONOTONIC, &until))
		return false;
	thread->running = false;
	pool_finish(&thread->stack);
	return true;
}

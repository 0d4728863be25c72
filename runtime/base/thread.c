/*
 * runtime/base/thread.c: pthread_create with everything explicit. See thread.h.
 */
#define _GNU_SOURCE /* CPU_SET, pthread_setname_np */

#include "runtime/base/thread.h"

#include <errno.h>
#include <sched.h>
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

/* The caller's stack attribute leaves out the guard page. */
static int set_attributes(pthread_attr_t *attributes,
			  const struct thread *thread,
			  const struct thread_config *config)
{
	size_t guard = (size_t)sysconf(_SC_PAGESIZE);
	struct sched_param param = {.sched_priority = config->priority};
	cpu_set_t cpus;
	int error = pthread_attr_setstack(
		attributes, thread->stack.base + guard, thread->stack.bytes - guard);

	if (!error && config->priority) {
		error = pthread_attr_setinheritsched(attributes,
						     PTHREAD_EXPLICIT_SCHED);
		if (!error)
			error = pthread_attr_setschedpolicy(attributes,
							    SCHED_FIFO);
		if (!error)
			error = pthread_attr_setschedparam(attributes, &param);
	}
	if (error || config->cpu < 0)
		return error;
	if (config->cpu >= CPU_SETSIZE)
		return EINVAL;
	CPU_ZERO(&cpus);
	CPU_SET((size_t)config->cpu, &cpus);
	return pthread_attr_setaffinity_np(attributes, sizeof(cpus), &cpus);
}

/* The new thread inherits the mask: there is no window with signals open. */
static int create(struct thread *thread, const pthread_attr_t *attributes,
		  const struct thread_config *config)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread->id, attributes, config->run,
			       config->arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

int thread_start(struct thread *thread, const struct thread_config *config)
{
	pthread_attr_t attributes;
	int error;

	*thread = (struct thread){.running = false};
	error = map_stack(thread, config->stack_bytes);
	if (error)
		return error;
	error = pthread_attr_init(&attributes);
	if (!error) {
		error = set_attributes(&attributes, thread, config);
		if (!error)
			error = create(thread, &attributes, config);
		pthread_attr_destroy(&attributes);
	}
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

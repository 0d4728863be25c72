/*
 * runtime/cycle/tick_thread.c: see runtime/cycle/tick_thread.h.
 */
#define _GNU_SOURCE /* sched_getaffinity */

#include "runtime/cycle/tick_thread.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>

#include "runtime/base/text.h"
#include "runtime/base/message.h"

#define LOOK_MS 100 /* at a tick thread that may be stuck in a driver */

static void *tick_thread(void *arg)
{
	struct tick_thread *tick = arg;

	while (sem_wait(&tick->gate) && errno == EINTR)
		;
	cycle_run(tick->cycle);
	return NULL;
}

/* "0-1,4" would be nicer; the count says enough. */
static void explain_cpu(int32_t cpu, char *line, size_t line_bytes)
{
	cpu_set_t cpus;
	int count = 0;

	if (!sched_getaffinity(0, sizeof(cpus), &cpus))
		count = CPU_COUNT(&cpus);
	text_append(line, line_bytes,
		    "--cpu %d: the tick thread may not run there; this process "
		    "has %d CPUs, --cpu -1 takes any",
		    cpu, count);
}

/* SCHED_FIFO if it is granted, else normal priority and a note of that. */
static int start_thread(struct tick_thread *tick,
			const struct tick_thread_config *config)
{
	struct thread_config thread = {
		.name = "tick",
		.priority = cycle_is_timed(config->cycle) ? config->priority
							  : 0,
		.cpu = config->cpu,
		.run = tick_thread,
		.arg = tick,
	};
	int error = thread_start(&tick->thread, &thread);

	if (error == -EPERM && thread.priority) {
		tick->refused.fifo_priority = thread.priority;
		thread.priority = 0;
		error = thread_start(&tick->thread, &thread);
	}
	tick->priority = thread.priority;
	return error;
}

static void lock_memory(struct tick_thread *tick)
{
	int error;

	if (!cycle_is_timed(tick->cycle))
		return;
	error = seal_memory();
	tick->refused.memory_error = -error;
	tick->memory_locked = !error;
}

enum exit_status tick_thread_start(struct tick_thread *tick,
			      const struct tick_thread_config *config, char *line,
			      size_t line_bytes)
{
	int error;

	*tick = (struct tick_thread){.cycle = NULL};
	line[0] = '\0';
	if (config->require_rt && !cycle_is_timed(config->cycle)) {
		text_append(line, line_bytes,
			    "--require-rt: --clock free is an ordinary thread; "
			    "leave one of them out");
		return EXIT_STATUS_USAGE;
	}
	tick->cycle = config->cycle;
	sem_init(&tick->gate, 0, 0);
	error = start_thread(tick, config);
	if (error) {
		tick->cycle = NULL;
		if (error == -EINVAL) {
			explain_cpu(config->cpu, line, line_bytes);
			return EXIT_STATUS_MACHINE;
		}
		text_append(line, line_bytes, "tick thread: %s: %s",
			    strerror(-error), rights_way_out(-error));
		return EXIT_STATUS_OS_LIMIT;
	}
	lock_memory(tick);
	if (!config->require_rt || !rights_are_missing(&tick->refused))
		return EXIT_STATUS_OK;
	text_append(line, line_bytes, "--require-rt: ");
	rights_explain(&tick->refused, line + strlen(line),
		      line_bytes - strlen(line));
	tick_thread_finish(tick);
	return EXIT_STATUS_NO_PERMISSION;
}

void tick_thread_go(struct tick_thread *tick)
{
	sem_post(&tick->gate);
}

void tick_thread_tell(const struct tick_thread *tick)
{
	char line[512];

	if (!rights_are_missing(&tick->refused))
		return;
	rights_explain(&tick->refused, line, sizeof(line));
	message("warning: %s", line);
}

void tick_thread_join(struct tick_thread *tick)
{
	struct backend *backend = tick->thread.running
					  ? tick->cycle->config.backend
					  : NULL;

	if (!backend || !backend->ops->is_stuck) {
		thread_join(&tick->thread);
		return;
	}
	while (!thread_join_for(&tick->thread, LOOK_MS))
		if (backend->ops->is_stuck(backend, LOOK_MS)) {
			cycle_abandon(tick->cycle);
			tick->thread = (struct thread){.running = false};
			return;
		}
}

void tick_thread_finish(struct tick_thread *tick)
{
	if (!tick->cycle)
		return;
	cycle_stop(tick->cycle);
	tick_thread_go(tick);
	tick_thread_join(tick);
	if (tick->memory_locked)
		munlockall();
	sem_destroy(&tick->gate);
	tick->cycle = NULL;
}

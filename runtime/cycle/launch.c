/*
 * runtime/cycle/launch.c: see runtime/cycle/launch.h.
 */
#define _GNU_SOURCE /* sched_getaffinity */

#include "runtime/cycle/launch.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>

#include "runtime/base/text.h"
#include "runtime/base/message.h"

#define LOOK_MS 100 /* at a tick thread that may be stuck in a driver */

static void *tick_thread(void *arg)
{
	struct launch *launch = arg;

	while (sem_wait(&launch->gate) && errno == EINTR)
		;
	cycle_run(launch->cycle);
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
static int start_thread(struct launch *launch,
			const struct launch_config *config)
{
	struct thread_config thread = {
		.name = "tick",
		.priority = cycle_is_timed(config->cycle) ? config->priority
							  : 0,
		.cpu = config->cpu,
		.run = tick_thread,
		.arg = launch,
	};
	int error = thread_start(&launch->thread, &thread);

	if (error == -EPERM && thread.priority) {
		launch->refused.fifo_priority = thread.priority;
		thread.priority = 0;
		error = thread_start(&launch->thread, &thread);
	}
	launch->priority = thread.priority;
	return error;
}

static void lock_memory(struct launch *launch)
{
	int error;

	if (!cycle_is_timed(launch->cycle))
		return;
	error = seal_memory();
	launch->refused.memory_error = -error;
	launch->memory_locked = !error;
}

enum exit_status launch_start(struct launch *launch,
			      const struct launch_config *config, char *line,
			      size_t line_bytes)
{
	int error;

	*launch = (struct launch){.cycle = NULL};
	line[0] = '\0';
	if (config->require_rt && !cycle_is_timed(config->cycle)) {
		text_append(line, line_bytes,
			    "--require-rt: --clock free is an ordinary thread; "
			    "leave one of them out");
		return EXIT_STATUS_USAGE;
	}
	launch->cycle = config->cycle;
	sem_init(&launch->gate, 0, 0);
	error = start_thread(launch, config);
	if (error) {
		launch->cycle = NULL;
		if (error == -EINVAL) {
			explain_cpu(config->cpu, line, line_bytes);
			return EXIT_STATUS_MACHINE;
		}
		text_append(line, line_bytes, "tick thread: %s: %s",
			    strerror(-error), rights_way_out(-error));
		return EXIT_STATUS_OS_LIMIT;
	}
	lock_memory(launch);
	if (!config->require_rt || !rights_are_missing(&launch->refused))
		return EXIT_STATUS_OK;
	text_append(line, line_bytes, "--require-rt: ");
	rights_explain(&launch->refused, line + strlen(line),
		      line_bytes - strlen(line));
	launch_finish(launch);
	return EXIT_STATUS_NO_PERMISSION;
}

void launch_go(struct launch *launch)
{
	sem_post(&launch->gate);
}

void launch_tell(const struct launch *launch)
{
	char line[512];

	if (!rights_are_missing(&launch->refused))
		return;
	rights_explain(&launch->refused, line, sizeof(line));
	message("warning: %s", line);
}

void launch_join(struct launch *launch)
{
	struct backend *backend = launch->thread.running
					  ? launch->cycle->config.backend
					  : NULL;

	if (!backend || !backend->ops->is_stuck) {
		thread_join(&launch->thread);
		return;
	}
	while (!thread_join_for(&launch->thread, LOOK_MS))
		if (backend->ops->is_stuck(backend, LOOK_MS)) {
			cycle_abandon(launch->cycle);
			launch->thread = (struct thread){.running = false};
			return;
		}
}

void launch_finish(struct launch *launch)
{
	if (!launch->cycle)
		return;
	cycle_stop(launch->cycle);
	launch_go(launch);
	launch_join(launch);
	if (launch->memory_locked)
		munlockall();
	sem_destroy(&launch->gate);
	launch->cycle = NULL;
}

/*
 * tests/lib/strace.c: see strace.h.
 *
 * A log line reads "TID CALL(ARGUMENTS) = RESULT"; a call that another
 * thread's line interrupts is told in two, the second beginning with "<...".
 */
#define _GNU_SOURCE
#include "tests/lib/strace.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/process.h"
#include "tests/lib/scratch.h"

bool strace_usable(const char **why)
{
	static const char *const argv[] = {"strace", "-f", "-y", "true", NULL};
	struct process process;
	int status = process_run(&process, argv);

	process_finish(&process);
	*why = status == 127 ? "strace is not installed"
			     : "strace may not trace here (ptrace refused)";
	return status == 0;
}

void strace_argv(const char *argv[STRACE_ARGV_MAX], const char *log,
		 const char *const program[])
{
	const char *const prefix[] = {"strace", "-f", "-y", "-o", log};
	size_t count = sizeof(prefix) / sizeof(prefix[0]), i;

	memcpy(argv, prefix, sizeof(prefix));
	for (i = 0; program[i]; i++) {
		ck_assert_uint_lt(count, STRACE_ARGV_MAX - 1);
		argv[count++] = program[i];
	}
	argv[count] = NULL;
}

pid_t strace_pid(const char *log)
{
	char *text = file_text(log, NULL);
	pid_t pid = text ? (pid_t)strtol(text, NULL, 10) : 0;

	free(text);
	return pid;
}

/* The id of the thread of this name: the one whose name somebody set, through
 * /proc (another thread) or prctl (itself). 0: nobody did. */
static long thread_id(const char *text, const char *thread)
{
	char by_proc[64], by_prctl[64];
	const char *at;

	snprintf(by_proc, sizeof(by_proc), "/comm>, \"%s\"", thread);
	at = strstr(text, by_proc);
	if (at) {
		while (at > text && at[-1] != '/')
			at--;
		return strtol(at, NULL, 10);
	}
	snprintf(by_prctl, sizeof(by_prctl), "prctl(PR_SET_NAME, \"%s\"",
		 thread);
	at = strstr(text, by_prctl);
	while (at && at > text && at[-1] != '\n')
		at--;
	return at ? strtol(at, NULL, 10) : 0;
}

/* The call that a log line begins, if it is this thread's; else NULL. */
static char *call_of(char *line, long tid)
{
	char *at;

	if (strtol(line, &at, 10) != tid)
		return NULL;
	at += strspn(at, " ");
	return strchr("<-+", *at) ? NULL : at;
}

struct strace strace_read(const char *log, const char *thread)
{
	struct strace trace = {.text = file_text(log, NULL)};
	char *rest = trace.text, *line, *call;
	size_t lines = 0;
	long tid;

	ck_assert_msg(trace.text, "%s: strace wrote no log", log);
	tid = thread_id(trace.text, thread);
	ck_assert_msg(tid, "%s: no thread was named \"%s\"", log, thread);
	for (const char *c = trace.text; *c; c++)
		lines += *c == '\n';
	trace.calls = calloc(lines + 1, sizeof(*trace.calls));
	ck_assert_ptr_nonnull(trace.calls);
	while ((line = strsep(&rest, "\n"))) {
		call = call_of(line, tid);
		if (call)
			trace.calls[trace.count++] = call;
	}
	return trace;
}

void strace_free(struct strace *trace)
{
	free(trace->calls);
	free(trace->text);
	*trace = (struct strace){0};
}

static bool is_timerfd_call(const char *call, const char *name)
{
	size_t length = strlen(name);

	if (strncmp(call, name, length) || call[length] != '(')
		return false;
	call += length + 1;
	call += strspn(call, "0123456789");
	return !strncmp(call, "<anon_inode:[timerfd]>,", 23);
}

bool strace_is_wait(const char *call)
{
	return is_timerfd_call(call, "read");
}

bool strace_is_arm(const char *call)
{
	return is_timerfd_call(call, "timerfd_settime");
}

const char *strace_foreign_call(const struct strace *trace, size_t *waits)
{
	size_t first = trace->count, last = 0, i;

	*waits = 0;
	for (i = 0; i < trace->count; i++) {
		if (!strace_is_wait(trace->calls[i]))
			continue;
		if (!(*waits)++)
			first = i;
		last = i;
	}
	for (i = first; i <= last && i < trace->count; i++) {
		bool wait = strace_is_wait(trace->calls[i]);

		if ((!wait && !strace_is_arm(trace->calls[i])) ||
		    (i > first && wait == strace_is_wait(trace->calls[i - 1])))
			return trace->calls[i];
	}
	return NULL;
}

int64_t strace_armed_ns(const char *call)
{
	const char *value = strstr(call, "it_value={");
	int64_t seconds, ns;

	if (!value || !strstr(call, "TFD_TIMER_ABSTIME"))
		return -1;
	if (sscanf(value, "it_value={tv_sec=%" SCNd64 ", tv_nsec=%" SCNd64,
		   &seconds, &ns) != 2)
		return -1;
	return seconds * 1000000000 + ns;
}

/*
 * tests/lib/strace.h: the system calls of one thread of a program, as strace
 * saw them from outside.
 *
 * Start the program under strace_argv's command, then read the log. Only the
 * beginnings of calls are kept: one line a call, in order, without the process
 * id; signals and exits are left out.
 */
#ifndef TESTS_LIB_STRACE_H
#define TESTS_LIB_STRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define STRACE_ARGV_MAX 64

struct strace {
	size_t count;
	char **calls; /* "read(3<anon_inode:[timerfd]>, ..." */
	char *text;   /* the log, which calls points into */
};

/* Whether strace is here and may trace; if not, *why says what is missing. */
bool strace_usable(const char **why);

/* Fills argv with strace writing to `log`, then `program` (NULL-terminated). */
void strace_argv(const char *argv[STRACE_ARGV_MAX], const char *log,
		 const char *const program[]);

/* The traced program's process id, once the log has begun; 0: it has not. */
pid_t strace_pid(const char *log);

/* The calls of the thread of this name, from a log. */
struct strace strace_read(const char *log, const char *thread);
void strace_free(struct strace *trace);

/* Whether a call only waits on a timerfd, or arms one. */
bool strace_is_wait(const char *call);
bool strace_is_arm(const char *call);

/*
 * Between the first and the last wait a thread arms and waits in turn: the first
 * call that is another, or out of turn; NULL: there is none. *waits counts the
 * waits.
 */
const char *strace_foreign_call(const struct strace *trace, size_t *waits);

/* The absolute time that an arming call sets; -1: it is not absolute. */
int64_t strace_armed_ns(const char *call);

#endif

/*
 * tests/lib/process.h: run a program under test and look at what it did.
 *
 * A child gets its standard output and error captured in memory (never a pipe
 * that could fill up), dies with the test, and is killed alone, by its pid,
 * when it outlives its time limit. Limits are for hangs, not for speed: they
 * are generous, and no test asserts how long something took. Every failure
 * here fails the running Check test with a message that names the program.
 */
#ifndef TESTS_LIB_PROCESS_H
#define TESTS_LIB_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#define PROCESS_LIMIT_MS  60000 /* after this a child counts as hung */
#define PROCESS_TIMED_OUT (-1)

struct process {
	pid_t pid;	    /* 0 once reaped */
	int out_fd, err_fd; /* memory files; -1: not captured */
	int status;	    /* exit status; 128 + signal when killed by one */
	char name[256];	    /* for messages */
	char *out, *err;    /* what it printed; set by process_wait */
};

/* What a child is started with; zero for the common case. */
struct process_setup {
	int stdin_fd;  /* 0: /dev/null */
	int stdout_fd; /* 0: captured */
	int stderr_fd; /* 0: captured */
	/* Runs in the child just before exec; returns false to give up. */
	bool (*before_exec)(const void *argument);
	const void *argument;
};

/* Starts argv (NULL-terminated; argv[0] is looked up in PATH). */
void process_start(struct process *process, const struct process_setup *setup,
		   const char *const argv[]);

/*
 * Waits for the child to end; returns its exit status (128 + signal), or
 * PROCESS_TIMED_OUT after killing it. Fills out and err.
 */
int process_wait(struct process *process, int limit_ms);

/* Whether it ends by itself within that time; fills out and err when it does.
 */
bool process_ends(struct process *process, int within_ms);

/* process_wait, and fails the test unless it ends with `status`. */
void process_expect(struct process *process, int status);

/* start and wait. */
int process_run(struct process *process, const char *const argv[]);

/* Sends a signal; fails the test when the child is gone. */
void process_signal(const struct process *process, int signal);

/* Waits until its output (or error output) contains text; false: it ended or
 * timed out before. */
bool process_wait_for_output(struct process *process, const char *text);
bool process_wait_for_error(struct process *process, const char *text);

/* The id of the child's thread of this name; waits for it. 0: never came. */
pid_t process_thread(struct process *process, const char *name);

/* Kills what still runs and frees everything. */
void process_finish(struct process *process);

/* Sleeps; for pacing what a test does, never for judging what it saw. */
void sleep_ms(int milliseconds);

/* CLOCK_MONOTONIC. */
long long now_ns(void);

#endif

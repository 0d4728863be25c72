/*
 * tests/lib/process.c: see process.h.
 */
#define _GNU_SOURCE
#include "tests/lib/process.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define POLL_MS		5
#define CHILD_FAILED	126 /* before exec */
#define CHILD_NOT_FOUND 127

void sleep_ms(int milliseconds)
{
	struct timespec left = {milliseconds / 1000,
				(milliseconds % 1000) * 1000000L};

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int capture(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	ck_assert_msg(fd >= 0, "memfd_create: %s", strerror(errno));
	return fd;
}

static void move_fd(int from, int to)
{
	/* dup2 onto itself would keep close-on-exec. */
	if (from == to ? fcntl(to, F_SETFD, 0) : dup2(from, to) < 0)
		_exit(CHILD_FAILED);
}

static void child(const struct process *process,
		  const struct process_setup *setup, const char *const argv[])
{
	int null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	move_fd(setup->stdin_fd ? setup->stdin_fd : null, 0);
	move_fd(setup->stdout_fd ? setup->stdout_fd : process->out_fd, 1);
	move_fd(setup->stderr_fd ? setup->stderr_fd : process->err_fd, 2);
	signal(SIGHUP, SIG_DFL); /* whoever ran the tests under nohup */
	if (setup->before_exec && !setup->before_exec(setup->argument)) {
		fprintf(stderr, "%s: could not be set up: %s\n", argv[0],
			strerror(errno));
		_exit(CHILD_FAILED);
	}
	execvp(argv[0], (char *const *)(const void *)argv);
	fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	_exit(CHILD_NOT_FOUND);
}

void process_start(struct process *process, const struct process_setup *setup,
		   const char *const argv[])
{
	static const struct process_setup plain;

	if (!setup)
		setup = &plain;
	*process = (struct process){.out_fd = -1, .err_fd = -1};
	snprintf(process->name, sizeof(process->name), "%s", argv[0]);
	if (!setup->stdout_fd)
		process->out_fd = capture("stdout");
	if (!setup->stderr_fd)
		process->err_fd = capture("stderr");
	fflush(NULL);
	process->pid = fork();
	ck_assert_msg(process->pid >= 0, "fork: %s", strerror(errno));
	if (process->pid == 0)
		child(process, setup, argv);
}

static char *read_all(int fd)
{
	struct stat st;
	char *text;
	ssize_t got;

	if (fd < 0 || fstat(fd, &st))
		return strdup("");
	text = calloc(1, (size_t)st.st_size + 1);
	ck_assert_ptr_nonnull(text);
	got = pread(fd, text, (size_t)st.st_size, 0);
	text[got > 0 ? got : 0] = '\0';
	return text;
}

static void collect(struct process *process)
{
	free(process->out);
	free(process->err);
	process->out = read_all(process->out_fd);
	process->err = read_all(process->err_fd);
}

/* Whether the child has ended; reaps it. */
static bool ended(struct process *process)
{
	int status;

	if (!process->pid)
		return true;
	if (waitpid(process->pid, &status, WNOHANG) != process->pid)
		return false;
	process->pid = 0;
	process->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
					      : WEXITSTATUS(status);
	return true;
}

static void kill_child(struct process *process)
{
	if (!process->pid)
		return;
	kill(process->pid, SIGKILL);
	waitpid(process->pid, NULL, 0);
	process->pid = 0;
	process->status = PROCESS_TIMED_OUT;
}

bool process_ends(struct process *process, int within_ms)
{
	long long end_ns = now_ns() + within_ms * 1000000LL;

	while (!ended(process)) {
		if (now_ns() > end_ns)
			return false;
		sleep_ms(POLL_MS);
	}
	collect(process);
	return true;
}

int process_wait(struct process *process, int limit_ms)
{
	if (!process_ends(process, limit_ms)) {
		kill_child(process);
		collect(process);
	}
	return process->status;
}

void process_expect(struct process *process, int status)
{
	int got = process_wait(process, PROCESS_LIMIT_MS);

	ck_assert_msg(got != PROCESS_TIMED_OUT, "%s: still ran after %d s",
		      process->name, PROCESS_LIMIT_MS / 1000);
	ck_assert_msg(got == status,
		      "%s: exit status %d, expected %d; stderr: %s",
		      process->name, got, status, process->err);
}

int process_run(struct process *process, const char *const argv[])
{
	process_start(process, NULL, argv);
	return process_wait(process, PROCESS_LIMIT_MS);
}

void process_signal(const struct process *process, int signal)
{
	ck_assert_msg(process->pid && !kill(process->pid, signal),
		      "%s: has ended before %s could be sent", process->name,
		      strsignal(signal));
}

static bool wait_for(struct process *process, int fd, const char *text)
{
	long long end_ns = now_ns() + PROCESS_LIMIT_MS * 1000000LL;

	while (now_ns() < end_ns) {
		bool last = ended(process);
		char *so_far = read_all(fd);
		bool found = strstr(so_far, text);

		free(so_far);
		if (found || last)
			return found;
		sleep_ms(POLL_MS);
	}
	return false;
}

bool process_wait_for_output(struct process *process, const char *text)
{
	return wait_for(process, process->out_fd, text);
}

bool process_wait_for_error(struct process *process, const char *text)
{
	return wait_for(process, process->err_fd, text);
}

static bool has_name(pid_t pid, const char *tid, const char *name)
{
	char path[320], comm[64] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/comm", pid, tid);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (!fgets(comm, sizeof(comm), file))
		comm[0] = '\0';
	fclose(file);
	comm[strcspn(comm, "\n")] = '\0';
	return !strcmp(comm, name);
}

static pid_t find_thread(pid_t pid, const char *name)
{
	char path[64];
	struct dirent *entry;
	pid_t found = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir)))
		if (has_name(pid, entry->d_name, name))
			found = (pid_t)strtol(entry->d_name, NULL, 10);
	if (dir)
		closedir(dir);
	return found;
}

pid_t process_thread(struct process *process, const char *name)
{
	long long end_ns = now_ns() + PROCESS_LIMIT_MS * 1000000LL;
	pid_t tid = 0;

	while (!tid && !ended(process) && now_ns() < end_ns) {
		tid = find_thread(process->pid, name);
		if (!tid)
			sleep_ms(POLL_MS);
	}
	return tid;
}

void process_finish(struct process *process)
{
	kill_child(process);
	if (process->out_fd >= 0)
		close(process->out_fd);
	if (process->err_fd >= 0)
		close(process->err_fd);
	free(process->out);
	free(process->err);
	*process = (struct process){.out_fd = -1, .err_fd = -1};
}

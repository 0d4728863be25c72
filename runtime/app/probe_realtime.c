/*
 * runtime/app/probe_realtime.c: what the operating system grants. Limits can be
 * overruled by capabilities and control groups, so the probe asks for what a
 * run would ask for, and gives it back at once.
 */
#define _GNU_SOURCE /* mlock2 */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "runtime/base/rights.h"
#include "runtime/app/probe_private.h"
#include "runtime/base/text.h"
#include "runtime/base/thread.h"

/* Slots and the program's own memory, beside the pool. */
#define SLOTS	       3
#define PROGRAM_BYTES  (8u << 20)
#define CMDLINE_BYTES  2048 /* the kernel's own limit on x86-64 and arm64 */
#define LATENCY_DEVICE "/dev/cpu_dma_latency"

static void *probe_run(void *arg)
{
	return arg;
}

/* 0 or the errno of a thread of that priority. */
static int try_fifo(int32_t priority)
{
	const struct thread_config config = {
		.name = "probe", .priority = priority, .cpu = -1, .run = probe_run};
	struct thread thread = {.running = false};
	int error = -thread_start(&thread, &config);

	thread_join(&thread);
	return error;
}

/* 0 or the errno of locking that much, without touching it. */
static int try_lock(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int error = 0;

	if (memory == MAP_FAILED)
		return errno;
	if (mlock2(memory, bytes, MLOCK_ONFAULT))
		error = errno;
	munmap(memory, bytes);
	return error;
}

static void print_kernel(const struct probe *probe, FILE *out)
{
	char path[PROBE_PATH_BYTES], realtime[16];
	struct utsname name;

	if (uname(&name))
		memset(&name, 0, sizeof(name));
	probe_path(probe, path, sizeof(path), "/sys/kernel/realtime");
	text_first_line(path, realtime, sizeof(realtime));
	probe_row(out, "kernel");
	fprintf(out, "%s %s %s, %s\n", name.sysname, name.release, name.machine,
		realtime[0] == '1' ? "PREEMPT_RT" : "not PREEMPT_RT");
}

/* "granted", or why not and what to grant. */
static void print_right(const struct rights_refused *refused, const char *what, FILE *out)
{
	char text[384];

	if (!rights_are_missing(refused)) {
		fprintf(out, "%s is granted\n", what);
		return;
	}
	rights_explain(refused, text, sizeof(text));
	fprintf(out, "%s\n", text);
}

static void print_latency(const struct probe *probe, FILE *out)
{
	char path[PROBE_PATH_BYTES];
	int fd;

	probe_path(probe, path, sizeof(path), LATENCY_DEVICE);
	/* open alone asks for no latency: the kernel's default stays */
	fd = open(path, O_WRONLY | O_CLOEXEC);
	probe_row(out, "wake-ups");
	if (fd >= 0)
		fputs(LATENCY_DEVICE " can be held at 0\n", out);
	else
		fprintf(out,
			LATENCY_DEVICE " cannot be opened (%s); wake-ups "
				       "from idle come later\n",
			errno == EACCES ? "permission denied: grant write"
					: "it is not here");
	if (fd >= 0)
		close(fd);
}

static void print_throttle(const struct probe *probe, FILE *out)
{
	char path[PROBE_PATH_BYTES], share[32];

	probe_path(probe, path, sizeof(path),
		   "/proc/sys/kernel/sched_rt_runtime_us");
	text_first_line(path, share, sizeof(share));
	if (!share[0])
		return;
	probe_row(out, "throttling");
	if (share[0] == '-')
		fputs("off: realtime threads may use all of a CPU\n", out);
	else
		fprintf(out,
			"realtime threads may use %s us of every "
			"sched_rt_period_us\n",
			share);
}

/* One of the words of `line`. */
static bool has_word(const char *line, const char *word, size_t length)
{
	size_t bytes;

	for (; *line; line += bytes) {
		line += strspn(line, " ");
		bytes = strcspn(line, " ");
		if (bytes == length && !strncmp(line, word, length))
			return true;
	}
	return false;
}

/* What of the board's advice the kernel was not started with. */
static void print_cmdline(const struct probe *probe, FILE *out)
{
	char path[PROBE_PATH_BYTES], line[CMDLINE_BYTES], lacks[256] = "";
	const char *word = probe->cmdline ? probe->cmdline : "";
	size_t length;

	if (!*word)
		return;
	probe_path(probe, path, sizeof(path), "/proc/cmdline");
	text_first_line(path, line, sizeof(line));
	for (; *word; word += length) {
		word += strspn(word, " ");
		length = strcspn(word, " ");
		if (length && !has_word(line, word, length))
			text_append(lacks, sizeof(lacks), " %.*s", (int)length,
				    word);
	}
	probe_row(out, "cmdline");
	if (*lacks)
		fprintf(out, "lacks what the board advises:%s\n", lacks);
	else
		fprintf(out, "has what the board advises: %s\n",
			probe->cmdline);
}

void probe_print_realtime(const struct probe *probe, FILE *out)
{
	const struct graph *graph = probe->graph;
	int32_t priority = graph->board.priority;
	size_t frame = (size_t)graph->width * graph->height * sizeof(uint32_t);
	size_t bytes = graph->pool_bytes + SLOTS * frame + PROGRAM_BYTES;
	struct rights_refused fifo = {.fifo_priority =
				     try_fifo(priority) ? priority : 0};
	struct rights_refused memory = {.memory_error = try_lock(bytes)};
	char what[64];

	fputs("realtime\n", out);
	print_kernel(probe, out);
	snprintf(what, sizeof(what), "SCHED_FIFO %d", priority);
	probe_row(out, "priority");
	print_right(&fifo, what, out);
	snprintf(what, sizeof(what), "locking %.1f MB", (double)bytes / 1e6);
	probe_row(out, "memory");
	print_right(&memory, what, out);
	print_latency(probe, out);
	print_throttle(probe, out);
	print_cmdline(probe, out);
}

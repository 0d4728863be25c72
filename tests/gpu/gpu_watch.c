/*
 * tests/gpu/gpu_watch.c: gpu_watch DEVICE PROGRAM [ARGUMENTS]...: runs a program
 * and samples its resident memory and what is free on the GPU, 50 times a
 * second.
 *
 * Prints "samples N rss_kb FIRST LAST MAX device_kb FIRST LAST MAX" on stdout,
 * in use; FIRST is at a third of the run, LAST at its last twentieth, so both
 * lie between bring-up and the end. Exits as the program did.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/gpu/rig.h"

#define SAMPLES_MAX 60000
#define PERIOD_NS   20000000

static struct sample {
	long rss_kb, device_kb;
} samples[SAMPLES_MAX];

static long rss_kb(pid_t pid)
{
	char path[64];
	long size, resident = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/statm", pid);
	file = fopen(path, "r");
	if (!file)
		return -1;
	if (fscanf(file, "%ld %ld", &size, &resident) != 2)
		resident = -1;
	fclose(file);
	return resident < 0 ? -1 : resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static struct sample take(struct rig *rig, pid_t pid)
{
	size_t free, total;

	RIG_CALL(rig, memory_info, &free, &total);
	return (struct sample){rss_kb(pid), (long)((total - free) / 1024)};
}

static long max_of(uint32_t first, uint32_t last, size_t offset)
{
	long value, most = -1;

	for (; first <= last; first++) {
		memcpy(&value, (unsigned char *)&samples[first] + offset,
		       sizeof(value));
		most = value > most ? value : most;
	}
	return most;
}

static void print(uint32_t count)
{
	uint32_t first = count / 3, last = count - 1 - count / 20;

	printf("samples %u rss_kb %ld %ld %ld device_kb %ld %ld %ld\n", count,
	       samples[first].rss_kb, samples[last].rss_kb,
	       max_of(first, last, offsetof(struct sample, rss_kb)),
	       samples[first].device_kb, samples[last].device_kb,
	       max_of(first, last, offsetof(struct sample, device_kb)));
}

int main(int argc, char *argv[])
{
	const struct timespec period = {0, PERIOD_NS};
	uint32_t count = 0;
	struct rig rig;
	int status;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: gpu_watch DEVICE PROGRAM...\n");
		return 64;
	}
	pid = fork(); /* before CUDA is there */
	if (!pid) {
		execv(argv[2], argv + 2);
		_exit(127);
	}
	rig_open(&rig, atoi(argv[1]));
	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (count < SAMPLES_MAX)
			samples[count++] = take(&rig, pid);
		nanosleep(&period, NULL);
	}
	rig_close(&rig);
	if (count < 20) {
		fprintf(stderr, "gpu_watch: over after %u samples\n", count);
		return 1;
	}
	print(count);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/*
 * tests/fakes/cuda/config.c: how the fake libcuda is told what to be, by its
 * environment:
 *
 * FAKE_CUDA_FAIL=CALL:CODE:N,...  the N-th call (from 1) of the entry of that
 *	name ("cuMemAlloc"; "*": of any) returns CODE. A code after which CUDA's
 *	context is lost is returned by every later call too.
 * FAKE_CUDA_BLOCK=CALL:N		the N-th call of that entry never returns; "*": of
 *	any, of which all of cuGetProcAddress are one
 * FAKE_CUDA_WORK_FAIL=CODE:N	the N-th graph launched fails while it runs
 * FAKE_CUDA_HANG=N		the N-th graph launched never completes
 * FAKE_CUDA_SKIP=N		the first N graphs launched are done without being
 *	drawn, in no time
 * FAKE_CUDA_DELAY_US=US	how long a graph takes, by the fake's own clock
 *	(stream.c: a cuStreamQuery is 50); 300
 * FAKE_CUDA_DEVICES=N		1
 * FAKE_CUDA_CAPABILITY=NM	90 (for 9.0)
 * FAKE_CUDA_INTEGRATED=0|1	0
 * FAKE_CUDA_DRIVER=V		13000
 * FAKE_CUDA_MEMORY=BYTES	8 GiB, all free
 * FAKE_CUDA_KERNELS=FILE.so	see kernel.h; %e: the program's own path
 * FAKE_CUDA_MISSING=CALL	an entry that this driver does not have
 * FAKE_CUDA_REGISTER=io|plain|none	the one kind of host memory that can be
 *	mapped: I/O memory, ordinary memory; else any
 * FAKE_CUDA_IMPORT=leaves	an imported file stays its owner's
 * FAKE_CUDA_IMAGES=array|pitch	how EGLImages are mapped: as an array, in rows of
 *	another length
 * FAKE_CUDA_REPORT=FILE	see report.h
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fakes/cuda/fake.h"

struct fake_config fake_config;
static struct fake_report own_report;
struct fake_report *fake_report = &own_report;

static long number(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text ? atol(text) : otherwise;
}

static void bad(const char *what)
{
	fprintf(stderr, "fake libcuda: bad %s\n", what);
	_exit(99);
}

static int find_call(const char *symbol)
{
	int call;

	if (!strcmp(symbol, "*"))
		return -1;
	for (call = 0; call < CUDA_CALL_COUNT; call++)
		if (!strcmp(fake_call_symbol((enum cuda_call)call), symbol))
			return call;
	bad("FAKE_CUDA_FAIL: no such entry");
	return -1;
}

static void read_injections(const char *text)
{
	struct fake_injection *inject = fake_config.inject;
	char copy[1024], symbol[128], *each, *rest = copy;

	snprintf(copy, sizeof(copy), "%s", text);
	while ((each = strtok_r(rest, ",", &rest))) {
		if (fake_config.inject_count == 16 ||
		    sscanf(each, "%127[^:]:%d:%ld", symbol, &inject->code,
			   &inject->left) != 3)
			bad("FAKE_CUDA_FAIL");
		inject->call = find_call(symbol);
		inject++;
		fake_config.inject_count++;
	}
}

static void open_report(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	void *memory = MAP_FAILED;

	if (fd >= 0 && !ftruncate(fd, sizeof(struct fake_report)))
		memory = mmap(NULL, sizeof(struct fake_report),
			      PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		bad("FAKE_CUDA_REPORT");
	close(fd);
	fake_report = memory;
}

void fake_configure(void)
{
	const char *text = getenv("FAKE_CUDA_WORK_FAIL");
	const char *block = getenv("FAKE_CUDA_BLOCK");

	fake_config.devices = (int)number("FAKE_CUDA_DEVICES", 1);
	fake_config.capability = (int)number("FAKE_CUDA_CAPABILITY", 90);
	fake_config.integrated = (int)number("FAKE_CUDA_INTEGRATED", 0);
	fake_config.driver_version = (int)number("FAKE_CUDA_DRIVER", 13000);
	fake_config.memory =
		(uint64_t)number("FAKE_CUDA_MEMORY", (long)8 << 30);
	fake_config.delay_us = number("FAKE_CUDA_DELAY_US", 300);
	fake_config.skip = number("FAKE_CUDA_SKIP", 0);
	fake_config.hang = number("FAKE_CUDA_HANG", 0);
	fake_config.kernels = getenv("FAKE_CUDA_KERNELS");
	fake_config.missing = getenv("FAKE_CUDA_MISSING");
	fake_config.registers = getenv("FAKE_CUDA_REGISTER");
	fake_config.images = getenv("FAKE_CUDA_IMAGES");
	fake_config.leaves_files = getenv("FAKE_CUDA_IMPORT") != NULL;
	if (text && sscanf(text, "%d:%ld", &fake_config.work.code,
			   &fake_config.work.left) != 2)
		bad("FAKE_CUDA_WORK_FAIL");
	if (block && sscanf(block, "%63[^:]:%ld", fake_config.block,
			    &fake_config.block_left) != 2)
		bad("FAKE_CUDA_BLOCK");
	if (getenv("FAKE_CUDA_FAIL"))
		read_injections(getenv("FAKE_CUDA_FAIL"));
	if (getenv("FAKE_CUDA_REPORT"))
		open_report(getenv("FAKE_CUDA_REPORT"));
	fake_report->magic = FAKE_REPORT_MAGIC;
	fake_report->injected_call = -1;
}

/*
 * tests/fakes/cuda/report.h: what the fake libcuda was asked to do and what it
 * has not been given back.
 *
 * The fake keeps it in the file that FAKE_CUDA_REPORT names, mapped, so that it
 * is there however the process ended. One file a process.
 */
#ifndef TESTS_FAKES_CUDA_REPORT_H
#define TESTS_FAKES_CUDA_REPORT_H

#include "drivers/cuda/abi.h"

#define FAKE_REPORT_MAGIC 0x4641554bu

enum fake_kind {
	FAKE_CONTEXT,
	FAKE_MODULE,
	FAKE_STREAM,
	FAKE_EVENT,
	FAKE_GRAPH,
	FAKE_EXEC,
	FAKE_DEVICE_MEMORY,
	FAKE_PINNED_MEMORY,
	FAKE_REGISTERED_MEMORY,
	FAKE_IMPORT,	      /* memory of others */
	FAKE_IMPORTED_MEMORY, /* as it is mapped */
	FAKE_RESOURCE,	      /* an EGLImage that is registered */
	FAKE_END,	      /* of an EGLStream */
	FAKE_KIND_COUNT
};

struct fake_report {
	uint32_t magic;
	uint32_t live[FAKE_KIND_COUNT]; /* objects not given back */
	uint32_t made[FAKE_KIND_COUNT]; /* ever */
	uint64_t device_bytes;		/* in use now */
	uint64_t call_count;
	uint64_t calls[CUDA_CALL_COUNT];
	uint64_t graphs_done, kernels_done, copies_done;
	/* The injected code that was returned first, and by which entry; 0, -1:
	 * none. */
	int32_t injected, injected_call;
	char blocked[64];     /* the entry whose call never returned; "" */
	uint64_t after_block; /* calls after that one */
	uint32_t misuse_count;
	char misuse[200]; /* the first call that CUDA's reference forbids */
};

#endif

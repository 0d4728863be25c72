/*
 * tests/gpu/rig.c: see rig.h: the GPU, and measuring on it.
 */
#include "tests/gpu/rig.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

void rig_check(const char *what, int code)
{
	if (!code)
		return;
	fprintf(stderr, "%s: CUDA error %d\n", what, code);
	exit(1);
}

static void find_extra(struct rig *rig)
{
	cuda_find find;

	*(void **)&find = dlsym(rig->cuda.handle, "cuGetProcAddress");
	rig_check("cuMemsetD32Async",
		  find("cuMemsetD32Async", (void **)&rig->extra.set_words,
		       CUDA_ABI_VERSION, 0));
	rig_check("cuMemcpyDtoDAsync",
		  find("cuMemcpyDtoDAsync", (void **)&rig->extra.copy_device,
		       CUDA_ABI_VERSION, 0));
}

void rig_open(struct rig *rig, int device)
{
	char line[256];

	if (cuda_library_open(&rig->cuda, line, sizeof(line))) {
		fprintf(stderr, "%s\n", line);
		exit(77);
	}
	find_extra(rig);
	RIG_CALL(rig, init, 0);
	RIG_CALL(rig, device_name, rig->name, sizeof(rig->name), device);
	RIG_CALL(rig, context_create, &rig->context, NULL, 0,
		 CUDA_CONTEXT_MAP_HOST, device);
	RIG_CALL(rig, stream_create, &rig->stream, CUDA_STREAM_NON_BLOCKING, 0);
	RIG_CALL(rig, event_create, &rig->begin, 0);
	RIG_CALL(rig, event_create, &rig->end, 0);
}

void rig_close(struct rig *rig)
{
	RIG_CALL(rig, event_destroy, rig->begin);
	RIG_CALL(rig, event_destroy, rig->end);
	RIG_CALL(rig, stream_destroy, rig->stream);
	RIG_CALL(rig, context_destroy, rig->context);
	cuda_library_close(&rig->cuda);
}

void rig_capture_begin(struct rig *rig)
{
	RIG_CALL(rig, capture_begin, rig->stream, CUDA_CAPTURE_THREAD_LOCAL);
}

struct cuda_exec *rig_capture_end(struct rig *rig)
{
	struct cuda_graph *graph;
	struct cuda_exec *exec;

	RIG_CALL(rig, capture_end, rig->stream, &graph);
	RIG_CALL(rig, graph_instantiate, &exec, graph, 0);
	RIG_CALL(rig, exec_upload, exec, rig->stream);
	RIG_CALL(rig, graph_destroy, graph);
	return exec;
}

double rig_timed(struct rig *rig, struct cuda_exec *exec)
{
	float ms;

	RIG_CALL(rig, event_record, rig->begin, rig->stream);
	RIG_CALL(rig, exec_launch, exec, rig->stream);
	RIG_CALL(rig, event_record, rig->end, rig->stream);
	RIG_CALL(rig, stream_wait, rig->stream);
	RIG_CALL(rig, event_elapsed, &ms, rig->begin, rig->end);
	return (double)ms * 1e3;
}

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

double rig_median(double *values, uint32_t count)
{
	qsort(values, count, sizeof(*values), by_value);
	return values[count / 2];
}

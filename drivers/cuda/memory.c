/*
 * drivers/cuda/memory.c: everything that is allocated, before the first tick.
 *
 * The pinned memory holds the plan's pinned pool and then, for each flight, the
 * blocks of all kernels; the device has room for the blocks that are copied at
 * the same distances.
 */
#include <stdio.h>
#include <stdlib.h>

#include "drivers/cuda/state.h"

#define PITCH_ALIGN 256

static size_t block_aligned(size_t bytes)
{
	return (bytes + GRAPH_ALIGN - 1) / GRAPH_ALIGN * GRAPH_ALIGN;
}

/* Bytes of one flight's blocks. */
static size_t blocks_bytes(const struct graph_plan *plan)
{
	size_t bytes = 0;
	uint32_t i;

	for (i = 0; i < plan->step_count; i++)
		if (plan->steps[i].kernel)
			bytes += block_aligned(plan->steps[i].kernel->block_bytes);
	return bytes;
}

/* With how much there is, where it is too little. */
static enum exit_status refuse_memory(struct cuda *cuda,
				      const struct cuda_check *check,
				      size_t bytes, char *line,
				      size_t line_bytes)
{
	size_t left = 0, total = 0;
	enum exit_status status =
		cuda_error_line(&cuda->library, check->what, check->code, line,
				line_bytes);

	if (check->code == CUDA_OUT_OF_MEMORY &&
	    !cuda_call(&cuda->library, memory_info, &left, &total))
		snprintf(line, line_bytes,
			 "graph %s needs %zu bytes of %s's memory, %zu of %zu "
			 "are free: use a smaller graph or end what holds them",
			 cuda->graph->name, bytes, cuda->name, left, total);
	return status;
}

/* Device memory for the plan, asked for before anything is taken. */
static size_t device_bytes(const struct cuda *cuda)
{
	return cuda->plan->device_bytes +
	       CUDA_FLIGHTS * blocks_bytes(cuda->plan) +
	       block_aligned(cuda->graph->width * sizeof(uint32_t) + PITCH_ALIGN);
}

static void take_memory(struct cuda *cuda, struct cuda_check *check,
			uint64_t *address, size_t bytes)
{
	if (!bytes)
		return;
	cuda_try(cuda, check, memory_alloc, address, bytes);
	cuda_try(cuda, check, memory_set, *address, 0, bytes);
	/* it is under way, in a stream that ours do not wait for */
	cuda_try(cuda, check, stream_wait, NULL);
}

static void take_counter(struct cuda *cuda, struct cuda_check *check,
			 struct cuda_counter *counter)
{
	void *flag = NULL;

	take_memory(cuda, check, &counter->count_device, sizeof(uint32_t));
	cuda_try(cuda, check, host_alloc, &flag, GRAPH_ALIGN,
		 CUDA_HOST_MAPPED | CUDA_HOST_PORTABLE);
	counter->flag = flag;
	if (flag)
		*counter->flag = 0;
	cuda_try(cuda, check, host_address, &counter->flag_device, flag, 0);
}

static void give_counter(struct cuda *cuda, struct cuda_counter *counter)
{
	if (counter->count_device)
		cuda_call(&cuda->library, memory_free, counter->count_device);
	if (counter->flag)
		cuda_call(&cuda->library, host_free, counter->flag);
	*counter = (struct cuda_counter){.flag = NULL};
}

/* Where each kernel's block lies, and what of it never changes. */
static void lay_blocks(struct cuda *cuda)
{
	size_t at = 0;
	uint32_t flight, i;

	for (flight = 0; flight < CUDA_FLIGHTS; flight++)
		for (i = 0; i < cuda->plan->step_count; i++) {
			const struct graph_kernel *row =
				cuda->plan->steps[i].kernel;
			struct cuda_kernel *kernel =
				cuda_kernel(cuda, flight, i);

			if (!row)
				continue;
			kernel->block = cuda->pinned +
					block_aligned(cuda->plan->pinned_bytes) + at;
			memset(kernel->block, 0, row->block_bytes);
			memcpy(kernel->block, &cuda->pool, sizeof(cuda->pool));
			if (row->block_bytes > GRAPH_BLOCK_VALUE_MAX)
				kernel->device_block = cuda->blocks + at;
			at += block_aligned(row->block_bytes);
		}
}

/* Slots, for the thread that makes the calls. */
struct cuda_slots {
	struct cuda *cuda;
	uint64_t address; /* 0: none */
	size_t bytes;
};

static void alloc_slots_job(void *arg)
{
	struct cuda_slots *slots = arg;
	struct cuda_check check = {CUDA_OK, ""};

	take_memory(slots->cuda, &check, &slots->address, slots->bytes);
	if (check.code && slots->address)
		cuda_call(&slots->cuda->library, memory_free, slots->address);
	if (check.code)
		slots->address = 0;
}

static unsigned char *alloc_slots(void *context, size_t bytes)
{
	struct cuda *cuda = context;
	struct cuda_slots slots = {.cuda = cuda, .bytes = bytes};

	if (!cuda_attend(cuda->backend, alloc_slots_job, &slots,
			 CUDA_WATCH_START_MS))
		return NULL;
	return (unsigned char *)(uintptr_t)slots.address;
}

static void free_slots_job(void *arg)
{
	struct cuda_slots *slots = arg;

	cuda_call(&slots->cuda->library, memory_free, slots->address);
}

static void free_slots(void *context, unsigned char *base)
{
	struct cuda *cuda = context;
	struct cuda_slots slots = {.cuda = cuda,
				   .address = (uint64_t)(uintptr_t)base};

	cuda_attend(cuda->backend, free_slots_job, &slots, CUDA_WATCH_END_MS);
}

enum exit_status cuda_memory_open(struct cuda *cuda, char *line,
				  size_t line_bytes)
{
	const struct graph_plan *plan = cuda->plan;
	size_t blocks = CUDA_FLIGHTS * blocks_bytes(plan);
	struct cuda_check check = {CUDA_OK, ""};
	void *pinned = NULL;

	cuda->kernels = calloc((size_t)CUDA_FLIGHTS * plan->step_count,
			       sizeof(*cuda->kernels));
	if (!cuda->kernels) {
		snprintf(line, line_bytes, "no memory for the plan's steps");
		return EXIT_STATUS_OS_LIMIT;
	}
	cuda->pinned_bytes = block_aligned(plan->pinned_bytes) + blocks;
	take_memory(cuda, &check, &cuda->pool, plan->device_bytes);
	take_memory(cuda, &check, &cuda->blocks, blocks);
	take_memory(cuda, &check, &cuda->fallback,
	     block_aligned(cuda->graph->width * sizeof(uint32_t) + PITCH_ALIGN));
	cuda_try(cuda, &check, host_alloc, &pinned, cuda->pinned_bytes,
		 CUDA_HOST_PORTABLE);
	take_counter(cuda, &check, &cuda->work);
	take_counter(cuda, &check, &cuda->copy);
	cuda->pinned = pinned;
	if (check.code) {
		enum exit_status status = refuse_memory(
			cuda, &check, device_bytes(cuda), line, line_bytes);

		cuda_memory_close(cuda);
		return status;
	}
	memset(cuda->pinned, 0, cuda->pinned_bytes);
	lay_blocks(cuda);
	cuda_stream_open(cuda);
	cuda_map_open(cuda);
	cuda->memory = (struct display_memory){.context = cuda,
					       .alloc = alloc_slots,
					       .free = free_slots,
					       .stream = &cuda->egl_stream,
					       .map = &cuda->map};
	cuda->backend->memory = &cuda->memory;
	cuda->backend->pinned = plan->pinned_bytes ? cuda->pinned : NULL;
	return EXIT_STATUS_OK;
}

void cuda_memory_close(struct cuda *cuda)
{
	struct cuda_library *library = &cuda->library;

	if (cuda->pool)
		cuda_call(library, memory_free, cuda->pool);
	if (cuda->blocks)
		cuda_call(library, memory_free, cuda->blocks);
	if (cuda->fallback)
		cuda_call(library, memory_free, cuda->fallback);
	if (cuda->pinned)
		cuda_call(library, host_free, cuda->pinned);
	give_counter(cuda, &cuda->work);
	give_counter(cuda, &cuda->copy);
	free(cuda->kernels);
	cuda->pool = cuda->blocks = cuda->fallback = 0;
	cuda->pinned = NULL;
	cuda->kernels = NULL;
}

/* ---- staging ------------------------------------------------------------- */

static void stage_sink(struct cuda *cuda, struct cuda_check *check,
		       struct cuda_stage *stage)
{
	size_t bytes = cuda->stage_pitch * cuda->graph->height;
	uint32_t i;

	for (i = 0; i < CUDA_FLIGHTS; i++) {
		void *picture = NULL;

		take_memory(cuda, check, &stage->frame[i], bytes);
		cuda_try(cuda, check, host_alloc, &picture, bytes,
			 CUDA_HOST_PORTABLE);
		stage->picture[i] = picture;
	}
}

enum exit_status cuda_stage_open(struct cuda *cuda,
				 const struct display displays[], char *line,
				 size_t line_bytes)
{
	struct cuda_check check = {CUDA_OK, ""};
	enum exit_status status;
	uint32_t i;

	cuda->stage_pitch =
		(cuda->graph->width * sizeof(uint32_t) + PITCH_ALIGN - 1) /
		PITCH_ALIGN * PITCH_ALIGN;
	for (i = 0; displays && i < cuda->graph->sink_count; i++)
		if (backend_draws(cuda->backend, i) &&
		    displays[i].cpu_read != DISPLAY_READ_NONE)
			stage_sink(cuda, &check, &cuda->stage[i]);
	if (!check.code)
		return EXIT_STATUS_OK;
	status = refuse_memory(
		cuda, &check,
		CUDA_FLIGHTS * cuda->stage_pitch * cuda->graph->height, line,
		line_bytes);
	cuda_stage_close(cuda);
	return status;
}

void cuda_stage_close(struct cuda *cuda)
{
	uint32_t i, j;

	for (i = 0; i < GRAPH_SINKS_MAX; i++) {
		struct cuda_stage *stage = &cuda->stage[i];

		for (j = 0; j < CUDA_FLIGHTS; j++) {
			if (stage->frame[j])
				cuda_call(&cuda->library, memory_free,
					  stage->frame[j]);
			if (stage->picture[j])
				cuda_call(&cuda->library, host_free,
					  stage->picture[j]);
		}
		*stage = (struct cuda_stage){{0}, {NULL}};
	}
}

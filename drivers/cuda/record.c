/*
 * drivers/cuda/record.c: the plan's device steps -> CUDA graphs, one a segment
 * and flight, by capturing a stream: versioned node structs are not needed.
 */
#include <stdio.h>

#include "drivers/cuda/state.h"

/* The kernel launched last, in the graph that is being captured. */
static void find_kernel_node(struct cuda *cuda, struct cuda_check *check,
		      struct cuda_node **node)
{
	struct cuda_node *const *last = NULL;
	struct cuda_graph *graph = NULL;
	size_t count = 0;
	uint64_t id = 0;
	int capturing = 0;

	cuda_try(cuda, check, capture_info, cuda->stream, &capturing, &id,
		 &graph, &last, &count);
	if (!check->code)
		*node = count == 1 ? *last : NULL;
}

static void add_kernel(struct cuda *cuda, struct cuda_check *check,
		       uint32_t flight, uint32_t step)
{
	const struct graph_kernel *row = cuda->plan->steps[step].kernel;
	struct cuda_kernel *kernel = cuda_kernel(cuda, flight, step);
	struct cuda_kernel_node *launch = &kernel->launch;

	kernel->argument = kernel->device_block ? (void *)&kernel->device_block
						: (void *)kernel->block;
	*launch = (struct cuda_kernel_node){
		.grid_x = row->blocks_x,
		.grid_y = row->blocks_y,
		.grid_z = 1,
		.block_x = row->threads_x,
		.block_y = row->threads_y,
		.block_z = 1,
		.params = &kernel->argument,
	};
	cuda_try(cuda, check, module_function, &launch->function, cuda->module,
		 row->symbol);
	cuda_try(cuda, check, launch, launch->function, launch->grid_x,
		 launch->grid_y, 1, launch->block_x, launch->block_y, 1, 0,
		 cuda->stream, launch->params, NULL);
	find_kernel_node(cuda, check, &kernel->node);
}

static void add_transfer(struct cuda *cuda, struct cuda_check *check,
			 const struct graph_step *step)
{
	const struct graph_transfer *row = step->transfer;
	unsigned char *pinned = cuda->pinned + row->pinned_offset;
	uint64_t device = cuda->pool + row->device_offset;

	if (step->kind == GRAPH_STEP_UPLOAD)
		cuda_try(cuda, check, copy_up, device, pinned, row->bytes,
			 cuda->stream);
	else
		cuda_try(cuda, check, copy_down, pinned, device, row->bytes,
			 cuda->stream);
}

/* Blocks too large to be passed by value: one copy each. */
static void add_blocks(struct cuda *cuda, struct cuda_check *check,
		       const struct cuda_segment *segment, uint32_t flight)
{
	uint32_t i;

	for (i = segment->first; i < segment->end; i++) {
		const struct cuda_kernel *kernel = cuda_kernel(cuda, flight, i);

		if (kernel->device_block)
			cuda_try(cuda, check, copy_up, kernel->device_block,
				 kernel->block,
				 cuda->plan->steps[i].kernel->block_bytes,
				 cuda->stream);
	}
}

static void add_stages(struct cuda *cuda, struct cuda_check *check,
		       uint32_t flight)
{
	uint32_t i;

	for (i = 0; i < cuda->graph->sink_count; i++)
		if (cuda->stage[i].picture[0])
			cuda_try(cuda, check, copy_down,
				 cuda->stage[i].picture[flight],
				 cuda->stage[i].frame[flight],
				 cuda->stage_pitch * cuda->graph->height,
				 cuda->stream);
}

static void add_done(struct cuda *cuda, struct cuda_check *check,
		     const struct cuda_counter *counter,
		     struct cuda_stream *stream)
{
	void *arguments[] = {(void *)&counter->count_device,
			     (void *)&counter->flag_device};

	cuda_try(cuda, check, launch, cuda->done, 1, 1, 1, 1, 1, 1, 0, stream,
		 arguments, NULL);
}

static void add_steps(struct cuda *cuda, struct cuda_check *check,
		      const struct cuda_segment *segment, uint32_t flight)
{
	bool last = segment == &cuda->segment[cuda->segment_count - 1];
	uint32_t i;

	add_blocks(cuda, check, segment, flight);
	for (i = segment->first; i < segment->end; i++) {
		if (cuda->plan->steps[i].kernel)
			add_kernel(cuda, check, flight, i);
		else if (cuda->plan->steps[i].transfer)
			add_transfer(cuda, check, &cuda->plan->steps[i]);
		/* else a source: its copy is launch.c's */
	}
	if (last)
		add_stages(cuda, check, flight);
	add_done(cuda, check, &cuda->work, cuda->stream);
}

static void record_segment(struct cuda *cuda, struct cuda_check *check,
		       struct cuda_segment *segment, uint32_t flight)
{
	struct cuda_check end = {CUDA_OK, ""};

	cuda_try(cuda, check, capture_begin, cuda->stream,
		 CUDA_CAPTURE_THREAD_LOCAL);
	if (check->code)
		return;
	add_steps(cuda, check, segment, flight);
	/* ended in any case; its own failure comes second */
	cuda_try(cuda, &end, capture_end, cuda->stream,
		 &segment->graph[flight]);
	if (!check->code)
		*check = end;
	cuda_try(cuda, check, graph_instantiate, &segment->exec[flight],
		 segment->graph[flight], 0);
	cuda_try(cuda, check, exec_upload, segment->exec[flight], cuda->stream);
}

/* Runs of device steps. */
static bool find_segments(struct cuda *cuda)
{
	const struct graph_plan *plan = cuda->plan;
	bool inside = false;
	uint32_t i;

	cuda->segment_count = 0;
	for (i = 0; i < plan->step_count; i++) {
		if (plan->steps[i].run) {
			inside = false;
			continue;
		}
		if (!inside && cuda->segment_count == CUDA_SEGMENTS_MAX)
			return false;
		if (!inside)
			cuda->segment[cuda->segment_count++] =
				(struct cuda_segment){.first = i};
		cuda->segment[cuda->segment_count - 1].end = i + 1;
		inside = true;
	}
	return true;
}

enum exit_status cuda_record(struct cuda *cuda, char *line, size_t line_bytes)
{
	struct cuda_check check = {CUDA_OK, ""};
	enum exit_status status;
	uint32_t i, flight;

	if (!find_segments(cuda)) {
		snprintf(line, line_bytes,
			 "the plan goes from the GPU to the CPU and back more "
			 "than %d times: put its CPU nodes together",
			 CUDA_SEGMENTS_MAX);
		return EXIT_STATUS_MACHINE;
	}
	for (i = 0; i < cuda->segment_count; i++)
		for (flight = 0; flight < CUDA_FLIGHTS; flight++)
			record_segment(cuda, &check, &cuda->segment[i], flight);
	cuda_try(cuda, &check, stream_wait, cuda->stream);
	if (!check.code)
		return EXIT_STATUS_OK;
	status = cuda_error_line(&cuda->library, check.what, check.code, line,
				 line_bytes);
	cuda_forget(cuda);
	return status;
}

void cuda_forget(struct cuda *cuda)
{
	uint32_t i, flight;

	for (i = 0; i < cuda->segment_count; i++)
		for (flight = 0; flight < CUDA_FLIGHTS; flight++) {
			struct cuda_segment *segment = &cuda->segment[i];

			if (segment->exec[flight])
				cuda_call(&cuda->library, exec_destroy,
					  segment->exec[flight]);
			if (segment->graph[flight])
				cuda_call(&cuda->library, graph_destroy,
					  segment->graph[flight]);
		}
	cuda->segment_count = 0;
}

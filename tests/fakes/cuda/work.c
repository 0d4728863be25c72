/*
 * tests/fakes/cuda/work.c: launches, copies, capture into graphs, and graphs
 * made ready to launch.
 *
 * A node takes the bytes of its parameters when it is made or set, as CUDA
 * does. A graph's nodes run in the order of their capture.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fakes/cuda/entries.h"
#include "tests/fakes/cuda/fake.h"
#include "tests/fakes/egl_image.h"

static uint64_t next_serial;

bool fake_capture_forbids(void)
{
	struct cuda_stream *stream = NULL;

	while ((stream = fake_each(FAKE_STREAM, stream))) {
		if (!stream->capture ||
		    !pthread_equal(stream->capture_thread, pthread_self()))
			continue;
		stream->capture->invalid = true;
		return fake_misuse("a call that capture forbids", 1);
	}
	return false;
}

/* ---- work ---------------------------------------------------------------- */

static int add_node(struct cuda_graph *graph, const struct cuda_node *node)
{
	struct cuda_node *copy = malloc(sizeof(*copy));

	if (!copy)
		abort();
	*copy = *node;
	copy->next = NULL;
	if (graph->last)
		graph->last->next = copy;
	else
		graph->first = copy;
	graph->last = copy;
	graph->count++;
	return FAKE_OK;
}

int fake_submit(struct cuda_stream *stream, const struct cuda_node *node)
{
	static struct item item = {.type = ITEM_NODE};

	if (!fake_is(stream, FAKE_STREAM))
		return fake_misuse("work without a stream",
				   FAKE_INVALID_HANDLE);
	if (stream->capture)
		return add_node(stream->capture, node);
	item.node = *node;
	return fake_queue(stream, &item);
}

void fake_take_params(struct cuda_node *node, void *const *params)
{
	size_t offset = 0;
	uint32_t i;

	for (i = 0; i < node->kernel->param_count; i++) {
		memcpy(node->params + offset, params[i],
		       node->kernel->param_bytes[i]);
		offset += (node->kernel->param_bytes[i] + 15) / 16 * 16;
	}
}

static int check_launch(const uint32_t grid[3], const uint32_t block[3],
			unsigned int shared_bytes, void **params, void **extra)
{
	if (!grid[0] || !grid[1] || !grid[2] || grid[1] > 65535 ||
	    grid[2] > 65535 || !block[0] || !block[1] || !block[2] ||
	    block[0] * block[1] * block[2] > 1024 || shared_bytes > 49152 ||
	    !params || extra)
		return fake_misuse("a kernel's launch", FAKE_INVALID_VALUE);
	return FAKE_OK;
}

int fake_launch(struct cuda_function *function, unsigned int grid_x,
		unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
		unsigned int block_y, unsigned int block_z,
		unsigned int shared_bytes, struct cuda_stream *stream,
		void **params, void **extra)
{
	int code = fake_enter(CUDA_CALL_launch, true);
	const uint32_t grid[3] = {grid_x, grid_y, grid_z};
	const uint32_t block[3] = {block_x, block_y, block_z};
	static struct cuda_node node = {.type = NODE_KERNEL};

	if (!code)
		code = check_launch(grid, block, shared_bytes, params, extra);
	if (!code) {
		node.kernel = function->kernel;
		memcpy(node.grid, grid, sizeof(grid));
		memcpy(node.block, block, sizeof(block));
		fake_take_params(&node, params);
		code = fake_submit(stream, &node);
	}
	return fake_leave(code);
}

static const void *copy_from(const struct cuda_copy_2d *copy)
{
	return copy->from_type == CUDA_MEMORY_HOST
		       ? copy->from_host
		       : (void *)(uintptr_t)copy->from_device;
}

static const void *copy_to(const struct cuda_copy_2d *copy)
{
	return copy->to_type == CUDA_MEMORY_HOST
		       ? copy->to_host
		       : (void *)(uintptr_t)copy->to_device;
}

/* Of a copy's side, `bytes` from its start. */
static bool is_reachable(unsigned int type, const void *side, size_t bytes)
{
	return type == CUDA_MEMORY_HOST || fake_in_memory(side, bytes, true);
}

/* A copy from or to host memory that is not pinned is over when the call is;
 * in a captured graph it would read whatever is there later. */
static int submit_pageable(struct cuda_stream *stream,
			   const struct cuda_node *node)
{
	int code = FAKE_INVALID_VALUE;

	if (!fake_is(stream, FAKE_STREAM) || stream->capture)
		return fake_misuse("a captured copy of memory not pinned",
				   code);
	code = fake_submit(stream, node);
	if (!code)
		fake_wait_stream(stream);
	return code;
}

static int submit_copy(struct cuda_stream *stream, enum node_type type,
		       const struct cuda_copy_2d *copy)
{
	static struct cuda_node node;
	size_t last = copy->height - 1;
	size_t from = (copy->from_y + last) * copy->from_pitch +
		      copy->from_x_bytes + copy->width_bytes;
	size_t to = (copy->to_y + last) * copy->to_pitch + copy->to_x_bytes +
		    copy->width_bytes;

	if (!copy->height || !copy->width_bytes ||
	    copy->from_type < CUDA_MEMORY_HOST ||
	    copy->from_type > CUDA_MEMORY_DEVICE ||
	    copy->to_type < CUDA_MEMORY_HOST ||
	    copy->to_type > CUDA_MEMORY_DEVICE ||
	    (last && (copy->from_pitch < copy->width_bytes ||
		      copy->to_pitch < copy->width_bytes)))
		return fake_misuse("a copy", FAKE_INVALID_VALUE);
	if (!is_reachable(copy->from_type, copy_from(copy), from) ||
	    !is_reachable(copy->to_type, copy_to(copy), to))
		return fake_misuse("a copy outside the device's memory",
				   FAKE_INVALID_VALUE);
	node.type = type;
	node.copy = *copy;
	if ((copy->from_type == CUDA_MEMORY_HOST &&
	     !fake_in_memory(copy->from_host, from, false)) ||
	    (copy->to_type == CUDA_MEMORY_HOST &&
	     !fake_in_memory(copy->to_host, to, false)))
		return submit_pageable(stream, &node);
	return fake_submit(stream, &node);
}

int fake_copy_up(uint64_t to, const void *from, size_t bytes,
		 struct cuda_stream *stream)
{
	int code = fake_enter(CUDA_CALL_copy_up, true);
	const struct cuda_copy_2d copy = {.from_type = CUDA_MEMORY_HOST,
					  .from_host = from,
					  .to_type = CUDA_MEMORY_DEVICE,
					  .to_device = to,
					  .width_bytes = bytes,
					  .height = 1};

	if (!code)
		code = submit_copy(stream, NODE_COPY, &copy);
	return fake_leave(code);
}

int fake_copy_down(void *to, uint64_t from, size_t bytes,
		   struct cuda_stream *stream)
{
	int code = fake_enter(CUDA_CALL_copy_down, true);
	const struct cuda_copy_2d copy = {.from_type = CUDA_MEMORY_DEVICE,
					  .from_device = from,
					  .to_type = CUDA_MEMORY_HOST,
					  .to_host = to,
					  .width_bytes = bytes,
					  .height = 1};

	if (!code)
		code = submit_copy(stream, NODE_COPY, &copy);
	return fake_leave(code);
}

/* An array's side of a copy as host memory. NULL: it is none that the copy fits
 * in. */
static unsigned char *open_array(const struct fake_egl_array *array, size_t x,
				 size_t y, const struct cuda_copy_2d *copy)
{
	return array && array->magic == FAKE_EGL_ARRAY_MAGIC && !x && !y &&
			       copy->width_bytes <= (size_t)array->width * 4 &&
			       copy->height <= array->height
		       ? array->base
		       : NULL;
}

/* From or to an array: done when the call is, which no caller may count on. */
static int copy_array(const struct cuda_copy_2d *copy,
		      struct cuda_stream *stream)
{
	static struct cuda_node node = {.type = NODE_COPY_2D};
	struct cuda_copy_2d *own = &node.copy;

	*own = *copy;
	if (copy->from_type == CUDA_MEMORY_ARRAY) {
		own->from_type = CUDA_MEMORY_HOST;
		own->from_host = open_array(copy->from_array, copy->from_x_bytes,
					    copy->from_y, copy);
		own->from_pitch = copy->width_bytes;
	} else {
		const struct fake_egl_array *array = copy->to_array;

		if (array && array->draws != array->over)
			return fake_misuse("a texture is written that GLES may "
					   "draw from",
					   FAKE_INVALID_VALUE);
		own->to_type = CUDA_MEMORY_HOST;
		own->to_host = open_array(copy->to_array, copy->to_x_bytes,
					  copy->to_y, copy);
		own->to_pitch = copy->width_bytes;
	}
	if ((own->from_type == CUDA_MEMORY_HOST && !own->from_host) ||
	    (own->to_type == CUDA_MEMORY_HOST && !own->to_host) ||
	    (own->from_type == CUDA_MEMORY_DEVICE &&
	     !fake_in_memory(copy_from(own), own->from_pitch * own->height,
			     true)))
		return fake_misuse("a copy of an array", FAKE_INVALID_VALUE);
	return fake_submit(stream, &node);
}

int fake_copy_2d(const struct cuda_copy_2d *copy, struct cuda_stream *stream)
{
	int code = fake_enter(CUDA_CALL_copy_2d, true);

	if (!code)
		code = copy->from_type == CUDA_MEMORY_ARRAY ||
				       copy->to_type == CUDA_MEMORY_ARRAY
			       ? copy_array(copy, stream)
			       : submit_copy(stream, NODE_COPY_2D, copy);
	return fake_leave(code);
}

/* ---- capture ------------------------------------------------------------- */

int fake_capture_begin(struct cuda_stream *stream, int mode)
{
	int code = fake_enter(CUDA_CALL_capture_begin, true);

	(void)mode;
	if (!code && (!fake_is(stream, FAKE_STREAM) || stream->capture))
		code = fake_misuse("cuStreamBeginCapture",
				   FAKE_INVALID_HANDLE);
	if (!code) {
		stream->capture =
			fake_new(FAKE_GRAPH, sizeof(*stream->capture));
		stream->capture->serial = ++next_serial;
		stream->capture->capturing = true;
		stream->capture_thread = pthread_self();
	}
	return fake_leave(code);
}

int fake_capture_info(struct cuda_stream *stream, int *status, uint64_t *id,
		      struct cuda_graph **graph, struct cuda_node *const **last,
		      size_t *last_count)
{
	int code = fake_enter(CUDA_CALL_capture_info, true);

	if (!code && !fake_is(stream, FAKE_STREAM))
		code = fake_misuse("cuStreamGetCaptureInfo",
				   FAKE_INVALID_HANDLE);
	if (code)
		return fake_leave(code);
	*status = stream->capture ? 1 + stream->capture->invalid : 0;
	if (*status != 1)
		return fake_leave(FAKE_OK);
	if (id)
		*id = stream->capture->serial;
	if (graph)
		*graph = stream->capture;
	if (last)
		*last = (struct cuda_node *const *)&stream->capture->last;
	if (last_count)
		*last_count = stream->capture->last ? 1 : 0;
	return fake_leave(FAKE_OK);
}

static void delete_graph(struct cuda_graph *graph)
{
	struct cuda_node *node;

	while ((node = graph->first)) {
		graph->first = node->next;
		free(node);
	}
	fake_delete(graph);
}

int fake_capture_end(struct cuda_stream *stream, struct cuda_graph **graph)
{
	int code = fake_enter(CUDA_CALL_capture_end, true);

	if (!fake_is(stream, FAKE_STREAM) || !stream->capture)
		return fake_leave(fake_misuse("cuStreamEndCapture",
					      FAKE_INVALID_HANDLE));
	stream->capture->invalid |= code != FAKE_OK; /* it ends all the same */
	*graph = stream->capture;
	stream->capture = NULL;
	(*graph)->capturing = false;
	if ((*graph)->invalid) {
		delete_graph(*graph);
		*graph = NULL;
		code = code ? code : FAKE_CAPTURE_INVALIDATED;
	}
	return fake_leave(code);
}

int fake_graph_destroy(struct cuda_graph *graph)
{
	int code = fake_enter(CUDA_CALL_graph_destroy, true);

	if (!code && (!fake_is(graph, FAKE_GRAPH) || graph->capturing))
		code = fake_misuse("cuGraphDestroy", FAKE_INVALID_HANDLE);
	if (!code)
		delete_graph(graph);
	return fake_leave(code);
}

/*
 * tests/fakes/cuda/exec.c: graphs made ready to launch.
 *
 * A launch takes a copy of all nodes as they are at that moment: a later change
 * of parameters is for later launches, as in CUDA.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fakes/cuda/entries.h"
#include "tests/fakes/cuda/fake.h"

static void *zeroed(size_t count, size_t bytes)
{
	void *memory = calloc(count, bytes);

	if (!memory)
		abort();
	return memory;
}

static struct cuda_exec *new_exec(struct cuda_graph *graph)
{
	struct cuda_exec *exec = fake_new(FAKE_EXEC, sizeof(*exec));
	struct cuda_node *node;
	uint32_t i = 0;

	exec->graph = graph;
	exec->graph_serial = graph->serial;
	exec->count = graph->count;
	exec->origin = zeroed(graph->count, sizeof(struct cuda_node *));
	exec->nodes = zeroed(graph->count, sizeof(*exec->nodes));
	for (node = graph->first; node; node = node->next, i++) {
		exec->origin[i] = node;
		exec->nodes[i] = *node;
	}
	for (i = 0; i < FAKE_VERSIONS; i++)
		exec->version[i] = zeroed(graph->count, sizeof(*exec->nodes));
	return exec;
}

int fake_graph_instantiate(struct cuda_exec **exec, struct cuda_graph *graph,
			   unsigned long long flags)
{
	int code = fake_enter(CUDA_CALL_graph_instantiate, true);

	(void)flags;
	if (!code &&
	    (!fake_is(graph, FAKE_GRAPH) || graph->capturing || !graph->count))
		code = fake_misuse("cuGraphInstantiate", FAKE_INVALID_VALUE);
	if (!code)
		*exec = new_exec(graph);
	return fake_leave(code);
}

static bool is_busy(const struct cuda_exec *exec)
{
	uint32_t i;

	for (i = 0; i < FAKE_VERSIONS; i++)
		if (exec->busy[i])
			return true;
	return false;
}

int fake_exec_destroy(struct cuda_exec *exec)
{
	int code = fake_enter(CUDA_CALL_exec_destroy, true);
	uint32_t i;

	if (!code && !fake_is(exec, FAKE_EXEC))
		code = fake_misuse("cuGraphExecDestroy", FAKE_INVALID_HANDLE);
	if (code)
		return fake_leave(code);
	while (is_busy(exec))
		fake_wait_all();
	for (i = 0; i < FAKE_VERSIONS; i++)
		free(exec->version[i]);
	free(exec->nodes);
	free(exec->origin);
	fake_delete(exec);
	return fake_leave(FAKE_OK);
}

/* Its copy of a node of the graph that it was made from; NULL: none. */
static struct cuda_node *find_node(struct cuda_exec *exec,
				   const struct cuda_node *node)
{
	uint32_t i;

	if (!fake_is(exec->graph, FAKE_GRAPH) ||
	    exec->graph->serial != exec->graph_serial)
		return NULL;
	for (i = 0; i < exec->count; i++)
		if (exec->origin[i] == node)
			return &exec->nodes[i];
	return NULL;
}

static int set_node(struct cuda_node *node,
		    const struct cuda_kernel_node *params)
{
	const uint32_t grid[3] = {params->grid_x, params->grid_y,
				  params->grid_z};
	const uint32_t block[3] = {params->block_x, params->block_y,
				   params->block_z};

	if (!node || node->type != NODE_KERNEL || !params->function ||
	    params->function->kernel != node->kernel || params->extra ||
	    !params->params || !grid[0] || !grid[1] || !grid[2] || !block[0] ||
	    !block[1] || !block[2])
		return fake_misuse("cuGraphExecKernelNodeSetParams",
				   FAKE_INVALID_VALUE);
	memcpy(node->grid, grid, sizeof(grid));
	memcpy(node->block, block, sizeof(block));
	fake_take_params(node, params->params);
	return FAKE_OK;
}

int fake_exec_set_kernel(struct cuda_exec *exec, struct cuda_node *node,
			 const struct cuda_kernel_node *params)
{
	int code = fake_enter(CUDA_CALL_exec_set_kernel, true);

	if (!code && !fake_is(exec, FAKE_EXEC))
		code = fake_misuse("cuGraphExecKernelNodeSetParams",
				   FAKE_INVALID_HANDLE);
	if (!code)
		code = set_node(find_node(exec, node), params);
	return fake_leave(code);
}

int fake_exec_upload(struct cuda_exec *exec, struct cuda_stream *stream)
{
	int code = fake_enter(CUDA_CALL_exec_upload, true);

	if (!code && (!fake_is(exec, FAKE_EXEC) ||
		      !fake_is(stream, FAKE_STREAM) || stream->capture))
		code = fake_misuse("cuGraphUpload", FAKE_INVALID_HANDLE);
	return fake_leave(code);
}

static uint32_t free_version(struct cuda_exec *exec)
{
	uint32_t i;

	for (;;) {
		for (i = 0; i < FAKE_VERSIONS; i++)
			if (!exec->busy[i])
				return i;
		fake_wait_all();
	}
}

int fake_exec_launch(struct cuda_exec *exec, struct cuda_stream *stream)
{
	int code = fake_enter(CUDA_CALL_exec_launch, true);
	static struct item item = {.type = ITEM_EXEC};

	if (!code && (!fake_is(exec, FAKE_EXEC) ||
		      !fake_is(stream, FAKE_STREAM) || stream->capture))
		code = fake_misuse("cuGraphLaunch", FAKE_INVALID_HANDLE);
	if (!code) {
		item.exec = exec;
		item.version = free_version(exec);
		exec->busy[item.version] = true;
		memcpy(exec->version[item.version], exec->nodes,
		       exec->count * sizeof(*exec->nodes));
		code = fake_queue(stream, &item);
	}
	return fake_leave(code);
}

/*
 * tests/graph/emulate/launch.cc: runs the kernels of one NAME.cu on the CPU.
 *
 * Compiled once for each graph, with -DSOURCE="NAME.cu" and a list of its
 * kernels, -DKERNELS='KERNEL(step_0) KERNEL(step_2)'. launch.h is the C side.
 */
#include "tests/graph/emulate/shim.h"

#include SOURCE

#include <ucontext.h>

#include "tests/graph/emulate/launch.h"

#define STACK_BYTES 65536
#define THREADS_MAX 1024

struct emulated_index threadIdx, blockIdx, blockDim, gridDim;

template <uint32_t BYTES>
static void call(void (*kernel)(const graph_block<BYTES>),
		 const unsigned char *block)
{
	graph_block<BYTES> value;

	memcpy(value.bytes, block, BYTES);
	kernel(value);
}

[[maybe_unused]] static void call(void (*kernel)(const unsigned char *),
		 const unsigned char *block)
{
	kernel(block);
}

typedef void (*runner)(const unsigned char *block);

#define KERNEL(name)                                                           \
	static void run_##name(const unsigned char *block)                     \
	{                                                                      \
		call(name, block);                                             \
	}
KERNELS
#undef KERNEL

static runner find(const char *symbol)
{
#define KERNEL(name)                                                           \
	if (!strcmp(symbol, #name))                                            \
		return run_##name;
	KERNELS
#undef KERNEL
	fprintf(stderr, "no kernel %s\n", symbol);
	exit(2);
}

/* The block that runs now. Its threads are contexts of their own, each running
 * until it waits or ends. */
static struct {
	runner run;
	const unsigned char *block;
	uint32_t current;
	bool done[THREADS_MAX], fibres;
	ucontext_t scheduler, threads[THREADS_MAX];
} running;

static unsigned char stacks[THREADS_MAX][STACK_BYTES];

void __syncthreads(void)
{
	if (!running.fibres) {
		fprintf(stderr, "__syncthreads() in a pixel kernel\n");
		exit(2);
	}
	swapcontext(&running.threads[running.current], &running.scheduler);
}

static void run_thread(void)
{
	running.run(running.block);
	running.done[running.current] = true;
}

static void set_thread(uint32_t index)
{
	running.current = index;
	threadIdx.x = index % blockDim.x;
	threadIdx.y = index / blockDim.x;
}

static void start_threads(uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		ucontext_t *thread = &running.threads[i];

		running.done[i] = false;
		getcontext(thread);
		thread->uc_stack.ss_sp = stacks[i];
		thread->uc_stack.ss_size = STACK_BYTES;
		thread->uc_link = &running.scheduler;
		makecontext(thread, run_thread, 0);
	}
}

/* Round by round, from one __syncthreads() to the next. */
static void run_fibres(uint32_t count, bool backwards)
{
	uint32_t i, index, waiting = count;

	start_threads(count);
	while (waiting) {
		for (i = 0; i < count; i++) {
			index = backwards ? count - 1 - i : i;
			if (running.done[index])
				continue;
			set_thread(index);
			swapcontext(&running.scheduler,
				    &running.threads[index]);
			waiting -= running.done[index];
		}
	}
}

static void run_block(uint32_t count, bool backwards)
{
	uint32_t i;

	if (running.fibres) {
		run_fibres(count, backwards);
		return;
	}
	for (i = 0; i < count; i++) {
		set_thread(backwards ? count - 1 - i : i);
		running.run(running.block);
	}
}

extern "C" void emulate_launch(const struct graph_kernel *kernel,
			       const void *block, bool barriers, bool backwards)
{
	uint32_t i, blocks = kernel->blocks_x * kernel->blocks_y;

	running.run = find(kernel->symbol);
	running.block = (const unsigned char *)block;
	running.fibres = barriers;
	blockDim.x = kernel->threads_x;
	blockDim.y = kernel->threads_y;
	gridDim.x = kernel->blocks_x;
	gridDim.y = kernel->blocks_y;
	for (i = 0; i < blocks; i++) {
		uint32_t at = backwards ? blocks - 1 - i : i;

		blockIdx.x = at % kernel->blocks_x;
		blockIdx.y = at / kernel->blocks_x;
		run_block(kernel->threads_x * kernel->threads_y, backwards);
	}
}

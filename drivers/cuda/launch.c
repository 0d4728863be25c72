/*
 * drivers/cuda/launch.c: one tick: the blocks, the launches, the waits.
 *
 * Per tick and fused step one parameter update, per plane of a source that is
 * read on the device one copy, per segment one launch: no other call goes to
 * the driver library, but where something hangs or fails, and for frames that
 * are read back.
 *
 * A wait sleeps until a little before the work is done as a rule, then polls
 * mapped memory for SPIN_NS, then naps and asks the driver what is wrong.
 */
#include <stdio.h>

#include "drivers/cuda/state.h"
#include "drivers/cuda/upload.h"
#include "runtime/time/clock.h"

#define MARGIN_NS (60 * NS_PER_US)  /* a sleep wakes up that much late */
#define SPIN_NS	  (100 * NS_PER_US) /* at most, of polling without a pause */
#define NAP_NS	  (50 * NS_PER_US)
#define STUCK_NS  NS_PER_SECOND /* without progress: lost, if looked for */
#define STUCK_LOOKS 20		/* so many times meanwhile */
#define PATIENCE  4 /* periods, for the device in the middle of a plan */

static void relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* This frame is lost; the reason of a lost device stays. */
static enum backend_status cuda_fail_frame(struct cuda *cuda,
					   const char *reason)
{
	struct backend *backend = cuda->backend;

	if (!backend->lost)
		snprintf(backend->fault, sizeof(backend->fault), "%s", reason);
	return BACKEND_FAILED;
}

/* A call failed: this frame, or everything. */
static enum backend_status cuda_fail(struct cuda *cuda, enum cuda_call call,
				     int code)
{
	char line[BACKEND_TEXT_MAX];

	cuda_error_line(&cuda->library, cuda_call_symbol(call), code, line,
			sizeof(line));
	return cuda_error_find(code)->sticky
		       ? backend_set_lost(cuda->backend, line)
		       : cuda_fail_frame(cuda, line);
}

/* ---- waiting ------------------------------------------------------------- */

static bool is_done(const struct cuda_counter *counter, uint32_t count)
{
	/* acquire: pairs with the fence in graph_done */
	return (int32_t)(__atomic_load_n(counter->flag, __ATOMIC_ACQUIRE) -
			 count) >= 0;
}

/* One more. The store: cuda_idle reads it in another thread. */
static uint32_t launch_count(struct cuda_counter *counter)
{
	uint32_t count = counter->launched + 1;

	__atomic_store_n(&counter->launched, count, __ATOMIC_RELAXED);
	return count;
}

/* Half of all waits were longer. One that was over when its sleep was took no
 * longer than it slept, however late it woke up. */
static void launch_learn(struct cuda_counter *counter, int64_t took_ns)
{
	int64_t step = counter->typical_ns / 32 + 100;

	counter->progress_ns = clock_now_ns();
	counter->looks = 0;
	counter->typical_ns += took_ns > counter->typical_ns ? step : -step;
}

/* Not done for longer than is usual: does the driver know why? A program that
 * was itself stopped for a second has not looked. */
static enum backend_status diagnose(struct cuda *cuda,
				    struct cuda_counter *counter,
				    struct cuda_stream *stream, uint32_t count)
{
	int code = cuda_call(&cuda->library, stream_query, stream);

	if (code && code != CUDA_NOT_READY)
		return cuda_fail(cuda, CUDA_CALL_stream_query, code);
	if (is_done(counter, count) || ++counter->looks < STUCK_LOOKS ||
	    clock_now_ns() - counter->progress_ns < STUCK_NS)
		return BACKEND_PENDING;
	return backend_set_lost(cuda->backend,
				"the GPU has not answered for 1 s: see the "
				"kernel's log (dmesg: NVRM, nvgpu)");
}

static enum backend_status await(struct cuda *cuda,
				 struct cuda_counter *counter,
				 struct cuda_stream *stream, uint32_t count,
				 int64_t from_ns, int64_t until_ns)
{
	enum backend_status status = BACKEND_PENDING;
	int64_t now_ns = clock_now_ns();
	int64_t sleep_ns = from_ns + counter->typical_ns - MARGIN_NS - now_ns;
	bool overslept = false;
	int64_t spin_ns;

	if (!is_done(counter, count) && sleep_ns > NAP_NS &&
	    now_ns + sleep_ns < until_ns) {
		clock_pause(sleep_ns);
		overslept = is_done(counter, count);
	}
	spin_ns = clock_now_ns() + SPIN_NS;
	while (!is_done(counter, count) && status == BACKEND_PENDING) {
		now_ns = clock_now_ns();
		if (now_ns < spin_ns && now_ns < until_ns) {
			relax();
			continue;
		}
		status = diagnose(cuda, counter, stream, count);
		if (now_ns >= until_ns)
			break;
		if (status == BACKEND_PENDING)
			clock_pause(NAP_NS);
	}
	if (!is_done(counter, count))
		return status;
	launch_learn(counter, overslept ? 0 : clock_now_ns() - from_ns);
	return BACKEND_READY;
}

/* ---- launching ----------------------------------------------------------- */

/* Where a kernel stores a sink's picture in this tick. */
static struct graph_device_image target_of(const struct cuda *cuda,
					   uint32_t flight, uint32_t sink,
					   const struct graph_work *work)
{
	const struct image *slot = &work->target[sink].slot;

	if (cuda->stage[sink].picture[0])
		return (struct graph_device_image){
			cuda->stage[sink].frame[flight], cuda->stage_pitch};
	if (!slot->pitch) /* no slot is free: every row over the other */
		return (struct graph_device_image){cuda->fallback, 0};
	return (struct graph_device_image){(uint64_t)(uintptr_t)slot->base,
					   slot->pitch};
}

static void fill_block(const struct cuda *cuda, uint32_t flight,
		       const struct graph_kernel *row,
		       const struct cuda_kernel *kernel,
		       const struct graph_work *work)
{
	unsigned char *block = kernel->block;
	uint32_t i;

	for (i = 0; i < row->sink_count; i++) {
		struct graph_device_image target =
			target_of(cuda, flight, row->sinks[i], work);

		memcpy(block + GRAPH_BLOCK_TARGETS + i * sizeof(target),
		       &target, sizeof(target));
	}
	for (i = 0; i < row->copy_count; i++)
		memcpy(block + row->copies[i].block_offset,
		       work->pool + row->copies[i].pool_offset,
		       row->copies[i].bytes);
}

/* A source's frame lies somewhere else in every tick, so its copy is not part
 * of the launched graph but goes before it: one call a plane. */
static enum backend_status upload_source(struct cuda *cuda,
					 const struct graph_upload *row,
					 const struct graph_work *work)
{
	const struct picture *picture = &work->source[row->source];
	uint32_t i;

	for (i = 0; i < row->plane_count; i++) {
		const struct cuda_copy_2d copy =
			cuda_upload_copy(row, i, picture, cuda->pool);
		int code = cuda_call(&cuda->library, copy_2d, &copy,
				     cuda->stream);

		if (code)
			return cuda_fail(cuda, CUDA_CALL_copy_2d, code);
	}
	return BACKEND_READY;
}

static enum backend_status launch_segment(struct cuda *cuda, uint32_t index,
					  uint32_t flight,
					  const struct graph_work *work)
{
	const struct cuda_segment *segment = &cuda->segment[index];
	enum backend_status status;
	uint32_t i;
	int code;

	for (i = segment->first; i < segment->end; i++) {
		const struct graph_step *step = &cuda->plan->steps[i];
		const struct graph_kernel *row = step->kernel;
		const struct cuda_kernel *kernel = cuda_kernel(cuda, flight, i);

		status = step->upload ? upload_source(cuda, step->upload, work)
				      : BACKEND_READY;
		if (status != BACKEND_READY)
			return status;
		if (!row)
			continue;
		fill_block(cuda, flight, row, kernel, work);
		if (kernel->device_block)
			continue;
		code = cuda_call(&cuda->library, exec_set_kernel,
				 segment->exec[flight], kernel->node,
				 &kernel->launch);
		if (code)
			return cuda_fail(cuda, CUDA_CALL_exec_set_kernel, code);
	}
	code = cuda_call(&cuda->library, exec_launch, segment->exec[flight],
			 cuda->stream);
	if (code)
		return cuda_fail(cuda, CUDA_CALL_exec_launch, code);
	if (is_done(&cuda->work, cuda->work.launched)) {
		cuda->work.progress_ns = clock_now_ns();
		cuda->work.looks = 0;
	}
	cuda->target[flight] = launch_count(&cuda->work);
	return BACKEND_READY;
}

static int64_t patience_ns(const struct cuda *cuda)
{
	return PATIENCE * NS_PER_SECOND * cuda->graph->rate_den /
	       cuda->graph->rate_num;
}

/* What was launched before a CPU step must be done: it reads what that drew,
 * and writes over what an earlier flight may still be reading. */
static enum backend_status wait_for_device(struct cuda *cuda, uint32_t flight,
					   struct step_time times[])
{
	int64_t from_ns = cuda->launched_ns[flight];
	enum backend_status status;

	if (is_done(&cuda->work, cuda->work.launched))
		return BACKEND_READY;
	status = await(cuda, &cuda->work, cuda->stream, cuda->work.launched,
		       from_ns, clock_now_ns() + patience_ns(cuda));
	if (status == BACKEND_READY && cuda->last_first[flight] != UINT32_MAX)
		times[cuda->last_first[flight]] = (struct step_time){
			from_ns, clock_now_ns() - from_ns};
	return status == BACKEND_PENDING
		       ? cuda_fail_frame(cuda, "the GPU has not done its part of a "
					       "frame within 4 periods")
		       : status;
}

static enum backend_status cuda_run_step(struct cuda *cuda, uint32_t flight,
				    uint32_t step,
				    const struct graph_work *work,
				    struct step_time times[])
{
	enum backend_status status = wait_for_device(cuda, flight, times);
	int64_t before = clock_now_ns();

	if (status != BACKEND_READY)
		return status;
	graph_step_run(cuda->graph, &cuda->plan->steps[step], work);
	times[step] = (struct step_time){before, clock_now_ns() - before};
	return BACKEND_READY;
}

enum backend_status cuda_launch(struct backend *backend, uint32_t flight,
				const struct graph_work *work,
				struct step_time times[])
{
	struct cuda *cuda = backend->state;
	enum backend_status status = BACKEND_READY;
	uint32_t i, segment = 0;

	cuda->launched_ns[flight] = clock_now_ns();
	cuda->last_first[flight] = UINT32_MAX;
	for (i = 0; i < cuda->plan->step_count; i++)
		times[i].ns = -1;
	for (i = 0; i < cuda->plan->step_count && status == BACKEND_READY;) {
		if (cuda->plan->steps[i].run) {
			status = cuda_run_step(cuda, flight, i, work, times);
			i++;
			continue;
		}
		cuda->launched_ns[flight] = clock_now_ns();
		cuda->last_first[flight] = i;
		status = launch_segment(cuda, segment, flight, work);
		i = cuda->segment[segment++].end;
	}
	return status;
}

enum backend_status cuda_wait(struct backend *backend, uint32_t flight,
			      int64_t until_ns, struct step_time times[])
{
	struct cuda *cuda = backend->state;
	int64_t from_ns = cuda->launched_ns[flight];
	enum backend_status status =
		await(cuda, &cuda->work, cuda->stream, cuda->target[flight],
		      from_ns, until_ns);
	uint32_t first = cuda->last_first[flight];

	if (status == BACKEND_READY && first != UINT32_MAX &&
	    times[first].ns < 0)
		times[first] = (struct step_time){
			from_ns, clock_now_ns() - from_ns};
	return status;
}

/* ---- pictures out -------------------------------------------------------- */

bool cuda_staged(const struct backend *backend, uint32_t flight, uint32_t sink,
		 struct image *image)
{
	const struct cuda *cuda = backend->state;

	if (!cuda->stage[sink].picture[flight])
		return false;
	*image = (struct image){
		.base = cuda->stage[sink].picture[flight],
		.pitch = cuda->stage_pitch,
		.width = cuda->graph->width,
		.height = cuda->graph->height,
	};
	return true;
}

/* On a stream of its own: the next frames are drawn meanwhile. */
enum backend_status cuda_copy(struct backend *backend,
			      const struct cuda_copy_2d *copy, int64_t until_ns)
{
	struct cuda *cuda = backend->state;
	void *arguments[] = {&cuda->copy.count_device, &cuda->copy.flag_device};
	int64_t from_ns = clock_now_ns();
	int code = cuda_call(&cuda->library, copy_2d, copy, cuda->copy_stream);

	if (code)
		return cuda_fail(cuda, CUDA_CALL_copy_2d, code);
	code = cuda_call(&cuda->library, launch, cuda->done, 1, 1, 1, 1, 1, 1,
			 0, cuda->copy_stream, arguments, NULL);
	if (code)
		return cuda_fail(cuda, CUDA_CALL_launch, code);
	cuda->copy.progress_ns = from_ns;
	cuda->copy.looks = 0;
	return await(cuda, &cuda->copy, cuda->copy_stream,
		     launch_count(&cuda->copy), from_ns, until_ns);
}

enum backend_status cuda_read(struct backend *backend, const struct image *from,
			      const struct image *to, int64_t until_ns)
{
	const struct cuda_copy_2d copy = {
		.from_type = CUDA_MEMORY_DEVICE,
		.from_device = (uint64_t)(uintptr_t)from->base,
		.from_pitch = from->pitch,
		.to_type = CUDA_MEMORY_HOST,
		.to_host = to->base,
		.to_pitch = to->pitch,
		.width_bytes = to->width * sizeof(uint32_t),
		.height = to->height,
	};

	return cuda_copy(backend, &copy, until_ns);
}

static bool is_idle(const struct cuda_counter *counter)
{
	return is_done(counter,
		       __atomic_load_n(&counter->launched, __ATOMIC_RELAXED));
}

bool cuda_idle(const struct cuda *cuda, int limit_ms)
{
	int waited_ms;

	for (waited_ms = 0; !is_idle(&cuda->work) || !is_idle(&cuda->copy);
	     waited_ms++) {
		if (waited_ms == limit_ms || cuda_watch_has_left())
			return false;
		clock_pause(NS_PER_MS);
	}
	return true;
}

enum backend_status cuda_enter(struct backend *backend)
{
	struct cuda *cuda = backend->state;
	int code = cuda_call(&cuda->library, context_set, cuda->context);

	return code ? cuda_fail(cuda, CUDA_CALL_context_set, code)
		    : BACKEND_READY;
}

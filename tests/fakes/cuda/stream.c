/*
 * tests/fakes/cuda/stream.c: a queue and a worker thread for each stream: what
 * is submitted is done later, in order, beside the thread that submitted it.
 *
 * When is told by the fake's own clock, which only calls move: each by CALL_US,
 * cuStreamQuery by QUERY_US, and those that wait to the end of what they wait
 * for. A query is answered when all that is due by then has been done: however
 * busy the machine is, work takes its number of queries and no more.
 *
 * After its start a stream allocates nothing: the product's tick thread, which
 * may not, calls in here.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fakes/cuda/entries.h"
#include "tests/fakes/cuda/fake.h"

#define FILL_US  2000
#define CALL_US  1
#define QUERY_US 50 /* as long as the product naps between two */

static int64_t fake_us; /* the clock */

static void set_words(const struct cuda_node *node)
{
	uint32_t *to = (uint32_t *)(uintptr_t)node->copy.to_device;
	size_t i;

	for (i = 0; i < node->copy.width_bytes / 4; i++)
		to[i] = node->value;
}

static void copy_rows(const struct cuda_copy_2d *copy)
{
	const unsigned char *from =
		copy->from_type == CUDA_MEMORY_HOST
			? copy->from_host
			: (void *)(uintptr_t)copy->from_device;
	unsigned char *to = copy->to_type == CUDA_MEMORY_HOST
				    ? copy->to_host
				    : (void *)(uintptr_t)copy->to_device;
	size_t y;

	from += copy->from_y * copy->from_pitch + copy->from_x_bytes;
	to += copy->to_y * copy->to_pitch + copy->to_x_bytes;
	for (y = 0; y < copy->height; y++)
		memcpy(to + y * copy->to_pitch, from + y * copy->from_pitch,
		       copy->width_bytes);
}

static void run_kernel(const struct cuda_node *node)
{
	void *params[FAKE_KERNEL_PARAMS_MAX];
	size_t offset = 0;
	uint32_t i;

	for (i = 0; i < node->kernel->param_count; i++) {
		params[i] = (void *)(uintptr_t)(node->params + offset);
		offset += (node->kernel->param_bytes[i] + 15) / 16 * 16;
	}
	node->kernel->run(params, node->grid, node->block);
}

/* Without the lock. */
static void run_node(const struct cuda_node *node)
{
	if (node->type == NODE_KERNEL)
		run_kernel(node);
	else if (node->type == NODE_SET)
		set_words(node);
	else if (node->type == NODE_FILL)
		memset((void *)(uintptr_t)node->copy.to_device,
		       (int)node->value, node->copy.width_bytes);
	else
		copy_rows(&node->copy);
	__atomic_add_fetch(node->type == NODE_KERNEL
				   ? &fake_report->kernels_done
				   : &fake_report->copies_done,
			   1, __ATOMIC_RELAXED);
}

static void run_nodes(const struct cuda_node *nodes, uint32_t count)
{
	uint32_t i;

	fake_open_memory();
	pthread_mutex_unlock(&fake_lock);
	for (i = 0; i < count; i++)
		run_node(&nodes[i]);
	pthread_mutex_lock(&fake_lock);
	fake_shut_memory();
}

/* Until it is told to stop, or *done is at least that. */
static void stand_still(struct cuda_stream *stream, const uint64_t *done,
			uint64_t wanted)
{
	stream->stands = true;
	pthread_cond_broadcast(&fake_changed);
	while (!stream->stop && !(done && *done >= wanted))
		pthread_cond_wait(&fake_changed, &fake_lock);
	stream->stands = false;
}

static void run_exec(struct cuda_stream *stream, const struct item *item)
{
	struct cuda_exec *exec = item->exec;
	const struct cuda_node *nodes = exec->version[item->version];
	/* all, or the last, which counts it as done */
	uint32_t skipped = fake_config.skip > 0 ? exec->count - 1 : 0;

	fake_config.skip -= fake_config.skip > 0;
	if (fake_config.hang > 0 && !--fake_config.hang)
		stand_still(stream, NULL, 0);
	else if (fake_config.work.left > 0 && !--fake_config.work.left)
		fake_lose(fake_config.work.code);
	else
		run_nodes(nodes + skipped, exec->count - skipped);
	fake_report->graphs_done++;
	exec->busy[item->version] = false;
}

static void run_item(struct cuda_stream *stream, const struct item *item)
{
	struct cuda_event *event = item->event;

	if (item->type == ITEM_NODE) {
		run_nodes(&item->node, 1);
	} else if (item->type == ITEM_EXEC) {
		run_exec(stream, item);
	} else if (item->type == ITEM_EVENT) {
		event->done = item->event_time;
		event->done_ns = item->due_us * 1000;
	} else {
		stand_still(stream, &event->done, item->event_time);
	}
}

/* There is work whose time has come. */
static bool is_due(const struct cuda_stream *stream)
{
	return stream->head != stream->tail &&
	       stream->items[stream->head % FAKE_QUEUE].due_us <= fake_us;
}

static void *work(void *argument)
{
	struct cuda_stream *stream = argument;

	pthread_mutex_lock(&fake_lock);
	while (!stream->stop || stream->head != stream->tail) {
		if (!stream->stop && !is_due(stream)) {
			pthread_cond_wait(&fake_changed, &fake_lock);
			continue;
		}
		run_item(stream, &stream->items[stream->head % FAKE_QUEUE]);
		stream->head++;
		pthread_cond_broadcast(&fake_changed);
	}
	pthread_mutex_unlock(&fake_lock);
	return NULL;
}

int fake_stream_start(struct cuda_stream *stream)
{
	sigset_t all, before;
	int error;

	stream->items = calloc(FAKE_QUEUE, sizeof(*stream->items));
	if (!stream->items)
		abort();
	/* signals are for the threads of the program under test */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&stream->thread, NULL, work, stream);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error ? FAKE_OUT_OF_MEMORY : FAKE_OK;
}

void fake_stream_stop(struct cuda_stream *stream)
{
	stream->stop = true;
	pthread_cond_broadcast(&fake_changed);
	pthread_mutex_unlock(&fake_lock);
	pthread_join(stream->thread, NULL);
	pthread_mutex_lock(&fake_lock);
	free(stream->items);
}

struct cuda_stream *fake_default_stream(void)
{
	static struct cuda_stream stream;

	if (!stream.items) {
		fake_stream_start(&stream);
		pthread_detach(stream.thread);
	}
	return &stream;
}

static void pass_until(int64_t us)
{
	if (fake_us < us)
		fake_us = us;
	pthread_cond_broadcast(&fake_changed);
}

void fake_pass_call(void)
{
	pass_until(fake_us + CALL_US);
}

void fake_wait_all(void)
{
	struct cuda_stream *stream = NULL;

	pass_until(fake_default_stream()->due_us);
	while ((stream = fake_each(FAKE_STREAM, stream)))
		pass_until(stream->due_us);
	pthread_cond_wait(&fake_changed, &fake_lock);
}

void fake_wait_stream(struct cuda_stream *stream)
{
	while (stream->head != stream->tail) {
		pass_until(stream->due_us);
		if (stream->stands) /* for another stream, maybe */
			fake_wait_all();
		else
			pthread_cond_wait(&fake_changed, &fake_lock);
	}
}

/* A memset takes longer: what does not wait for it meets it. */
static long takes_us(const struct item *item)
{
	if (item->type == ITEM_EVENT || item->type == ITEM_WAIT)
		return 0;
	return item->type == ITEM_NODE && item->node.type == NODE_FILL
		       ? FILL_US
		       : fake_config.delay_us;
}

int fake_queue(struct cuda_stream *stream, const struct item *item)
{
	struct item *queued;

	while (stream->tail - stream->head == FAKE_QUEUE)
		fake_wait_all();
	if (stream->due_us < fake_us)
		stream->due_us = fake_us;
	stream->due_us += takes_us(item);
	queued = &stream->items[stream->tail % FAKE_QUEUE];
	*queued = *item;
	queued->due_us = stream->due_us;
	stream->tail++;
	pthread_cond_broadcast(&fake_changed);
	return FAKE_OK;
}

/* ---- entries ------------------------------------------------------------- */

int fake_stream_priorities(int *least, int *greatest)
{
	int code = fake_enter(CUDA_CALL_stream_priorities, true);

	*least = 0;
	*greatest = -5;
	return fake_leave(code);
}

int fake_stream_create(struct cuda_stream **stream, unsigned int flags,
		       int priority)
{
	int code = fake_enter(CUDA_CALL_stream_create, true);

	(void)flags;
	(void)priority;
	if (!code) {
		*stream = fake_new(FAKE_STREAM, sizeof(**stream));
		code = fake_stream_start(*stream);
	}
	return fake_leave(code);
}

static int check_stream(struct cuda_stream *stream, const char *call)
{
	return fake_is(stream, FAKE_STREAM)
		       ? FAKE_OK
		       : fake_misuse(call, FAKE_INVALID_HANDLE);
}

int fake_stream_destroy(struct cuda_stream *stream)
{
	int code = fake_enter(CUDA_CALL_stream_destroy, true);

	if (!code)
		code = check_stream(stream, "cuStreamDestroy");
	if (!code) {
		fake_stream_stop(stream);
		fake_delete(stream);
	}
	return fake_leave(code);
}

/* What the two entries below may not do while the stream is captured. */
static int check_idle(struct cuda_stream *stream, const char *call)
{
	int code = check_stream(stream, call);

	if (!code && stream->capture) {
		stream->capture->invalid = true;
		code = fake_misuse(call, FAKE_CAPTURE_UNSUPPORTED);
	}
	return code;
}

int fake_stream_query(struct cuda_stream *stream)
{
	int code = fake_enter(CUDA_CALL_stream_query, true);

	if (!code)
		code = check_idle(stream, "cuStreamQuery");
	pass_until(fake_us + QUERY_US);
	while (!code && is_due(stream) && !stream->stands)
		pthread_cond_wait(&fake_changed, &fake_lock);
	if (!code && stream->head != stream->tail)
		code = FAKE_NOT_READY;
	return fake_leave(code);
}

int fake_stream_wait(struct cuda_stream *stream)
{
	int code = fake_enter(CUDA_CALL_stream_wait, true);

	if (!stream)
		stream = fake_default_stream();
	else if (!code)
		code = check_idle(stream, "cuStreamSynchronize");
	if (!code)
		fake_wait_stream(stream);
	pthread_mutex_unlock(&fake_lock);
	if (code)
		return code;
	/* what was lost while we waited is said now; not a second call */
	code = fake_enter(CUDA_CALL_stream_wait, true);
	fake_report->call_count--;
	fake_report->calls[CUDA_CALL_stream_wait]--;
	return fake_leave(code);
}

int fake_event_record(struct cuda_event *event, struct cuda_stream *stream)
{
	int code = fake_enter(CUDA_CALL_event_record, true);
	static struct item item = {.type = ITEM_EVENT};

	if (!code)
		code = check_stream(stream, "cuEventRecord");
	if (!code && !fake_is(event, FAKE_EVENT))
		code = fake_misuse("cuEventRecord", FAKE_INVALID_HANDLE);
	if (!code)
		event->graph = stream->capture;
	if (!code && !stream->capture) {
		item.event = event;
		item.event_time = ++event->recorded;
		code = fake_queue(stream, &item);
	}
	return fake_leave(code);
}

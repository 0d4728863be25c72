/*
 * tests/fakes/cuda/stream.c: a queue and a worker thread for each stream: what
 * is submitted is done later, in order, beside the thread that submitted it.
 *
 * After its start a stream allocates nothing: the product's tick thread, which
 * may not, calls in here.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/fakes/cuda/entries.h"
#include "tests/fakes/cuda/fake.h"

#define FILL_US 2000

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

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
	/* a memset takes its time: what does not wait for it meets it */
	long us = nodes[0].type == NODE_FILL ? FILL_US : fake_config.delay_us;
	const struct timespec delay = {.tv_sec = us / 1000000,
				       .tv_nsec = us % 1000000 * 1000};
	uint32_t i;

	fake_open_memory();
	pthread_mutex_unlock(&fake_lock);
	if (us)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &delay, NULL);
	for (i = 0; i < count; i++)
		run_node(&nodes[i]);
	pthread_mutex_lock(&fake_lock);
	fake_shut_memory();
}

static void run_exec(struct cuda_stream *stream, const struct item *item)
{
	struct cuda_exec *exec = item->exec;

	if (fake_config.hang > 0 && !--fake_config.hang)
		while (!stream->stop)
			pthread_cond_wait(&fake_changed, &fake_lock);
	else if (fake_config.work.left > 0 && !--fake_config.work.left)
		fake_lose(fake_config.work.code);
	else
		run_nodes(exec->version[item->version], exec->count);
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
		event->done_ns = now_ns();
	} else {
		while (event->done < item->event_time && !stream->stop)
			pthread_cond_wait(&fake_changed, &fake_lock);
	}
}

static void *work(void *argument)
{
	struct cuda_stream *stream = argument;

	pthread_mutex_lock(&fake_lock);
	while (!stream->stop || stream->head != stream->tail) {
		if (stream->head == stream->tail) {
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

int fake_queue(struct cuda_stream *stream, const struct item *item)
{
	while (stream->tail - stream->head == FAKE_QUEUE)
		pthread_cond_wait(&fake_changed, &fake_lock);
	stream->items[stream->tail++ % FAKE_QUEUE] = *item;
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
	while (!code && stream->head != stream->tail)
		pthread_cond_wait(&fake_changed, &fake_lock);
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

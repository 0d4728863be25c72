/*
 * drivers/display/kms/helper.c: see helper.h.
 */
#define _GNU_SOURCE /* sem_clockwait: glibc 2.30 */

#include "drivers/display/kms/helper.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "drivers/display/kms/hotplug.h"
#include "runtime/time/clock.h"

/* ---- main thread ------------------------------------------------------------ */

static struct kms_helper *helper_create(void)
{
	struct kms_helper *helper = calloc(1, sizeof(*helper));

	if (!helper)
		return NULL;
	helper->hotplug_fd = -1;
	helper->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (helper->wake_fd >= 0)
		return helper;
	free(helper);
	return NULL;
}

struct kms_helper *kms_helper_of(struct kms_card *card)
{
	if (!card->helper)
		card->helper = helper_create();
	return card->helper;
}

void kms_helper_add(struct kms_helper *helper, struct kms_recover *sink)
{
	helper->sink[helper->count++] = sink;
	sink->state->wake_fd = helper->wake_fd;
}

static void helper_remove(struct kms_helper *helper,
			  const struct kms_recover *sink)
{
	uint32_t i, kept = 0;

	for (i = 0; i < helper->count; i++)
		if (helper->sink[i] != sink)
			helper->sink[kept++] = helper->sink[i];
	helper->count = kept;
	if (kept)
		return;
	close(helper->wake_fd);
	free(helper);
}

/* ---- the thread -------------------------------------------------------------- */

static int64_t helper_left_ns(const struct kms_helper *helper)
{
	int64_t own_ns, left_ns = INT64_MAX, now_ns = clock_now_ns();
	uint32_t i;

	for (i = 0; i < helper->count; i++) {
		own_ns = kms_recover_due_ns(helper->sink[i]) - now_ns;
		if (own_ns < left_ns)
			left_ns = own_ns;
	}
	return left_ns;
}

/* Which rounds are due. */
static bool helper_mark(struct kms_helper *helper, bool hint)
{
	int64_t now_ns = clock_now_ns();
	struct kms_recover *sink;
	bool any = false;
	uint32_t i;

	for (i = 0; i < helper->count; i++) {
		sink = helper->sink[i];
		sink->is_due = kms_state_take_new(sink->state) ||
			       now_ns >= kms_recover_due_ns(sink) ||
			       (hint && kms_recover_takes_hint(sink));
		any = any || sink->is_due;
	}
	return any;
}

bool kms_helper_wait(struct kms_helper *helper)
{
	struct pollfd fds[] = {
		{.fd = helper->wake_fd, .events = POLLIN},
		{.fd = helper->hotplug_fd, .events = POLLIN},
	};
	int64_t left_ns = helper_left_ns(helper);
	bool hint = false;
	uint64_t count;
	ssize_t got;

	if (left_ns > 0) {
		poll(fds, 2, (int)(left_ns / NS_PER_MS) + 1);
		hint = fds[1].revents && kms_hotplug_read(helper->hotplug_fd);
		if (fds[0].revents) {
			got = read(helper->wake_fd, &count, sizeof(count));
			(void)got; /* what it is about the states say */
		}
	}
	return helper_mark(helper, hint);
}

void kms_helper_round(struct kms_helper *helper)
{
	uint32_t i;

	for (i = 0; i < helper->count; i++)
		if (helper->sink[i]->is_due)
			kms_recover_round(helper->sink[i]);
}

static bool helper_stops(struct kms_helper *helper)
{
	/* acquire: pairs with kms_helper_end */
	return atomic_load_explicit(&helper->stop, memory_order_acquire);
}

/* The last one started first; those that work before those that may hang. */
static void helper_restore(struct kms_helper *helper)
{
	struct kms_recover *sink;
	uint32_t i, pass;

	for (pass = 0; pass < 2; pass++)
		for (i = helper->count; i-- > 0;) {
			sink = helper->sink[i];
			if (kms_state_is_ticks(kms_state_now(sink->state)) !=
			    !pass)
				continue;
			kms_output_restore(sink->output);
			kms_output_close(sink->output);
			atomic_store_explicit(&sink->is_closed, true,
					      memory_order_release);
		}
}

static void *helper_thread(void *arg)
{
	struct kms_helper *helper = arg;

	while (!helper_stops(helper))
		if (kms_helper_wait(helper) && !helper_stops(helper))
			kms_helper_round(helper);
	helper_restore(helper);
	sem_post(&helper->ended);
	return NULL;
}

/* ---- main thread: its start and end ------------------------------------------ */

int kms_helper_start(struct kms_helper *helper, struct kms_recover *sink)
{
	const struct thread_config config = {
		.name = "kms",
		.cpu = -1,
		.run = helper_thread,
		.arg = helper,
	};
	int error;

	kms_recover_init(sink, helper);
	if (++helper->started < helper->count)
		return 0;
	helper->hotplug_fd = kms_hotplug_open();
	sem_init(&helper->ended, 0, 0);
	error = thread_start(&helper->thread, &config);
	helper->is_running = !error;
	if (error) {
		kms_hotplug_close(helper->hotplug_fd);
		sem_destroy(&helper->ended);
	}
	return error;
}

static bool helper_wait_for_end(struct kms_helper *helper)
{
	struct timespec end;
	int result;

	/* the wall clock may be set meanwhile */
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += KMS_END_MS / 1000;
	do
		result = sem_clockwait(&helper->ended, CLOCK_MONOTONIC, &end);
	while (result && errno == EINTR);
	return !result;
}

static void helper_stop(struct kms_helper *helper)
{
	const uint64_t one = 1;
	ssize_t written;

	/* release: what the ticks left is the helper's */
	atomic_store_explicit(&helper->stop, true, memory_order_release);
	written = write(helper->wake_fd, &one, sizeof(one));
	(void)written; /* full: it is awake */
	helper->is_left = !helper_wait_for_end(helper);
	if (helper->is_left)
		return;
	helper->is_running = false;
	thread_join(&helper->thread);
	kms_hotplug_close(helper->hotplug_fd);
	sem_destroy(&helper->ended);
}

bool kms_helper_end(struct kms_helper *helper, struct kms_recover *sink)
{
	if (helper->is_running && !helper->is_left)
		helper_stop(helper);
	if (helper->is_left)
		return false;
	kms_connector_finish(&sink->look);
	helper_remove(helper, sink);
	return true;
}

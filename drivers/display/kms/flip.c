/*
 * drivers/display/kms/flip.c: see flip.h.
 */
#include "drivers/display/kms/flip.h"

#include <errno.h>

#include "runtime/time/clock.h"

#define TOKEN_STEP	  16 /* the lowest bits are the sink's index */
#define EVENTS_BYTES	  1024
#define KERNEL_EVENTS_BYTES 4096 /* of one file */
#define MEASURE_FLIPS	  4 /* the first one from any time on */
#define MEASURE_QUICK	  2 /* of the others */
#define MEASURE_WAIT_MS	  100
#define PERIOD_DEFAULT_NS (NS_PER_SECOND / 60)

_Static_assert(GRAPH_SINKS_MAX <= TOKEN_STEP, "a sink's index fits a token");

static int64_t period_ns(const drmModeModeInfo *mode)
{
	uint64_t num, den;

	kms_mode_refresh(mode, &num, &den);
	return num ? (int64_t)(den * (uint64_t)NS_PER_SECOND / num)
		   : PERIOD_DEFAULT_NS;
}

static void flip_begin(struct kms_flip *flip, uint32_t slot, uint64_t token,
		       int64_t now_ns)
{
	flip->token = token;
	flip->pending = true;
	flip->slot = slot;
	flip->submit_ns = now_ns;
	flip->looks = 0;
}

int kms_flip_submit(struct kms_flip *flip, struct kms_output *output,
		    uint32_t slot)
{
	uint64_t token = flip->token + TOKEN_STEP;
	int64_t now_ns = clock_now_ns();
	int error = kms_output_flip(output, slot, token);

	if (!error)
		flip_begin(flip, slot, token, now_ns);
	return error;
}

uint64_t kms_flip_expect(struct kms_flip *flip, uint32_t slot)
{
	flip_begin(flip, slot, flip->token + TOKEN_STEP, clock_now_ns());
	return flip->token;
}

/* The kernel counts refreshes in 32 bits; 0 from drivers that do not count. */
static void count_refreshes(struct kms_flip *flip, uint32_t counter)
{
	flip->sequence = flip->sequence ? flip->sequence + (uint32_t)(counter -
							      flip->counter)
					: counter;
	flip->counter = counter;
}

static void flip_finish(struct kms_flip *flip,
			const struct drm_event_vblank *event)
{
	flip->pending = false;
	flip->shown = flip->slot;
	flip->is_over = true;
	flip->done = (struct display_event){
		.kind = DISPLAY_EVENT_SHOWN,
		.slot = flip->slot,
		.time_ns = event->tv_sec * NS_PER_SECOND +
			   event->tv_usec * NS_PER_US,
		.stamp = flip->stamp,
	};
	if (!flip->is_monotonic)
		flip->done.time_ns = clock_now_ns();
	if (flip->stamp != DISPLAY_STAMP_HARDWARE)
		return;
	count_refreshes(flip, event->sequence);
	flip->done.sequence = flip->sequence;
}

/* An event of our token and of another CRTC is not believed; kernels before 4.12
 * name none. */
static bool flip_is_its(const struct kms_flip *flip,
			const struct drm_event_vblank *event)
{
	return flip->pending && event->user_data == flip->token &&
	       (!event->crtc_id || event->crtc_id == flip->crtc);
}

static void flip_dispatch(struct kms_flip *const flips[], uint32_t count,
			  const struct drm_event_vblank *event)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (flip_is_its(flips[i], event))
			flip_finish(flips[i], event);
}

void kms_flip_read(struct kms_flip *const flips[], uint32_t count,
		   const struct kms_output *output)
{
	_Alignas(8) unsigned char events[EVENTS_BYTES];
	const struct drm_event_vblank *event;
	ssize_t got = kms_node_read(output->device.fd, events, sizeof(events));
	ssize_t at;
	uint32_t i;

	for (at = 0; at + (ssize_t)sizeof(*event) <= got;
	     at += event->base.length) {
		event = (const void *)(events + at);
		if (event->base.length < sizeof(event->base))
			break;
		if (event->base.type == DRM_EVENT_FLIP_COMPLETE)
			flip_dispatch(flips, count, event);
	}
	for (i = 0; i < count; i++)
		flips[i]->looks += flips[i]->pending;
}

bool kms_flip_take(struct kms_flip *flip, struct display_event *done)
{
	if (!flip->is_over)
		return false;
	flip->is_over = false;
	*done = flip->done;
	return true;
}

bool kms_flip_is_overdue(const struct kms_flip *flip, int64_t now_ns)
{
	return flip->pending && flip->looks >= KMS_FLIP_LOOKS &&
	       now_ns - flip->submit_ns > flip->deadline_ns;
}

void kms_flip_forget(struct kms_flip *flip, uint32_t slot)
{
	uint64_t now = (uint64_t)clock_now_ns() / TOKEN_STEP * TOKEN_STEP +
		       flip->index;

	flip->pending = false;
	flip->is_over = false;
	flip->shown = slot;
	flip->token = now > flip->token ? now : flip->token + TOKEN_STEP;
	flip->sequence = 0;
}

/* Events of who had the file before: unread they would keep flips from being
 * taken. At most as many as the kernel holds. */
static void drain(const struct kms_output *output)
{
	unsigned char events[EVENTS_BYTES];
	int i;

	for (i = 0; i < KERNEL_EVENTS_BYTES / EVENTS_BYTES + 1; i++)
		if (kms_node_read(output->device.fd, events,
				  sizeof(events)) <= 0)
			break;
}

int kms_flip_once(struct kms_flip *flip, struct kms_output *output,
		  uint32_t slot)
{
	struct display_event done;
	int error = kms_flip_submit(flip, output, slot);

	if (error)
		return error;
	error = kms_node_wait(output->device.fd, MEASURE_WAIT_MS);
	if (error < 0)
		return error;
	kms_flip_read(&flip, 1, output);
	return kms_flip_take(flip, &done);
}

/*
 * Without vblank the time stamps are software's at best. A flip submitted when
 * the one before was over takes a period, unless it completes at once. Two of
 * three decide: one may look longer on a busy machine, or shorter, where the
 * event before it was seen late.
 */
static int measure(struct kms_flip *flip, struct kms_output *output,
		   int64_t period)
{
	int64_t begin_ns;
	int i, quick = 0, done = 1;

	for (i = 0; i < MEASURE_FLIPS && done > 0; i++) {
		begin_ns = clock_now_ns();
		done = kms_flip_once(flip, output, flip->shown);
		if (i && done > 0 && clock_now_ns() - begin_ns < period / 2)
			quick++;
	}
	if (done < 0)
		return done;
	flip->stamp = quick >= MEASURE_QUICK ? DISPLAY_STAMP_AT_ONCE
					     : DISPLAY_STAMP_SOFTWARE;
	return 0;
}

/* The driver's answer for all its CRTCs: by the first sink on the file, before
 * others wait for events of theirs. */
static int measure_card(struct kms_flip *flip, struct kms_output *output,
			int64_t period)
{
	struct kms_card *card = output->device.card;
	int error = 0;

	if (!card->is_measured)
		error = measure(flip, output, period);
	else
		flip->stamp = card->stamp;
	card->is_measured = !error;
	card->stamp = flip->stamp;
	return error;
}

int kms_flip_init(struct kms_flip *flip, struct kms_output *output,
		  uint32_t slot)
{
	int64_t period = period_ns(&output->mode);
	uint64_t sequence, time_ns;
	int error = 0;

	if (!output->device.card->is_drained)
		drain(output);
	output->device.card->is_drained = true;
	kms_flip_forget(flip, slot);
	flip->crtc = output->crtc.id;
	flip->is_monotonic = output->device.monotonic;
	flip->deadline_ns = KMS_FLIP_DEADLINE_PERIODS * period;
	if (flip->deadline_ns < KMS_FLIP_DEADLINE_NS)
		flip->deadline_ns = KMS_FLIP_DEADLINE_NS;
	flip->stamp = DISPLAY_STAMP_HARDWARE;
	if (drmCrtcGetSequence(output->device.fd, output->crtc.id, &sequence,
			       &time_ns))
		error = measure_card(flip, output, period);
	/* a lost event of the measurement: the ticks find out */
	if (!error && flip->pending)
		kms_flip_forget(flip, slot);
	return error;
}

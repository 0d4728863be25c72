/*
 * runtime/cycle/sink.c: see runtime/cycle/sink.h.
 */
#include "runtime/cycle/sink.h"

#include <poll.h>

#include "runtime/time/clock.h"

#define SHADOW_PITCH_ALIGN 64

static size_t shadow_pitch(const struct sink_config *config)
{
	return (config->width * sizeof(uint32_t) + SHADOW_PITCH_ALIGN - 1) /
	       SHADOW_PITCH_ALIGN * SHADOW_PITCH_ALIGN;
}

/* A kept frame must survive the drawing of the next one, but in a device's
 * slots, from where it is fetched at the end; a frame step cannot draw into a
 * slot of another format. */
static uint32_t shadow_count(const struct sink_config *config)
{
	const struct display *display = config->display;

	if (display->cpu_read == DISPLAY_READ_FAST)
		return 0;
	if (display->cpu_read == DISPLAY_READ_NONE)
		return config->keep_last ? 1 : 0;
	if (config->keep_last)
		return 2;
	if (config->device_draws)
		return 0;
	return display->format == GRAPH_FORMAT_XRGB8888 ? 0 : 1;
}

size_t sink_shadow_bytes(const struct sink_config *config)
{
	return shadow_count(config) * shadow_pitch(config) * config->height;
}

void sink_init(struct sink *sink, const struct sink_config *config,
	       unsigned char *shadow, unsigned char *fallback_row)
{
	size_t pitch = shadow_pitch(config);
	uint32_t i;

	*sink = (struct sink){
		.config = *config,
		.fallback = {fallback_row, 0, config->width, config->height},
		.shadow_count = shadow_count(config),
	};
	slots_init(&sink->slots, config->display->slot_count);
	for (i = 0; i < sink->shadow_count; i++)
		sink->shadow[i] = (struct image){
			shadow + i * pitch * config->height, pitch,
			config->width, config->height};
}

/* The first slot holds what the warm-up drew. */
enum exit_status sink_start(struct sink *sink)
{
	struct display *display = sink->config.display;
	uint32_t slot;
	int error;

	if (!display->ops->start)
		return EXIT_STATUS_OK;
	slot = slots_take(&sink->slots);
	error = display->ops->start(display, slot);
	slot_move(&sink->slots, slot, SLOT_QUEUED);
	slot_move(&sink->slots, slot, SLOT_SHOWN);
	return display_status_of(error);
}

bool sink_event(struct sink *sink, struct display_event *event,
		struct frame *frame)
{
	struct display *display = sink->config.display;

	if (!display->ops->on_event || !display->ops->on_event(display, event))
		return false;
	slot_move(&sink->slots, event->slot,
		  event->kind == DISPLAY_EVENT_SHOWN ? SLOT_SHOWN : SLOT_FREE);
	if (sink->slots.broken)
		return false;
	*frame = sink->frame[event->slot];
	return true;
}

struct graph_target sink_target(struct sink *sink, uint32_t slot)
{
	const struct display *display = sink->config.display;
	struct graph_target target = {
		.slot = slot == SLOT_NONE ? sink->fallback
					  : display->slot[slot],
		.format = display->format,
		.slow_read = display->cpu_read != DISPLAY_READ_FAST,
	};

	if (!sink->config.device_draws)
		target.shadow = sink->shadow[sink->drawing];
	if (slot != SLOT_NONE)
		sink->drawn_at[slot] = display->moves;
	return target;
}

void sink_copy_rows(const struct image *from, const struct image *to)
{
	uint32_t y;

	for (y = 0; y < to->height; y++)
		memcpy(image_row(to, y), image_row(from, y),
		       (size_t)to->width * sizeof(uint32_t));
}

void sink_store(struct sink *sink, uint32_t slot, const struct image *staged)
{
	struct graph_target target = sink_target(sink, slot);
	uint32_t y;

	for (y = 0; y < target.slot.height; y++)
		graph_slot_store(&target, y, image_row(staged, y));
	if (sink->shadow_count == 2)
		sink_copy_rows(staged, &sink->shadow[sink->drawing]);
}

static void keep_accepted(struct sink *sink, uint32_t slot,
			  enum display_status status)
{
	slot_move(&sink->slots, slot, SLOT_QUEUED);
	if (status == DISPLAY_SHOWN)
		slot_replace_shown(&sink->slots, slot);
	if (status == DISPLAY_FREED)
		slot_move(&sink->slots, slot, SLOT_FREE);
	if (sink->shadow_count < 2)
		return;
	sink->drawing = !sink->drawing;
	sink->has_last = true;
}

static bool is_accepted(enum display_status status)
{
	return status == DISPLAY_SHOWN || status == DISPLAY_QUEUED ||
	       status == DISPLAY_FREED;
}

struct outcome sink_present(struct sink *sink, uint32_t slot,
			    const struct frame *frame)
{
	struct display *display = sink->config.display;
	int64_t now_ns = clock_now_ns();
	struct outcome outcome = {.reason = DROP_NO_SLOT,
				  .offered_ns = now_ns,
				  .answered_ns = now_ns};
	enum display_status status;

	if (slot == SLOT_NONE)
		return outcome;
	sink->frame[slot] = *frame;
	sink->frame[slot].submit_ns = now_ns;
	status = sink->drawn_at[slot] == display->moves
			 ? display->ops->present(display, slot,
						 &sink->frame[slot])
			 : DISPLAY_LOST;
	outcome.answered_ns = clock_now_ns();
	outcome.accepted = is_accepted(status);
	outcome.shown = status == DISPLAY_SHOWN || status == DISPLAY_FREED;
	outcome.given_up = status == DISPLAY_FAILED;
	outcome.reason = status == DISPLAY_BUSY ? DROP_BUSY : DROP_LOST;
	if (outcome.accepted)
		keep_accepted(sink, slot, status);
	else
		slot_move(&sink->slots, slot, SLOT_FREE);
	return outcome;
}

void sink_give_back(struct sink *sink, uint32_t slot)
{
	if (slot != SLOT_NONE)
		slot_move(&sink->slots, slot, SLOT_FREE);
}

bool sink_drain(const struct sink *sink)
{
	struct pollfd wait = {
		.fd = sink->config.display->event_fd,
		.events = POLLIN,
	};

	return sink->slots.in_state[SLOT_QUEUED] && wait.fd >= 0 &&
	       poll(&wait, 1, SINK_DRAIN_MS) > 0;
}

/* From a device's slot into the one private frame. */
static bool fetch_last(struct sink *sink, struct backend *backend,
		       const struct image *slot)
{
	return sink->shadow_count == 1 && backend->ops->read &&
	       backend->ops->read(backend, slot, &sink->shadow[0],
				  clock_now_ns() + NS_PER_SECOND) ==
		       BACKEND_READY;
}

bool sink_last_frame(struct sink *sink, struct backend *backend,
		     struct image *image)
{
	const struct display *display = sink->config.display;
	uint32_t newest = sink->slots.newest;

	if (sink->has_last) {
		*image = sink->shadow[!sink->drawing];
		return true;
	}
	if (newest == SLOT_NONE || display->cpu_read == DISPLAY_READ_SLOW ||
	    sink->drawn_at[newest] != display->moves)
		return false;
	*image = display->slot[newest];
	if (display->cpu_read == DISPLAY_READ_FAST)
		return true;
	if (!fetch_last(sink, backend, &display->slot[newest]))
		return false;
	*image = sink->shadow[0];
	return true;
}

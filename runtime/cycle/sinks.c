/*
 * runtime/cycle/sinks.c: see runtime/cycle/sinks.h.
 */
#include "runtime/cycle/sinks.h"

#include <poll.h>

#include "runtime/cycle/account.h"

#define SHADOW_PITCH_ALIGN 64

static size_t shadow_pitch(const struct graph *graph)
{
	return (graph->width * sizeof(uint32_t) + SHADOW_PITCH_ALIGN - 1) /
	       SHADOW_PITCH_ALIGN * SHADOW_PITCH_ALIGN;
}

/* A kept frame must survive the drawing of the next one, but in a device's
 * slots, from where it is fetched at the end; a frame step cannot draw into a
 * slot of another format. */
static uint32_t shadow_count(const struct cycle_config *config, uint32_t sink)
{
	const struct display *display = &config->displays[sink];
	bool keep = config->keep_last && sink == config->main_sink;

	if (display->cpu_read == DISPLAY_READ_FAST)
		return 0;
	if (display->cpu_read == DISPLAY_READ_NONE)
		return keep ? 1 : 0;
	if (keep)
		return 2;
	if (backend_draws(config->backend, sink))
		return 0;
	return display->format == GRAPH_FORMAT_XRGB8888 ? 0 : 1;
}

size_t sinks_shadow_bytes(const struct cycle_config *config)
{
	size_t frame = shadow_pitch(config->graph) * config->graph->height;
	size_t bytes = 0;
	uint32_t i;

	for (i = 0; i < config->graph->sink_count; i++)
		bytes += shadow_count(config, i) * frame;
	return bytes;
}

void sinks_init(struct cycle *cycle, unsigned char *shadow)
{
	const struct cycle_config *config = &cycle->config;
	const struct graph *graph = config->graph;
	size_t pitch = shadow_pitch(graph);
	uint32_t i, j;

	for (i = 0; i < graph->sink_count; i++) {
		struct cycle_sink *sink = &cycle->sink[i];

		slots_init(&sink->slots, config->displays[i].slot_count);
		sink->shadow_count = shadow_count(config, i);
		for (j = 0; j < sink->shadow_count; j++) {
			sink->shadow[j] = (struct image){shadow, pitch,
							graph->width,
							graph->height};
			shadow += pitch * graph->height;
		}
	}
}

/* With no free slot a tick draws all rows over each other. */
static struct image fallback(const struct cycle *cycle)
{
	return (struct image){
		.base = cycle->fallback_row,
		.pitch = 0,
		.width = cycle->config.graph->width,
		.height = cycle->config.graph->height,
	};
}

/* Points each target at its sink's slot for this tick. */
static void set_targets(struct cycle *cycle, struct cycle_flight *flight)
{
	uint32_t i;

	for (i = 0; i < cycle->config.graph->sink_count; i++) {
		const struct display *display = &cycle->config.displays[i];
		const struct cycle_sink *sink = &cycle->sink[i];
		struct graph_target *target = &flight->target[i];

		*target = (struct graph_target){
			.slot = flight->filling[i] == SLOT_NONE
					? fallback(cycle)
					: display->slot[flight->filling[i]],
			.format = display->format,
			.slow_read = display->cpu_read != DISPLAY_READ_FAST,
		};
		if (!backend_draws(cycle->config.backend, i))
			target->shadow = sink->shadow[sink->drawing];
		cycle->work.target[i] = *target;
	}
}

void sinks_take_first(struct cycle *cycle, struct cycle_flight *flight)
{
	uint32_t i;

	for (i = 0; i < cycle->config.graph->sink_count; i++)
		flight->filling[i] = 0;
	set_targets(cycle, flight);
}

/* The first slot of each display that has something to start holds what the
 * warm-up drew. */
enum exit_status cycle_start_displays(struct cycle *cycle)
{
	enum exit_status status = EXIT_STATUS_OK;
	uint32_t i, slot;

	for (i = 0; i < cycle->config.graph->sink_count && !status; i++) {
		struct display *display = &cycle->config.displays[i];
		struct slots *slots = &cycle->sink[i].slots;

		if (!display->ops->start)
			continue;
		slot = slots_take(slots);
		status = display_status_of(display->ops->start(display, slot));
		slot_move(slots, slot, SLOT_QUEUED);
		slot_show(slots, slot);
	}
	return status;
}

static void take_flip(struct cycle *cycle, uint32_t index,
		      const struct display_flip *flip)
{
	struct cycle_sink *sink = &cycle->sink[index];
	const struct cycle_frame *frame = &sink->frame[flip->slot];

	slot_show(&sink->slots, flip->slot);
	if (index == cycle->config.main_sink &&
	    pace_flip(&cycle->pace, flip, frame->due_ns, frame->submit_ns))
		account_phase(cycle);
	account_flip(cycle, index, flip);
	sink->sequence = flip->sequence;
}

/* What a flight has drawn for this sink so far is where its slot was. */
static void set_moved(struct cycle *cycle, uint32_t index)
{
	uint32_t i;

	for (i = 0; i < cycle->config.backend->flights; i++)
		cycle->flight[i].moved[index] = true;
}

void sinks_events(struct cycle *cycle)
{
	uint32_t i, taken;
	struct display_flip flip;

	for (i = 0; i < cycle->config.graph->sink_count; i++) {
		struct display *display = &cycle->config.displays[i];
		const unsigned char *base = display->slot[0].base;

		if (!display->ops->on_event)
			continue;
		for (taken = 0; taken < display->slot_count &&
				display->ops->on_event(display, &flip);
		     taken++)
			take_flip(cycle, i, &flip);
		if (display->slot[0].base != base)
			set_moved(cycle, i);
	}
}

void sinks_take(struct cycle *cycle, struct cycle_flight *flight)
{
	uint32_t i;

	for (i = 0; i < cycle->config.graph->sink_count; i++)
		flight->filling[i] = slots_take(&cycle->sink[i].slots);
	set_targets(cycle, flight);
}

void sinks_copy_rows(const struct image *from, const struct image *to)
{
	uint32_t y;

	for (y = 0; y < to->height; y++)
		memcpy(image_row(to, y), image_row(from, y),
		       (size_t)to->width * sizeof(uint32_t));
}

void sinks_store(struct cycle *cycle, uint32_t index)
{
	const struct backend *backend = cycle->config.backend;
	struct cycle_flight *flight = &cycle->flight[index];
	struct image staged;
	uint32_t i, y;

	for (i = 0; i < cycle->config.graph->sink_count; i++) {
		const struct display *display = &cycle->config.displays[i];
		const struct cycle_sink *sink = &cycle->sink[i];
		struct graph_target target = {.format = display->format};

		if (flight->filling[i] == SLOT_NONE || !backend->ops->staged ||
		    !backend->ops->staged(backend, index, i, &staged))
			continue;
		target.slot = display->slot[flight->filling[i]];
		flight->moved[i] = false;
		for (y = 0; y < target.slot.height; y++)
			graph_slot_store(&target, y, image_row(&staged, y));
		if (sink->shadow_count == 2)
			sinks_copy_rows(&staged,
					&sink->shadow[sink->drawing]);
	}
}

static enum drop_reason reason_of(enum display_status status)
{
	return status == DISPLAY_BUSY ? DROP_BUSY : DROP_LOST;
}

static void accept(struct cycle_sink *sink, const struct cycle_flight *flight,
		   uint32_t slot, enum display_status status)
{
	sink->frame[slot] = (struct cycle_frame){
		.tick = flight->number,
		.due_ns = flight->start_ns,
		.submit_ns = sink->answered_ns,
	};
	slot_move(&sink->slots, slot, SLOT_QUEUED);
	if (status != DISPLAY_QUEUED)
		slot_show(&sink->slots, slot);
	if (status == DISPLAY_FREED)
		slot_move(&sink->slots, slot, SLOT_FREE);
	if (sink->shadow_count < 2)
		return;
	sink->drawing = !sink->drawing;
	sink->has_last = true;
}

static void present_one(struct cycle *cycle, struct cycle_flight *flight,
			uint32_t index)
{
	struct cycle_sink *sink = &cycle->sink[index];
	struct display *display = &cycle->config.displays[index];
	uint32_t slot = flight->filling[index];
	enum display_status status;

	sink->accepted = false;
	sink->reason = DROP_NO_SLOT;
	if (slot == SLOT_NONE) {
		sink->answered_ns = clock_now_ns();
		return;
	}
	status = flight->moved[index] ? DISPLAY_LOST
				      : display->ops->present(display, slot);
	sink->answered_ns = clock_now_ns();
	sink->accepted = status == DISPLAY_SHOWN || status == DISPLAY_QUEUED ||
			 status == DISPLAY_FREED;
	if (sink->accepted) {
		accept(sink, flight, slot, status);
		return;
	}
	sink->reason = reason_of(status);
	slot_move(&sink->slots, slot, SLOT_FREE);
	if (status == DISPLAY_FAILED)
		cycle_set_fault(cycle, CYCLE_DISPLAY_FAILED);
}

void sinks_present(struct cycle *cycle, struct cycle_flight *flight)
{
	uint32_t i;

	for (i = 0; i < cycle->config.graph->sink_count; i++) {
		present_one(cycle, flight, i);
		if (cycle->sink[i].slots.broken)
			cycle_set_fault(cycle, CYCLE_SLOT_MOVE_WRONG);
	}
}

void sinks_give_back(struct cycle *cycle, struct cycle_flight *flight)
{
	uint32_t i;

	for (i = 0; i < cycle->config.graph->sink_count; i++) {
		if (flight->filling[i] != SLOT_NONE)
			slot_move(&cycle->sink[i].slots, flight->filling[i],
				  SLOT_FREE);
		flight->filling[i] = SLOT_NONE;
	}
}

void sinks_drain(struct cycle *cycle)
{
	uint32_t i;

	for (i = 0; i < cycle->config.graph->sink_count; i++) {
		struct pollfd wait = {
			.fd = cycle->config.displays[i].event_fd,
			.events = POLLIN,
		};

		if (cycle->sink[i].slots.in_state[SLOT_QUEUED] && wait.fd >= 0)
			poll(&wait, 1, SINKS_DRAIN_MS);
	}
	sinks_events(cycle);
}

/* From a device's slot into the one private frame. */
static bool fetch_last(struct cycle *cycle, struct cycle_sink *sink,
		       const struct image *slot)
{
	struct backend *backend = cycle->config.backend;

	return sink->shadow_count == 1 && backend->ops->read &&
	       backend->ops->read(backend, slot, &sink->shadow[0],
				  clock_now_ns() + NS_PER_SECOND) ==
		       BACKEND_READY;
}

bool cycle_last_frame(struct cycle *cycle, uint32_t index, struct image *image)
{
	const struct display *display = &cycle->config.displays[index];
	struct cycle_sink *sink = &cycle->sink[index];
	uint32_t newest = sink->slots.newest;

	if (sink->has_last) {
		*image = sink->shadow[!sink->drawing];
		return true;
	}
	if (newest == SLOT_NONE || display->cpu_read == DISPLAY_READ_SLOW)
		return false;
	*image = display->slot[newest];
	if (display->cpu_read == DISPLAY_READ_FAST)
		return true;
	if (!fetch_last(cycle, sink, &display->slot[newest]))
		return false;
	*image = sink->shadow[0];
	return true;
}

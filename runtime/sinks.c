/*
 * runtime/sinks.c: see runtime/sinks.h.
 */
#include "runtime/sinks.h"

#include <poll.h>

#include "runtime/account.h"

#define WHOLE_PITCH_ALIGN 64

static size_t whole_pitch(const struct graph *graph)
{
	return (graph->width * sizeof(uint32_t) + WHOLE_PITCH_ALIGN - 1) /
	       WHOLE_PITCH_ALIGN * WHOLE_PITCH_ALIGN;
}

/* A kept frame must survive the drawing of the next one; a frame step cannot
 * draw into a slot of another format. */
static uint32_t whole_count(const struct cycle_config *config, uint32_t sink)
{
	const struct display *display = &config->displays[sink];

	if (display->cpu_read == DISPLAY_READ_FAST)
		return 0;
	if (config->keep_last && sink == config->main_sink)
		return 2;
	return display->format == GRAPH_SLOT_XRGB8888 ? 0 : 1;
}

size_t sinks_whole_bytes(const struct cycle_config *config)
{
	size_t frame = whole_pitch(config->graph) * config->graph->height;
	size_t bytes = 0;
	uint32_t i;

	for (i = 0; i < config->graph->sink_count; i++)
		bytes += whole_count(config, i) * frame;
	return bytes;
}

void sinks_init(struct cycle *cycle, unsigned char *whole)
{
	const struct cycle_config *config = &cycle->config;
	const struct graph *graph = config->graph;
	size_t pitch = whole_pitch(graph);
	uint32_t i, j;

	for (i = 0; i < graph->sink_count; i++) {
		struct cycle_sink *sink = &cycle->sink[i];

		slots_init(&sink->slots, config->displays[i].slot_count);
		sink->whole_count = whole_count(config, i);
		for (j = 0; j < sink->whole_count; j++) {
			sink->whole[j] = (struct image){whole, pitch,
							graph->width,
							graph->height};
			whole += pitch * graph->height;
		}
	}
}

/* Points each target at its sink's slot for this tick. */
static void set_targets(struct cycle *cycle)
{
	const struct graph *graph = cycle->config.graph;
	uint32_t i;

	for (i = 0; i < graph->sink_count; i++) {
		const struct display *display = &cycle->config.displays[i];
		const struct cycle_sink *sink = &cycle->sink[i];
		struct graph_target *target = &cycle->work.target[i];

		target->tap.base = NULL;
		target->whole = sink->whole[sink->drawing];
		target->format = display->format;
		target->slow_read = display->cpu_read != DISPLAY_READ_FAST;
		if (sink->filling != SLOT_NONE)
			target->slot = display->slot[sink->filling];
		else
			target->slot = (struct image){
				.base = cycle->fallback_row,
				.pitch = 0,
				.width = graph->width,
				.height = graph->height,
			};
	}
}

void sinks_take_first(struct cycle *cycle)
{
	uint32_t i;

	for (i = 0; i < cycle->config.graph->sink_count; i++)
		cycle->sink[i].filling = 0;
	set_targets(cycle);
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

void sinks_events(struct cycle *cycle)
{
	uint32_t i, taken;
	struct display_flip flip;

	for (i = 0; i < cycle->config.graph->sink_count; i++) {
		struct display *display = &cycle->config.displays[i];

		if (!display->ops->on_event)
			continue;
		for (taken = 0; taken < display->slot_count &&
				display->ops->on_event(display, &flip);
		     taken++)
			take_flip(cycle, i, &flip);
	}
}

void sinks_take(struct cycle *cycle)
{
	uint32_t i;

	for (i = 0; i < cycle->config.graph->sink_count; i++)
		cycle->sink[i].filling = slots_take(&cycle->sink[i].slots);
	set_targets(cycle);
}

static enum drop_reason reason_of(enum display_status status)
{
	return status == DISPLAY_BUSY ? DROP_BUSY : DROP_LOST;
}

static void accept(struct cycle *cycle, struct cycle_sink *sink,
		   enum display_status status)
{
	sink->frame[sink->filling] = (struct cycle_frame){
		.tick = cycle->tick.number,
		.due_ns = cycle->pace.start_ns,
		.submit_ns = sink->answered_ns,
	};
	slot_move(&sink->slots, sink->filling, SLOT_QUEUED);
	if (status != DISPLAY_QUEUED)
		slot_show(&sink->slots, sink->filling);
	if (status == DISPLAY_FREED)
		slot_move(&sink->slots, sink->filling, SLOT_FREE);
	if (sink->whole_count < 2)
		return;
	sink->drawing = !sink->drawing;
	sink->has_last = true;
}

static void present_one(struct cycle *cycle, uint32_t index)
{
	struct cycle_sink *sink = &cycle->sink[index];
	struct display *display = &cycle->config.displays[index];
	enum display_status status;

	sink->accepted = false;
	sink->reason = DROP_NO_SLOT;
	if (sink->filling == SLOT_NONE) {
		sink->answered_ns = clock_now_ns();
		return;
	}
	status = display->ops->present(display, sink->filling);
	sink->answered_ns = clock_now_ns();
	sink->accepted = status == DISPLAY_SHOWN || status == DISPLAY_QUEUED ||
			 status == DISPLAY_FREED;
	if (sink->accepted) {
		accept(cycle, sink, status);
		return;
	}
	sink->reason = reason_of(status);
	slot_move(&sink->slots, sink->filling, SLOT_FREE);
	if (status == DISPLAY_FAILED)
		cycle_set_fault(cycle, CYCLE_DISPLAY_FAILED);
}

void sinks_present(struct cycle *cycle)
{
	uint32_t i;

	for (i = 0; i < cycle->config.graph->sink_count; i++) {
		present_one(cycle, i);
		if (cycle->sink[i].slots.broken)
			cycle_set_fault(cycle, CYCLE_SLOT_MOVE_WRONG);
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

bool cycle_last_frame(const struct cycle *cycle, uint32_t index,
		      struct image *image)
{
	const struct display *display = &cycle->config.displays[index];
	const struct cycle_sink *sink = &cycle->sink[index];

	if (sink->has_last)
		*image = sink->whole[!sink->drawing];
	else if (sink->slots.newest != SLOT_NONE &&
		 display->cpu_read == DISPLAY_READ_FAST)
		*image = display->slot[sink->slots.newest];
	else
		return false;
	return true;
}

/*
 * runtime/cycle/flight.c: see runtime/cycle/flight.h.
 */
#include "runtime/cycle/flight.h"

#include "runtime/cycle/account.h"
#include "runtime/cycle/sinks.h"

#define DRAIN_PAUSE_NS (100 * NS_PER_US)
#define TAP_PAUSE_NS (100 * NS_PER_US) /* --clock free, ring full */

static uint32_t ring(const struct cycle *cycle, uint32_t place)
{
	return (cycle->flight_first + place) % cycle->config.backend->flights;
}

static int64_t *step_times(const struct cycle *cycle, uint32_t index)
{
	return cycle->step_ns +
	       (size_t)index * cycle->config.backend->plan->step_count;
}

/* As far as the slots reach: one is on view. */
static uint32_t queue_depth(const struct cycle *cycle)
{
	uint32_t i, depth = cycle->config.backend->flights;

	for (i = 0; i < cycle->config.graph->sink_count; i++) {
		uint32_t slots = cycle->config.displays[i].slot_count;

		if (slots - 1 < depth)
			depth = slots - 1;
	}
	return depth;
}

void flight_init(struct cycle *cycle)
{
	const struct cycle_config *config = &cycle->config;

	cycle->ahead = 0;
	if (config->backend->flights == 1 ||
	    !backend_draws(config->backend, config->main_sink))
		return;
	cycle->ahead = cycle_is_timed(cycle) ? config->graph->pipeline
					     : queue_depth(cycle);
}

/* --clock free: the recorder is given time, so that a rendering is lossless. */
static bool wait_for_tap(struct cycle *cycle, struct image *image)
{
	int64_t end_ns = clock_now_ns() + TAP_WAIT_NS;

	while (!tap_image(cycle->config.tap, image)) {
		if (clock_now_ns() >= end_ns) {
			cycle_set_fault(cycle, CYCLE_RECORDER_STUCK);
			return false;
		}
		clock_pause(TAP_PAUSE_NS);
	}
	return true;
}

static bool take_tap(struct cycle *cycle, struct image *image)
{
	if (!cycle->config.tap)
		return false;
	return cycle_is_timed(cycle) ? tap_image(cycle->config.tap, image)
				     : wait_for_tap(cycle, image);
}

/* Everything but the drawing. */
static void fill_in(struct cycle *cycle, struct cycle_flight *flight,
		    uint64_t number)
{
	uint32_t i;

	*flight = (struct cycle_flight){
		.next = cycle->next,
		.number = number,
		.due_ns = cycle->pace.due_ns,
		.start_ns = cycle->pace.start_ns,
		.wake_ns = cycle->wake_ns,
		.deadline_ns = pace_deadline_ns(&cycle->pace),
	};
	if (cycle_is_timed(cycle))
		flight->deadline_ns += cycle->ahead * cycle->period_ns;
	for (i = 0; i < cycle->config.graph->sink_count; i++)
		flight->filling[i] = SLOT_NONE;
	cycle->next = number + 1;
}

static enum backend_status launch(struct cycle *cycle, uint32_t index)
{
	struct backend *backend = cycle->config.backend;
	struct cycle_flight *flight = &cycle->flight[index];
	int64_t before = clock_now_ns();

	cycle->config.graph->tick(&cycle->work, &cycle->tick);
	flight->launched_ns = clock_now_ns();
	flight->uniforms_ns = flight->launched_ns - before;
	return backend->ops->launch(backend, index, &cycle->work,
				    step_times(cycle, index));
}

bool flight_warm(struct cycle *cycle)
{
	struct backend *backend = cycle->config.backend;
	uint32_t i;

	for (i = 0; i < backend->flights; i++) {
		sinks_take_first(cycle, &cycle->flight[i]);
		if (launch(cycle, i) != BACKEND_READY ||
		    backend->ops->wait(backend, i,
				       clock_now_ns() + FLIGHT_LOST_NS,
				       step_times(cycle, i)) != BACKEND_READY)
			return false;
		sinks_store(cycle, i);
	}
	return true;
}

/* ---- no frame ------------------------------------------------------------ */

static void set_lost(struct cycle *cycle, enum backend_status status)
{
	if (status == BACKEND_LOST)
		cycle_set_fault(cycle, CYCLE_GPU_LOST);
}

/* The tick is over without a frame. */
static void drop(struct cycle *cycle, const struct cycle_flight *flight,
		 enum drop_reason reason)
{
	int64_t now_ns = clock_now_ns();
	uint32_t i;

	for (i = 0; i < cycle->config.graph->sink_count; i++) {
		cycle->sink[i].accepted = false;
		cycle->sink[i].reason = reason;
		cycle->sink[i].answered_ns = now_ns;
	}
	account_flight(cycle, flight, NULL);
}

static void pop(struct cycle *cycle)
{
	sinks_give_back(cycle, &cycle->flight[cycle->flight_first]);
	cycle->flight_first = ring(cycle, 1);
	cycle->flight_count--;
}

/* Flights given up that are done by now. */
static void reap(struct cycle *cycle)
{
	struct backend *backend = cycle->config.backend;
	enum backend_status status;

	while (cycle->flight_count &&
	       cycle->flight[cycle->flight_first].given_up) {
		uint32_t index = cycle->flight_first;
		int64_t now_ns = clock_now_ns();

		status = backend->ops->wait(backend, index, now_ns,
					    step_times(cycle, index));
		set_lost(cycle, status);
		if (status == BACKEND_PENDING) {
			if (now_ns - cycle->flight[index].launched_ns >=
			    FLIGHT_LOST_NS)
				cycle_set_fault(cycle, CYCLE_GPU_LOST);
			return;
		}
		pop(cycle);
	}
}

/* ---- a frame ------------------------------------------------------------- */

/* What a device drew is copied into the tap once a display took it. */
static void tap_device(struct cycle *cycle, struct cycle_flight *flight,
		       uint32_t index)
{
	struct backend *backend = cycle->config.backend;
	uint32_t sink = cycle->config.main_sink;
	struct image to, staged;

	if (!take_tap(cycle, &to))
		return;
	flight->tapped = true;
	if (backend->ops->staged &&
	    backend->ops->staged(backend, index, sink, &staged)) {
		sinks_copy_rows(&staged, &to);
		return;
	}
	flight->tapped =
		backend->ops->read(backend, &flight->target[sink].slot, &to,
				   clock_now_ns() + FLIGHT_LOST_NS) ==
		BACKEND_READY;
}

static void offer(struct cycle *cycle, struct cycle_flight *flight,
		  uint32_t index)
{
	uint32_t main_sink = cycle->config.main_sink;
	int64_t before = clock_now_ns();

	sinks_store(cycle, index);
	sinks_present(cycle, flight);
	flight->present_ns = clock_now_ns() - before;
	if (!cycle->config.tap || !cycle->sink[main_sink].accepted)
		return;
	if (backend_draws(cycle->config.backend, main_sink))
		tap_device(cycle, flight, index);
	if (flight->tapped)
		tap_push(cycle->config.tap, flight->number);
}

/* When to give a flight up: it is drawn once the one before it is done. */
static int64_t patience_ends_ns(const struct cycle *cycle,
				const struct cycle_flight *flight)
{
	int64_t from_ns = flight->launched_ns > cycle->retired_ns
				  ? flight->launched_ns
				  : cycle->retired_ns;

	return from_ns + (cycle_is_timed(cycle)
				  ? FLIGHT_PATIENCE * cycle->period_ns
				  : FLIGHT_LOST_NS);
}

/* The oldest flight that was not given up, which is `place` behind those. */
static void retire(struct cycle *cycle, uint32_t place)
{
	struct backend *backend = cycle->config.backend;
	uint32_t index = ring(cycle, place);
	struct cycle_flight *flight = &cycle->flight[index];
	enum backend_status status =
		backend->ops->wait(backend, index,
				   patience_ends_ns(cycle, flight),
				   step_times(cycle, index));

	set_lost(cycle, status);
	if (status == BACKEND_READY) {
		reap(cycle); /* what was launched before it is done too */
		cycle->retired_ns = clock_now_ns();
		offer(cycle, flight, index);
		account_flight(cycle, flight, step_times(cycle, index));
		/* the displays have its slots now */
		cycle->flight_first = ring(cycle, 1);
		cycle->flight_count--;
		return;
	}
	drop(cycle, flight,
	     status == BACKEND_PENDING ? DROP_NOT_READY : DROP_DEVICE);
	flight->given_up = true;
}

/* How many are; they are the oldest. */
static uint32_t given_up(const struct cycle *cycle)
{
	uint32_t count = 0;

	while (count < cycle->flight_count &&
	       cycle->flight[ring(cycle, count)].given_up)
		count++;
	return count;
}

/* Until at most `left` are being drawn. */
static void retire_to(struct cycle *cycle, uint32_t left)
{
	while (cycle->flight_count > given_up(cycle) + left)
		retire(cycle, given_up(cycle));
}

/* Ticks that the device leaves no room for are over at once. */
static bool has_room(struct cycle *cycle)
{
	if (!cycle_is_timed(cycle) && cycle->ahead)
		retire_to(cycle, cycle->ahead - 1);
	reap(cycle);
	return cycle->fault == CYCLE_OK &&
	       cycle->flight_count < cycle->config.backend->flights &&
	       !given_up(cycle);
}

void flight_tick(struct cycle *cycle, uint64_t number)
{
	struct cycle_flight none, *flight;
	enum backend_status status;
	uint32_t index;

	if (!has_room(cycle)) {
		retire_to(cycle, 0); /* ticks end in their order */
		fill_in(cycle, &none, number);
		drop(cycle, &none, DROP_NOT_READY);
		return;
	}
	index = ring(cycle, cycle->flight_count);
	flight = &cycle->flight[index];
	fill_in(cycle, flight, number);
	sinks_take(cycle, flight);
	if (!backend_draws(cycle->config.backend, cycle->config.main_sink))
		flight->tapped = take_tap(
			cycle,
			&cycle->work.target[cycle->config.main_sink].tap);
	status = launch(cycle, index);
	set_lost(cycle, status);
	if (status != BACKEND_READY) {
		retire_to(cycle, 0);
		drop(cycle, flight, DROP_DEVICE);
		sinks_give_back(cycle, flight);
		return;
	}
	cycle->flight_count++;
	retire_to(cycle, cycle->ahead);
}

void flight_drain(struct cycle *cycle)
{
	retire_to(cycle, 0);
	/* giving back what a device still draws in may never end: those that
	 * were given up are done first, or the device is lost */
	while (cycle->flight_count && cycle->fault == CYCLE_OK) {
		clock_pause(DRAIN_PAUSE_NS);
		reap(cycle);
	}
}

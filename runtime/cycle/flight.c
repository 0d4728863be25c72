/*
 * runtime/cycle/flight.c: see runtime/cycle/flight.h.
 */
#include "runtime/cycle/flight.h"

#include "runtime/time/clock.h"

#define DRAIN_PAUSE_NS (100 * NS_PER_US)
#define TAP_PAUSE_NS (100 * NS_PER_US) /* --clock free, queue full */

static uint32_t flights_place(const struct flights *flights, uint32_t place)
{
	return (flights->first + place) % flights->config.backend->flights;
}

static struct step_time *flights_steps(const struct flights *flights, uint32_t index)
{
	return flights->config.steps +
	       (size_t)index * flights->config.backend->plan->step_count;
}

/* As far as the slots reach that displays do not keep. */
static uint32_t flights_depth(const struct flights_config *config)
{
	uint32_t i, depth = config->backend->flights;

	for (i = 0; i < config->graph->sink_count; i++) {
		const struct display *display = config->sinks[i].config.display;
		uint32_t slots = config->sinks[i].slots.count -
				 (display->keeps ? display->keeps : 1);

		if (slots < depth)
			depth = slots;
	}
	return depth;
}

void flights_init(struct flights *flights, const struct flights_config *config)
{
	memset(flights, 0, sizeof(*flights));
	flights->config = *config;
	if (config->backend->flights == 1 ||
	    !backend_draws(config->backend, config->main_sink))
		return;
	flights->ahead = config->timed ? config->graph->pipeline
				       : flights_depth(config);
}

/* ---- what a flight holds --------------------------------------------------- */

/* --clock free: the recorder is given time, so that a rendering is lossless. */
static bool flight_wait_for_tap(const struct flights_config *config,
				struct tap *tap, struct image *image)
{
	int64_t end_ns = clock_now_ns() + TAP_WAIT_NS;

	while (!tap_image(tap, image)) {
		if (clock_now_ns() >= end_ns) {
			fault_set(config->fault, FAULT_RECORDER_STUCK);
			return false;
		}
		clock_pause(TAP_PAUSE_NS);
	}
	return true;
}

static bool flight_take_tap(const struct flights_config *config,
			    uint32_t sink, struct image *image)
{
	struct tap *tap = config->sinks[sink].config.tap;

	if (!tap)
		return false;
	return config->timed ? tap_image(tap, image)
			     : flight_wait_for_tap(config, tap, image);
}

/* Points the work at this flight's slots and taps. */
static void flight_set_targets(const struct flights_config *config,
			       const struct flight *flight)
{
	uint32_t i;

	for (i = 0; i < config->graph->sink_count; i++)
		config->work->target[i] =
			sink_target(&config->sinks[i], flight->slot[i]);
}

static void flight_take_slots(const struct flights_config *config,
			      struct flight *flight)
{
	uint32_t i;

	for (i = 0; i < config->graph->sink_count; i++)
		flight->slot[i] = slots_take(&config->sinks[i].slots);
	flight_set_targets(config, flight);
	for (i = 0; i < config->graph->sink_count; i++)
		if (!backend_draws(config->backend, i))
			flight->tapped[i] = flight_take_tap(
				config, i, &config->work->target[i].tap);
}

static void flight_take_source(const struct flights_config *config,
			       struct tick_result *result, uint32_t source)
{
	struct intake_share *share = &result->source[source];

	*share = intake_take(&config->intakes[source], result->times.start_ns);
	config->work->source[source] = share->picture;
	config->facts[source] =
		intake_facts(share, config->tick->run->nominal);
}

/* Those that follow another one come after it. */
static void flight_take_sources(const struct flights_config *config,
				struct tick_result *result)
{
	uint32_t i, count = config->graph->source_count;

	for (i = 0; i < count; i++)
		if (!config->intakes[i].with)
			flight_take_source(config, result, i);
	for (i = 0; i < count; i++)
		if (config->intakes[i].with)
			flight_take_source(config, result, i);
}

static void flight_give_back_sources(const struct flights_config *config,
				     const struct tick_result *result)
{
	uint32_t i;

	for (i = 0; i < config->graph->source_count; i++)
		intake_give_back(&config->intakes[i], result->source[i].frame);
}

static void flight_give_back_slots(const struct flights_config *config,
				   const struct flight *flight)
{
	uint32_t i;

	for (i = 0; i < config->graph->sink_count; i++)
		sink_give_back(&config->sinks[i], flight->slot[i]);
}

/* ---- drawing --------------------------------------------------------------- */

/* A status of the backend, looked at once. */
static enum backend_status flight_status(const struct flights *flights,
					 enum backend_status status)
{
	if (status == BACKEND_LOST)
		fault_set(flights->config.fault, FAULT_GPU_LOST);
	return status;
}

static enum backend_status flight_start(struct flights *flights, uint32_t index)
{
	const struct flights_config *config = &flights->config;
	struct backend *backend = config->backend;
	struct flight *flight = &flights->flight[index];
	struct tick_result *result = &flight->result;

	result->uniforms_from_ns = clock_now_ns();
	config->graph->tick(config->work, config->tick);
	flight->launched_ns = clock_now_ns();
	result->uniforms_ns = flight->launched_ns - result->uniforms_from_ns;
	return flight_status(flights,
			     backend->ops->launch(
				     backend, index, config->work,
				     flights_steps(flights, index)));
}

static enum backend_status flight_wait(struct flights *flights, uint32_t index,
				       int64_t until_ns)
{
	struct backend *backend = flights->config.backend;

	return flight_status(flights, backend->ops->wait(
					      backend, index, until_ns,
					      flights_steps(flights, index)));
}

/* What a device drew beside their slots, into these. */
static void flight_store(const struct flights_config *config,
			 const struct flight *flight, uint32_t index)
{
	struct backend *backend = config->backend;
	struct image staged;
	uint32_t i;

	for (i = 0; i < config->graph->sink_count; i++)
		if (flight->slot[i] != SLOT_NONE && backend->ops->staged &&
		    backend->ops->staged(backend, index, i, &staged))
			sink_store(&config->sinks[i], flight->slot[i], &staged);
}

bool flights_warm(struct flights *flights)
{
	const struct flights_config *config = &flights->config;
	enum backend_status status = BACKEND_READY;
	uint32_t i;

	for (i = 0; i < config->backend->flights && status == BACKEND_READY;
	     i++) {
		struct flight *flight = &flights->flight[i];

		*flight = (struct flight){.given_up = false}; /* slot 0 */
		flight_take_sources(config, &flight->result);
		flight_give_back_sources(config, &flight->result);
		flight_set_targets(config, flight);
		status = flight_start(flights, i);
		if (status == BACKEND_READY)
			status = flight_wait(flights, i,
					     clock_now_ns() + FLIGHT_LOST_NS);
		if (status == BACKEND_READY)
			flight_store(config, flight, i);
	}
	if (status == BACKEND_PENDING)
		backend_set_lost(config->backend,
				 "its first frame was not done after 1 s");
	*config->fault = FAULT_NONE; /* there was no run yet */
	return status == BACKEND_READY;
}

/* ---- no frame -------------------------------------------------------------- */

/* The tick is over without a frame. */
static void flight_drop(const struct flights_config *config,
			struct tick_result *result, enum drop_reason reason)
{
	const struct outcome dropped = {.reason = reason,
					.answered_ns = clock_now_ns()};
	uint32_t i;

	for (i = 0; i < config->graph->sink_count; i++)
		result->sink[i] = dropped;
}

static void flights_pop(struct flights *flights)
{
	flights->first = flights_place(flights, 1);
	flights->count--;
}

/* Flights given up that are done by now. */
static void flights_reap(struct flights *flights)
{
	const struct flights_config *config = &flights->config;

	while (flights->count && flights->flight[flights->first].given_up) {
		struct flight *flight = &flights->flight[flights->first];
		int64_t now_ns = clock_now_ns();

		if (flight_wait(flights, flights->first, now_ns) ==
		    BACKEND_PENDING) {
			if (now_ns - flight->launched_ns >= FLIGHT_LOST_NS)
				fault_set(config->fault, FAULT_GPU_LOST);
			return;
		}
		flight_give_back_slots(config, flight);
		flight_give_back_sources(config, &flight->result);
		flights_pop(flights);
	}
}

/* How many are given up; they are the oldest. */
static uint32_t flights_given_up(const struct flights *flights)
{
	uint32_t count = 0;

	while (count < flights->count &&
	       flights->flight[flights_place(flights, count)].given_up)
		count++;
	return count;
}

/* ---- a frame --------------------------------------------------------------- */

static struct image flight_slot_image(const struct flights_config *config,
				      const struct flight *flight,
				      uint32_t sink)
{
	return config->sinks[sink].config.display->slot[flight->slot[sink]];
}

/* What a device drew is copied into the tap once a display took it. */
static bool flight_tap_device(const struct flights_config *config,
			      const struct flight *flight, uint32_t index,
			      uint32_t sink)
{
	struct backend *backend = config->backend;
	struct image slot, staged, to;

	if (!flight_take_tap(config, sink, &to))
		return false;
	if (backend->ops->staged &&
	    backend->ops->staged(backend, index, sink, &staged)) {
		sink_copy_rows(&staged, &to);
		return true;
	}
	slot = flight_slot_image(config, flight, sink);
	return backend->ops->read(backend, &slot, &to,
				  clock_now_ns() + FLIGHT_LOST_NS) ==
	       BACKEND_READY;
}

static void flight_tap(const struct flights_config *config,
		       struct flight *flight, uint32_t index, uint32_t sink)
{
	struct tap *tap = config->sinks[sink].config.tap;
	struct tick_result *result = &flight->result;

	if (!tap || !result->sink[sink].accepted)
		return;
	if (backend_draws(config->backend, sink))
		flight->tapped[sink] =
			flight_tap_device(config, flight, index, sink);
	if (flight->tapped[sink])
		tap_push(tap, result->times.number);
	result->record_lost[sink] = !flight->tapped[sink];
}

/* The newest of what the sources gave. */
static int64_t tick_age_ns(const struct tick_result *result, uint32_t sources)
{
	int64_t age_ns = FRAME_AGE_NONE;
	uint32_t i;

	for (i = 0; i < sources; i++) {
		int64_t own_ns = result->source[i].age_ns;

		if (own_ns != FRAME_AGE_NONE &&
		    (age_ns == FRAME_AGE_NONE || own_ns < age_ns))
			age_ns = own_ns;
	}
	return age_ns;
}

static void flight_offer(const struct flights_config *config,
			 struct flight *flight, uint32_t index)
{
	struct tick_result *result = &flight->result;
	struct frame frame = {
		.tick = result->times.number,
		.due_ns = result->times.start_ns,
		.age_ns = tick_age_ns(result, config->graph->source_count),
	};
	uint32_t i;

	for (i = 0; i < config->graph->source_count; i++)
		frame.exposed_ns[i] = result->source[i].stamp_ns;
	result->present_from_ns = clock_now_ns();
	flight_store(config, flight, index);
	for (i = 0; i < config->graph->sink_count; i++) {
		struct sink *sink = &config->sinks[i];

		result->sink[i] = sink_present(sink, flight->slot[i], &frame);
		if (sink->slots.broken)
			fault_set(config->fault, FAULT_SLOT_MOVE);
		if (result->sink[i].given_up)
			fault_set(config->fault, FAULT_DISPLAY);
	}
	result->present_ns = clock_now_ns() - result->present_from_ns;
	for (i = 0; i < config->graph->sink_count; i++)
		flight_tap(config, flight, index, i);
}

/* When to give a flight up: it is drawn once the one before it is done. */
static int64_t flight_patience_ends_ns(const struct flights *flights,
				       const struct flight *flight)
{
	const struct flights_config *config = &flights->config;
	int64_t from_ns = flight->launched_ns > flights->retired_ns
				  ? flight->launched_ns
				  : flights->retired_ns;

	return from_ns + (config->timed ? FLIGHT_PATIENCE * config->period_ns
					: FLIGHT_LOST_NS);
}

/* No frame in time, or none at all. */
static void flight_give_up(const struct flights_config *config,
			   struct flight *flight, enum backend_status status)
{
	flight_drop(config, &flight->result,
		    status == BACKEND_PENDING ? DROP_NOT_READY : DROP_DEVICE);
	flight->given_up = true;
}

const struct tick_result *flights_retire(struct flights *flights, uint32_t left)
{
	const struct flights_config *config = &flights->config;
	uint32_t given_up = flights_given_up(flights);
	uint32_t index = flights_place(flights, given_up);
	struct flight *flight = &flights->flight[index];
	enum backend_status status;

	if (flights->count <= given_up + left)
		return NULL;
	status = flight_wait(flights, index,
			     flight_patience_ends_ns(flights, flight));
	if (status != BACKEND_READY) {
		flight_give_up(config, flight, status);
		return &flight->result;
	}
	flights_reap(flights); /* what was launched before it is done too */
	flights->retired_ns = clock_now_ns();
	flight_offer(config, flight, index);
	flight_give_back_sources(config, &flight->result);
	flight->result.drawn = true;
	flight->result.step = flights_steps(flights, index);
	flights_pop(flights); /* the displays have its slots now */
	return &flight->result;
}

/* ---- a tick ---------------------------------------------------------------- */

static bool flights_have_room(const struct flights *flights)
{
	const struct flights_config *config = &flights->config;

	return *config->fault == FAULT_NONE &&
	       flights->count < config->backend->flights &&
	       !flights_given_up(flights);
}

static void flight_begin(const struct flights *flights, struct flight *flight,
			 const struct tick_times *times)
{
	const struct flights_config *config = &flights->config;
	uint32_t i;

	flight->given_up = false;
	flight->result.drawn = false;
	flight->result.times = *times;
	if (config->timed)
		flight->result.times.deadline_ns +=
			flights->ahead * config->period_ns;
	for (i = 0; i < config->graph->sink_count; i++) {
		flight->tapped[i] = false;
		flight->result.record_lost[i] = false;
	}
	flight_take_sources(config, &flight->result);
}

/* The tick is over before it was drawn. */
static const struct tick_result *
flights_turn_away(struct flights *flights, const struct tick_times *times)
{
	struct flight *flight = &flights->turned_away;

	flight_begin(flights, flight, times);
	flight_give_back_sources(&flights->config, &flight->result);
	flight_drop(&flights->config, &flight->result, DROP_NOT_READY);
	return &flight->result;
}

const struct tick_result *flights_launch(struct flights *flights,
					 const struct tick_times *times)
{
	const struct flights_config *config = &flights->config;
	enum backend_status status;
	struct flight *flight;
	uint32_t index;

	flights_reap(flights);
	if (!flights_have_room(flights))
		return flights_turn_away(flights, times);
	index = flights_place(flights, flights->count);
	flight = &flights->flight[index];
	flight_begin(flights, flight, times);
	flight_take_slots(config, flight);
	flights->launching = true;
	status = flight_start(flights, index);
	flights->launching = false;
	if (status == BACKEND_READY) {
		flights->count++;
		return NULL;
	}
	flight_give_back_slots(config, flight);
	flight_give_back_sources(config, &flight->result);
	flight_drop(config, &flight->result, DROP_DEVICE);
	return &flight->result;
}

void flights_drain(struct flights *flights)
{
	/* giving back what a device still draws in may never end: those that
	 * were given up are done first, or the device is lost */
	while (flights->count && *flights->config.fault == FAULT_NONE) {
		clock_pause(DRAIN_PAUSE_NS);
		flights_reap(flights);
	}
}

const struct tick_result *flights_abandon(struct flights *flights)
{
	struct flight *flight;

	flights->count += flights->launching;
	flights->launching = false;
	while (flights->count) {
		flight = &flights->flight[flights->first];
		flights_pop(flights);
		if (flight->given_up)
			continue;
		flight_drop(&flights->config, &flight->result, DROP_DEVICE);
		return &flight->result;
	}
	return NULL;
}

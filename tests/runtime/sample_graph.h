/*
 * tests/runtime/sample_graph.h: a small graph's tables, written by hand: one
 * parameter of each type, a display sink that is not the first sink.
 */
#ifndef TESTS_RUNTIME_SAMPLE_GRAPH_H
#define TESTS_RUNTIME_SAMPLE_GRAPH_H

#include "graph/graph.h"

#define SAMPLE_PARAMS 64 /* offset of the parameter block in the pool */

struct sample_params {
	int32_t radius;
	int32_t on;
	double velocity[2];
	uint32_t color;
	int32_t mode;
	int32_t weights[3];
	uint32_t veil;
	char text[13];
};

#define SAMPLE_AT(field)                                                       \
	(SAMPLE_PARAMS + (uint32_t)offsetof(struct sample_params, field))

static const struct sample_params sample_defaults = {
	.radius = 40,
	.on = 1,
	.velocity = {400, -0.5},
	.color = 0xffff8000,
	.mode = 1,
	.weights = {1, 2, 1},
	.veil = 0x80102030,
	.text = "Studio A, \303\204",
};

static const char *const sample_modes[] = {"fast", "slow", "fastest", NULL};

/* clang-format off */
static const struct graph_param sample_param_rows[] = {
	{"ball.radius",   GRAPH_PARAM_INT,    1, SAMPLE_AT(radius),   1,    4096, "px",   NULL},
	{"ball.on",       GRAPH_PARAM_BOOL,   1, SAMPLE_AT(on),       0,    0,    "",     NULL},
	{"ball.velocity", GRAPH_PARAM_FLOAT,  2, SAMPLE_AT(velocity), -1e5, 1e5,  "px/s", NULL},
	{"back.color",    GRAPH_PARAM_COLOR,  1, SAMPLE_AT(color),    0,    0,    "",     NULL},
	{"back.mode",     GRAPH_PARAM_CHOICE, 1, SAMPLE_AT(mode),     0,    0,    "",     sample_modes},
	{"back.weights",  GRAPH_PARAM_INT,    3, SAMPLE_AT(weights),  -9,   9,    "",     NULL},
	{"back.veil",     GRAPH_PARAM_RGBA,   1, SAMPLE_AT(veil),     0,    0,    "",     NULL},
	{"back.text",     GRAPH_PARAM_STRING, 13, SAMPLE_AT(text),    0,    0,    "",     NULL},
};

static const struct graph_sink sample_sinks[] = {
	{"spare", "null"}, {"screen", "display"}, {"wall", "display"},
};
/* clang-format on */

static void sample_run(const struct graph_work *work,
		       const struct graph_band *band)
{
	(void)band;
	(void)work;
}

static void sample_tick(const struct graph_work *work, const struct tick *tick)
{
	(void)work;
	(void)tick;
}

static const struct graph_step sample_steps[] = {
	{"back+ball", GRAPH_STEP_FUSED, 0, sample_run, NULL, NULL, NULL},
	{"blur", GRAPH_STEP_FRAME, 0, sample_run, NULL, NULL, NULL},
};

static const struct graph_plan sample_plans[] = {
	{GRAPH_BACKEND_CPU, 2, sample_steps, NULL, 0, 0},
};

static const struct graph sample_graph = {
	.name = "sample",
	.width = 16,
	.height = 16,
	.rate_num = 60000,
	.rate_den = 1001,
	.board = {"host", 70, 1, 250},
	.param_count = 8,
	.sink_count = 3,
	.plan_count = 1,
	.params = sample_param_rows,
	.sinks = sample_sinks,
	.plans = sample_plans,
	.pool_bytes = 256,
	.param_defaults = &sample_defaults,
	.param_offset = SAMPLE_PARAMS,
	.param_bytes = sizeof(sample_defaults),
	.tick = sample_tick,
};

#endif

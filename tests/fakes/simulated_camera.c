/*
 * tests/fakes/simulated_camera.c: see simulated_camera.h.
 */
#include "tests/fakes/simulated_camera.h"

#include "tests/fakes/simulated_display.h"

static bool camera_chance(struct simulated_camera *camera, double share)
{
	return share > 0 && simulated_random(&camera->random) < share;
}

static int64_t camera_dice_ns(struct simulated_camera *camera, int64_t most_ns)
{
	return (int64_t)(simulated_random(&camera->random) * (double)most_ns);
}

/* Frames come in their order, however long one takes. */
static void camera_plan(struct simulated_camera *camera)
{
	int64_t comes_ns = camera->exposed_ns + camera->config->takes_ns +
			   camera_dice_ns(camera, camera->config->jitter_ns);

	if (comes_ns > camera->comes_ns)
		camera->comes_ns = comes_ns;
}

void simulated_camera_init(struct simulated_camera *camera,
			   const struct simulated_camera_config *config,
			   struct source *source, int64_t first_ns)
{
	*camera = (struct simulated_camera){
		.config = config,
		.source = source,
		.random = config->seed,
		.drift_ppm = config->drift_steps ? 0 : config->drift_ppm,
		.exposed_ns = first_ns,
		.comes_ns = INT64_MIN,
	};
	camera_plan(camera);
}

static int64_t camera_stamp_ns(struct simulated_camera *camera)
{
	const struct simulated_camera_config *config = camera->config;
	int64_t stamp_ns = camera->exposed_ns + config->stamp_ns;

	if (config->quantum_ns)
		stamp_ns = (stamp_ns + config->quantum_ns - 1) /
			   config->quantum_ns * config->quantum_ns;
	if (camera_chance(camera, config->wrong_share))
		stamp_ns += camera_dice_ns(camera, 2 * config->wrong_ns) -
			    config->wrong_ns;
	if (camera_chance(camera, config->unstamped_share))
		stamp_ns = SOURCE_STAMP_NONE;
	return stamp_ns;
}

static void camera_lose(struct simulated_camera *camera, const char *reason)
{
	camera->lost++;
	source_count_lost(camera->source, 1, reason, camera->comes_ns);
}

/* The frame's number and exposure are in its first bytes. */
static void camera_deliver(struct simulated_camera *camera)
{
	const struct source_facts facts = {
		.sequence = camera->number,
		.stamp_ns = camera_stamp_ns(camera),
		.came_ns = camera->config->told ? camera->comes_ns : 0,
	};
	uint32_t frame;

	if (camera_chance(camera, camera->config->lost_share)) {
		camera_lose(camera, "never came");
		return;
	}
	if (!source_free_frame(camera->source, &frame)) {
		camera_lose(camera, "no free frame");
		return;
	}
	camera->truth_ns[frame] = camera->exposed_ns;
	camera->came++;
	source_deliver(camera->source, &facts);
}

static void camera_step(struct simulated_camera *camera)
{
	const struct simulated_camera_config *config = camera->config;
	double step_ns;

	camera->again = !camera->again &&
			camera_chance(camera, config->double_share);
	if (camera->again)
		return;
	camera->number++;
	if (config->drift_steps && camera->number % config->drift_steps == 0)
		camera->drift_ppm =
			(2 * simulated_random(&camera->random) - 1) *
			config->drift_ppm;
	step_ns = config->period_ns * (1 + camera->drift_ppm * 1e-6) +
		  camera->fraction_ns;
	camera->exposed_ns += (int64_t)step_ns;
	camera->fraction_ns = step_ns - (double)(int64_t)step_ns;
	camera_plan(camera);
}

void simulated_camera_advance(struct simulated_camera *camera, int64_t now_ns)
{
	while (camera->comes_ns <= now_ns) {
		camera_deliver(camera);
		camera_step(camera);
	}
}

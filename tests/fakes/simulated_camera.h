/*
 * tests/fakes/simulated_camera.h: a camera in simulated time, on the driver's
 * side of a source.
 *
 * It exposes a frame a period; each comes a while later, or never, or twice, or
 * with a stamp that is wrong. Frames without a free place are lost, as a driver
 * loses them. It knows the truth of each. Time only moves in the calls, never
 * back. The same seed gives the same run.
 */
#ifndef TESTS_FAKES_SIMULATED_CAMERA_H
#define TESTS_FAKES_SIMULATED_CAMERA_H

#include "runtime/port/source.h"

/* Caller-owned, kept by pointer. Shares are 0..1, of the frames. */
struct simulated_camera_config {
	uint64_t seed;
	double period_ns;
	double drift_ppm;     /* the period steps to any value within +-that */
	uint32_t drift_steps; /* frames between the steps; 0: constant */
	int64_t takes_ns;     /* from exposure until it is there, at least */
	int64_t jitter_ns;    /* and that more at most, uniform */
	int64_t stamp_ns;     /* the stamp is that much after the exposure */
	int64_t quantum_ns;   /* stamps are rounded up to this; 0: exact */
	double lost_share;    /* frames that never come: a gap in the count */
	double double_share;  /* that come twice, under one number */
	double wrong_share;   /* stamps off by up to wrong_ns, either way */
	int64_t wrong_ns;
	double unstamped_share;
	bool told; /* the driver says when it had each frame */
};

struct simulated_camera {
	const struct simulated_camera_config *config;
	struct source *source;
	uint64_t random;
	double drift_ppm;
	int64_t exposed_ns; /* of the next frame */
	double fraction_ns;
	int64_t comes_ns; /* the next frame is there then */
	uint64_t number;  /* of the next frame */
	bool again;	  /* the next frame is the one of before */

	/* exact figures */
	uint64_t came, lost;
	int64_t truth_ns[SOURCE_FRAMES_MAX]; /* by frame: when exposed */
};

void simulated_camera_init(struct simulated_camera *camera,
			   const struct simulated_camera_config *config,
			   struct source *source, int64_t first_ns);

/* Delivers what has come by then. */
void simulated_camera_advance(struct simulated_camera *camera, int64_t now_ns);

#endif

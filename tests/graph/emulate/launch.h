/*
 * tests/graph/emulate/launch.h: a kernel of the graph under test, on the CPU.
 */
#ifndef TESTS_GRAPH_EMULATE_LAUNCH_H
#define TESTS_GRAPH_EMULATE_LAUNCH_H

#include <stdbool.h>

#include "graph/device.h"

#ifdef __cplusplus
extern "C"
#endif
	/* Runs all thread blocks. `barriers`: threads may wait for each other.
	   `backwards`: in the opposite order, so that what depends on it shows.
	 */
	void
	emulate_launch(const struct graph_kernel *kernel, const void *block,
		       bool barriers, bool backwards);

#endif

/*
 * tools/graphc/board.h: what a graph may ask of a board
 * (boards/NAME/board.yaml).
 *
 *   board: host
 *   tick: {priority: 80, cpu: -1, spin_us: 0}
 *   memory: {host: 1GiB}        # most that one graph's pool may take
 *   rate: {max: 1000}           # ticks a second
 *
 * Every key but `board` may be left out: board_default has the values above.
 */
#ifndef GRAPHC_BOARD_H
#define GRAPHC_BOARD_H

#include "tools/graphc/tree.h"

struct board {
	const char *name;
	int32_t priority; /* SCHED_FIFO, 1..99 */
	int32_t cpu;	  /* 0..1023; -1: any */
	uint32_t spin_us; /* 0..10000 */
	uint64_t host_bytes;
	uint32_t rate_max; /* ticks a second */
};

extern const struct board board_default;

/* `board` starts as board_default; strings point into the tree's arena. */
int board_read(struct board *board, const struct tree *tree, struct diag *diag);

#endif

/*
 * tools/graphc/board.h: what a graph may ask of a board
 * (boards/NAME/board.yaml).
 *
 *   board: host
 *   tick: {priority: 80, cpu: -1, spin_us: 0}
 *   cpus: [2, 3]                # a thread more that draws, on each
 *   memory: {host: 1GiB, device: 1GiB, pinned: 256MiB} # most for one graph
 *   rate: {max: 1000}           # ticks a second
 *
 * Every key but `board` may be left out: board_default has the values above, but
 * no cpus.
 */
#ifndef GRAPHC_BOARD_H
#define GRAPHC_BOARD_H

#include "graph/graph.h"
#include "tools/graphc/tree.h"

/* The memories that a graph may have a pool in. */
enum domain {
	DOMAIN_HOST,
	DOMAIN_PINNED, /* host memory that the device copies from and to */
	DOMAIN_DEVICE,
	DOMAIN_SCRATCH, /* host memory too: one for each thread that draws */
	DOMAIN_COUNT
};

/* "host", "pinned", "device", "scratch" */
extern const char *const domain_names[DOMAIN_COUNT];

struct board {
	const char *name;
	int32_t priority; /* SCHED_FIFO, 1..99 */
	int32_t cpu;	  /* 0..1023; -1: any */
	uint32_t spin_us; /* 0..10000 */
	bool has_cpus;	  /* it says where other threads draw: */
	int32_t cpus[GRAPH_THREADS_MAX - 1];
	uint32_t cpu_count;
	/* By domain, most of a graph's pool; device 0: no GPU, so that graphs
	   have a cpu plan only. The scratch of one thread may be as large as
	   the host's. */
	uint64_t bytes[DOMAIN_COUNT];
	uint32_t rate_max; /* ticks a second */
};

extern const struct board board_default;

/* `board` starts as board_default; strings point into the tree's arena. */
int board_read(struct board *board, const struct tree *tree, struct diag *diag);

#endif

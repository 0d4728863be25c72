/*
 * runtime/cycle/changes.h: changes of parameters while the graph runs, each at
 * a stated tick.
 *
 * One other thread, the editor, makes a schedule: all changes that are still to
 * come, in the order of their ticks. It hands a schedule over whole, by one
 * compare-exchange on a word that also holds the next tick that has not begun:
 * that fails where a tick began meanwhile, so that a change for tick n is there
 * when tick n begins, or is not accepted for n. At a tick's start the tick
 * thread takes what is there by an exchange, and plays what is due; it calls
 * nothing, waits for nothing and tries nothing twice.
 *
 * Three schedules go round: the tick thread has one, the word holds one, the
 * editor fills one. The editor reads the one it published last, which the tick
 * thread only reads too.
 *
 * What a parameter is at tick n is a function of n and the changes: ticks that
 * are skipped change nothing. Read next: runtime/control/editor.h.
 */
#ifndef RUNTIME_CYCLE_CHANGES_H
#define RUNTIME_CYCLE_CHANGES_H

#include <stdatomic.h>

#include "graph/graph.h"
#include "runtime/base/pool.h"
#include "runtime/cycle/ease.h"

#define CHANGES_RAMPS_MAX  64 /* that run at once */
#define CHANGES_RAMP_BYTES 64 /* of a parameter that can move: 8 doubles */
#define CHANGES_SCHEDULES  3

struct change {
	uint64_t tick;
	uint32_t param; /* row of struct graph's params */
	uint32_t value; /* offset in the schedule's values */
	uint32_t over;	/* ticks that it takes, the first one `tick`; 0 and 1: at
			   once */
	uint32_t ease;	/* enum ease */
};

struct schedule {
	uint32_t count, value_bytes;
	struct change *change;	/* by tick; at most one of a tick and parameter */
	unsigned char *value;	/* each as it lies in the pool, 8-byte aligned */
};

/* A change under way. */
struct ramp {
	uint64_t tick;
	uint32_t param, over;
	enum ease ease;
	unsigned char from[CHANGES_RAMP_BYTES], to[CHANGES_RAMP_BYTES];
};

/* The parameters as they are at one tick: the tick thread's are the graph's own,
 * the editor has a copy. */
struct params {
	const struct graph *graph;
	unsigned char *value; /* graph->param_bytes of them */
	uint64_t *changed;    /* by parameter: the tick of its last change */
	uint32_t ramp_count;
	struct ramp ramp[CHANGES_RAMPS_MAX];
};

struct changes {
	uint32_t count_max, value_bytes_max; /* of each schedule */
	struct pool pool;
	struct schedule schedule[CHANGES_SCHEDULES];
	/* tick thread only */
	struct params params;
	uint32_t playing; /* schedule */
	uint32_t cursor;  /* the first change in it that was not played */
	/* shared: next tick that has not begun << 8, CHANGES_FRESH, a schedule */
	_Alignas(GRAPH_ALIGN) _Atomic uint64_t word;
};

#define CHANGES_FRESH UINT64_C(4)
#define CHANGES_INDEX UINT64_C(3)

/* May a change of this parameter take its time? Numbers and colours, up to
 * CHANGES_RAMP_BYTES. */
bool change_can_move(const struct graph_param *param);

/* Bytes of a parameter's value. */
uint32_t change_bytes(const struct graph_param *param);

/* The change at its tick; what runs there of the same parameter ends. */
void params_apply(struct params *params, const struct change *change,
		  const unsigned char *values);

/* All changes from *cursor on that are due at `tick`, and those under way. */
void params_play(struct params *params, const struct schedule *schedule,
		 uint32_t *cursor, uint64_t tick);

/*
 * Main thread, before the seal. count_max changes may pend, with that many bytes
 * of values. pool: the graph's, its parameters as they are before tick 0. 0 or
 * -errno, nothing printed.
 */
int changes_init(struct changes *changes, const struct graph *graph,
		 unsigned char *pool, uint32_t count_max,
		 uint32_t value_bytes_max);

/* Accepts zeroed ones. */
void changes_finish(struct changes *changes);

/* Tick thread: tick begins; its nodes' foo_tick comes next. */
void changes_begin(struct changes *changes, uint64_t tick);

/* Editor: what is in the word now; its parts. */
static inline uint64_t changes_look(const struct changes *changes)
{
	/* acquire: pairs with changes_begin, the schedule in it is free */
	return atomic_load_explicit(&changes->word, memory_order_acquire);
}

static inline uint64_t changes_next_tick(uint64_t word)
{
	return word >> 8;
}

/*
 * Editor: schedule `index`, which is filled in, takes the place of all before;
 * *index becomes one that is free. False: a tick began since `seen` was looked
 * at, and nothing is changed.
 */
bool changes_publish(struct changes *changes, uint64_t seen, uint32_t *index)
	__attribute__((warn_unused_result));

#endif

/*
 * runtime/control/editor.h: what is to change, and when: the one who makes the
 * tick thread's schedules (runtime/cycle/changes.h).
 *
 * A set of changes is checked whole, gets one tick and is handed over whole, or
 * nothing of it is. Where two are for one tick and parameter, the last answered
 * wins. Calls are the control thread's, one at a time, but for init and finish.
 */
#ifndef RUNTIME_CONTROL_EDITOR_H
#define RUNTIME_CONTROL_EDITOR_H

#include "runtime/cycle/changes.h"

#define EDITOR_TICKS_MAX  64   /* future ticks that pend */
#define EDITOR_CHANGES_MAX 512 /* in them */
#define EDITOR_BYTES_MAX   (16 * 1024) /* of their values, and of one set's */
#define EDITOR_ROWS_MAX	   256 /* of one set */
#define EDITOR_TICK_MAX	   (UINT64_C(1) << 53) /* JSON numbers are whole up to */
#define EDITOR_OVER_MAX	   (1 << 24) /* ticks of a ramp */

/* One set of changes. */
struct edit {
	bool now;	   /* the next tick that has not begun */
	uint64_t at;	   /* else: that one, */
	bool relative;	   /* counted from the next one that has not begun */
	bool refuse_late;  /* one that has begun is refused; else: now */
	uint32_t over;	   /* ticks */
	enum ease ease;
	uint64_t hold;	   /* ticks after which it goes back; 0: it stays */
	uint32_t count, value_bytes;
	uint32_t param[EDITOR_ROWS_MAX];
	uint32_t value[EDITOR_ROWS_MAX]; /* offsets in bytes[] */
	_Alignas(8) unsigned char bytes[EDITOR_BYTES_MAX];
};

enum edit_result {
	EDIT_DONE,
	EDIT_LATE,	/* its tick has begun */
	EDIT_OVER,	/* its tick is after the last one of the run */
	EDIT_FULL,	/* too many ticks, changes or bytes pend */
	EDIT_RAMPS,	/* more than CHANGES_RAMPS_MAX would be under way */
	EDIT_BUSY,	/* ticks begin faster than a schedule is made */
	EDIT_RESULT_COUNT
};

struct editor {
	const struct graph *graph;
	struct changes *changes;
	uint64_t tick_limit; /* ticks 0..limit-1 run; 0: no limit */
	struct params params; /* as of the last tick that has begun */
	uint32_t published;   /* the schedule that was handed over last */
	uint32_t cursor;      /* the first change in it that is to come */
	uint32_t spare;	      /* a schedule that is free */
	struct pool pool;
};

/* Main thread, after --set. 0 or -errno, nothing printed. */
int editor_init(struct editor *editor, const struct graph *graph,
		struct changes *changes, uint64_t tick_limit);

/* Accepts a zeroed one. */
void editor_finish(struct editor *editor);

/* A set without changes, for the next tick. */
void edit_begin(struct edit *edit);

/* Room for one parameter's value; NULL: it is full. A parameter that is in it
 * already gets that place again. */
unsigned char *edit_add(struct edit *edit, const struct graph *graph,
			uint32_t param);

/* The next tick that has not begun. */
uint64_t editor_next_tick(const struct editor *editor);

/* Hands it over; *tick: the one at which it is there. */
enum edit_result editor_commit(struct editor *editor, const struct edit *edit,
			       uint64_t *tick);

/* How a parameter is: after the last tick that has begun, and when all that is
 * to come has come. Valid until the next call. */
struct editor_value {
	const unsigned char *present, *target;
	uint64_t changed; /* tick of the last change */
};
void editor_look(struct editor *editor, uint32_t param,
		 struct editor_value *value);

/* What a parameter is going to be at that tick, when all changes up to it are
 * over. */
const unsigned char *editor_target(const struct editor *editor, uint32_t param,
				   uint64_t tick);

/*
 * Main thread, before tick 0: a show that was recorded, set by set in the order
 * in which they were answered then; no limit but what `changes` has room for.
 * Nothing else is to be handed over after it.
 */
void editor_repeat_begin(struct editor *editor);
void editor_repeat(struct editor *editor, const struct edit *edit,
		   uint64_t tick);
void editor_repeat_end(struct editor *editor);

/* All parameters up to the last tick that has begun. */
void editor_follow(struct editor *editor);

#endif

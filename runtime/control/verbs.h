/*
 * runtime/control/verbs.h: the verbs about parameters: params, get, set, toggle.
 * Control thread; docs/control.md says what they take and answer.
 */
#ifndef RUNTIME_CONTROL_VERBS_H
#define RUNTIME_CONTROL_VERBS_H

#include "runtime/control/editor.h"
#include "runtime/control/verb.h"
#include "runtime/control/when.h"

/* What they work on. */
struct verb_desk {
	struct editor *editor;
	struct edit *edit; /* the one at hand */
	struct rate rate;
	/* When tick 0 was due, as far as it is known. */
	struct when_clock (*clock)(void *arg);
	void *arg;
	/* Of each set that was accepted; NULL: nobody asks. */
	void (*done)(void *arg, const struct call *call,
		     const struct edit *edit, uint64_t tick);
	const char *refused; /* every set is, with that line; NULL: none is */
};

extern const char *const verb_params_keys[], *const verb_get_keys[],
	*const verb_set_keys[], *const verb_toggle_keys[];

/* arg: struct verb_desk. */
void verb_params(struct call *call, void *arg);
void verb_get(struct call *call, void *arg);
void verb_set(struct call *call, void *arg);
void verb_toggle(struct call *call, void *arg);

#endif

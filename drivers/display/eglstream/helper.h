/*
 * drivers/display/eglstream/helper.h: the driver's own thread, "eglstream":
 * everything that may block: loading libEGL, building a stream, looking at one
 * that refused a frame, ending it. The main thread waits for it with a limit;
 * the tick thread hands the stream over and asks at each tick whether it is
 * back:
 *
 *   tick thread owns the stream   helper owns it
 *   running -- refused, stalled --> looks: is it over? -> ends it, builds one
 *   running -- screen lost -------> waits until it is back, builds one
 *   running <-- back ------------- built, or not over after all
 *   failed  <-- given up --------- REFUSED_MAX builds in a row were refused
 */
#ifndef DRIVERS_DISPLAY_EGLSTREAM_HELPER_H
#define DRIVERS_DISPLAY_EGLSTREAM_HELPER_H

#include <semaphore.h>

#include "drivers/display/eglstream/settings.h"
#include "drivers/display/eglstream/stream.h"
#include "runtime/base/thread.h"

#define EGLSTREAM_START_MS    30000 /* a driver may have to wake the GPU */
#define EGLSTREAM_END_MS      5000
#define EGLSTREAM_RETRY_MS    1000 /* between two builds that are refused */
#define EGLSTREAM_REFUSED_MAX 5
#define EGLSTREAM_LOOK_MS     5000 /* between two looks at a screen */

enum eglstream_repair {
	EGLSTREAM_AT_WORK, /* the stream is the helper's */
	EGLSTREAM_KEPT,	   /* it is the tick thread's again, as it was */
	EGLSTREAM_BUILT,   /* a new one is; no frame is in it */
	EGLSTREAM_FAILED,  /* there is none, for good */
};

struct eglstream_helper {
	/* config */
	struct eglstream_settings settings;
	struct eglstream_stream *stream;
	struct display_health *health;
	/* the helper's, once it runs */
	bool is_lit; /* the screen's mode is set */
	struct eglstream_library library;
	struct eglstream_refusal refusal;
	/* shared */
	_Atomic uint32_t repair;  /* enum eglstream_repair */
	_Atomic bool rebuild;	  /* asked for whatever the stream says */
	_Atomic uint32_t shown;	  /* a screen's slot that stays on view;
				     without one: a slot that nothing draws in */
	_Atomic uint32_t lost;	  /* enum display_state: of the screen; RUNNING:
				     nothing is lost */
	_Atomic bool is_start;	  /* eglstream_helper_light is waiting */
	_Atomic bool is_over;	  /* the run */
	sem_t wake, done;
	/* main thread */
	struct thread thread;
	bool left; /* stuck in a call: nothing that it uses may be freed */
};

/* Main thread: starts the thread and waits until it has built the stream. 0,
 * or -errno with the refusal filled in, and nothing left unless it is `left`. */
int eglstream_helper_start(struct eglstream_helper *helper,
			   struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));

/* Main thread, with a screen: mode set, the stream, and this slot on view. 0, or
 * -errno with the refusal filled in; _end gives it all back. */
int eglstream_helper_light(struct eglstream_helper *helper, uint32_t slot,
			   struct eglstream_refusal *refusal)
	__attribute__((warn_unused_result));

/* Tick thread: the stream is the helper's from here on. rebuild: without a look
 * whether it must be; shown: a screen's slot, which stays on view; without one
 * see flow_away. */
void eglstream_helper_ask(struct eglstream_helper *helper, bool rebuild,
			  uint32_t shown);

/* Tick thread: what is lost of a screen, as the helper saw it; RUNNING:
 * nothing. */
enum display_state eglstream_helper_lost(struct eglstream_helper *helper);

/* Tick thread: where that stands. */
enum eglstream_repair eglstream_helper_answer(struct eglstream_helper *helper);

/* Main thread, after the tick thread: ends stream and thread, or leaves them. */
void eglstream_helper_end(struct eglstream_helper *helper);

#endif

/*
 * runtime/time/beat.c: see runtime/time/beat.h.
 */
#include "runtime/time/beat.h"

/* Parts of a refresh. */
#define BEFORE	   16 /* distance that a submit keeps before it */
#define BEFORE_OFF 8  /* the same to stop holding: twice, so that it stays off */
#define AFTER	   32 /* distance after it: its event is readable by then */
#define SPREAD	   8  /* of the cost, at most: wider is no beat but overload */
#define COST	   2  /* the greatest cost that is judged */

/* A cost beyond a mark moves it quickly, one within slowly. */
#define MARK_OUT 2
#define MARK_IN	 1024

/* Flips older than so many refreshes tell nothing exact any more. */
#define FLIP_OLD 64

void beat_flip(struct beat *beat, int64_t flip_ns, int64_t refresh_ns)
{
	beat->flip_ns = flip_ns;
	beat->refresh_ns = refresh_ns;
}

static int64_t moved(int64_t mark_ns, int64_t cost_ns, bool beyond)
{
	return mark_ns + (cost_ns - mark_ns) / (beyond ? MARK_OUT : MARK_IN);
}

void beat_cost(struct beat *beat, int64_t cost_ns)
{
	if (!beat->refresh_ns || cost_ns > beat->refresh_ns / COST)
		return;
	if (!beat->high_ns)
		beat->low_ns = beat->high_ns = cost_ns;
	beat->low_ns = moved(beat->low_ns, cost_ns, cost_ns < beat->low_ns);
	beat->high_ns = moved(beat->high_ns, cost_ns, cost_ns > beat->high_ns);
}

/* The first refresh that is not before time_ns. */
static int64_t refresh_from(const struct beat *beat, int64_t time_ns)
{
	int64_t since_ns = time_ns - beat->flip_ns;
	int64_t count = since_ns / beat->refresh_ns;

	if (count * beat->refresh_ns < since_ns)
		count++;
	return beat->flip_ns + count * beat->refresh_ns;
}

int64_t beat_hold_ns(struct beat *beat, int64_t tick_ns)
{
	int64_t spread_ns = beat->high_ns - beat->low_ns;
	int64_t low_ns = tick_ns + beat->low_ns;
	int64_t after_ns, before_ns, at_ns;
	bool held = beat->holding;

	beat->holding = false;
	if (!beat->flip_ns || !beat->refresh_ns || !beat->high_ns ||
	    spread_ns > beat->refresh_ns / SPREAD ||
	    tick_ns - beat->flip_ns > FLIP_OLD * beat->refresh_ns)
		return 0;
	after_ns = beat->refresh_ns / AFTER;
	before_ns = beat->refresh_ns / (held ? BEFORE_OFF : BEFORE);
	at_ns = refresh_from(beat, low_ns - after_ns);
	beat->holding = low_ns + spread_ns > at_ns - before_ns;
	return beat->holding ? at_ns + after_ns - low_ns : 0;
}

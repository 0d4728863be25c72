/*
 * drivers/display/kms/state.c: see state.h.
 */
#include "drivers/display/kms/state.h"

#include <unistd.h>

#include "runtime/time/clock.h"

enum display_state kms_state_now(const struct kms_state *state)
{
	/* acquire: pairs with kms_state_set */
	return atomic_load_explicit(&state->health->state,
				    memory_order_acquire);
}

bool kms_state_is_ticks(enum display_state now)
{
	return now == DISPLAY_STATE_RUNNING || now == DISPLAY_STATE_BUSY;
}

/* One record for each move but those of an ordinary flip. Before the move: the
 * lane goes to the next owner with it. */
static void kms_state_journal(struct kms_state *state, enum display_state to)
{
	const struct journal_record record = {
		.time_ns = clock_now_ns(),
		.kind = JOURNAL_DISPLAY_STATE,
		.object = state->index,
		.value = {to},
	};

	if (!kms_state_is_ticks(to) ||
	    !kms_state_is_ticks(kms_state_now(state)))
		journal_write(&state->journal, &record);
}

void kms_state_set(struct kms_state *state, enum display_state to)
{
	kms_state_journal(state, to);
	/* release: pairs with kms_state_now */
	atomic_store_explicit(&state->health->state, to, memory_order_release);
}

static void wake_helper(const struct kms_state *state)
{
	const uint64_t one = 1;
	ssize_t written = write(state->wake_fd, &one, sizeof(one));

	(void)written; /* full: it is awake */
}

void kms_state_park(struct kms_state *state, enum display_state to)
{
	_Atomic uint64_t *count = to == DISPLAY_STATE_STALLED
					  ? &state->health->stalls
					  : &state->health->losses;

	if (to != DISPLAY_STATE_RECOVERING)
		atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
	atomic_store_explicit(&state->asked, DISPLAY_STATE_RUNNING,
			      memory_order_relaxed);
	kms_state_set(state, to);
	/* after the state, which the helper reads when it finds this */
	atomic_store_explicit(&state->is_new, true, memory_order_release);
	wake_helper(state);
}

bool kms_state_take_new(struct kms_state *state)
{
	return atomic_exchange_explicit(&state->is_new, false,
					memory_order_acquire);
}

void kms_state_count_error(struct kms_state *state, int error)
{
	atomic_fetch_add_explicit(&state->health->errors, 1,
				  memory_order_relaxed);
	atomic_store_explicit(&state->health->last_error, error,
			      memory_order_relaxed);
}

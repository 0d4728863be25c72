/*
 * runtime/observe/counter.h: one shared field: a uint64_t that one thread writes
 * and others read while it does.
 *
 * Plain memory, so that a reader's own copy is plain too.
 */
#ifndef RUNTIME_OBSERVE_COUNTER_H
#define RUNTIME_OBSERVE_COUNTER_H

#include <stdint.h>

/* The writer. */
static inline void counter_set(uint64_t *field, uint64_t value)
{
	/* release: pairs with the readers' acquire loads */
	__atomic_store_n(field, value, __ATOMIC_RELEASE);
}

/* The writer. */
static inline void counter_add(uint64_t *field, uint64_t amount)
{
	counter_set(field, *field + amount); /* one writer: no lost update */
}

#endif

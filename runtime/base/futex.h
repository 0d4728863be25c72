/*
 * runtime/base/futex.h: sleeping until a word in memory changes, and waking who
 * sleeps so. The one system call each is all that they do; neither allocates.
 *
 * The word is changed first, then rung: who finds it changed does not sleep.
 * Any thread.
 */
#ifndef RUNTIME_BASE_FUTEX_H
#define RUNTIME_BASE_FUTEX_H

#include <stdatomic.h>
#include <stdint.h>

/* Sleeps while *word is `seen`, until futex_wake. May return early: look. */
void futex_wait(_Atomic uint32_t *word, uint32_t seen);

/* Wakes that many sleepers at most. */
void futex_wake(_Atomic uint32_t *word, uint32_t count);

#endif

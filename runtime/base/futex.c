/*
 * runtime/base/futex.c: see runtime/base/futex.h. The C library has no call for
 * it: its own waits come with a mutex.
 */
#define _GNU_SOURCE /* syscall */

#include "runtime/base/futex.h"

#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

void futex_wait(_Atomic uint32_t *word, uint32_t seen)
{
	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, NULL);
}

void futex_wake(_Atomic uint32_t *word, uint32_t count)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count);
}

/*
 * tests/runtime/alloc_trap.c: malloc and friends, memalign and mmap, which
 * abort in the sealed thread, and count in the others. Linked into
 * build/BOARD/GRAPH/GRAPH-trap.
 *
 * Definitions in the program win over libc's, also for calls from inside libc
 * and other libraries (--wrap would miss those). Nothing is trapped in a
 * sanitizer's build, which has definitions of its own: the file is empty there.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/base/seal.h"

/* Calls of this thread, those that give back among them; 0: nothing counts. */
extern _Thread_local uint64_t alloc_trap_count;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ALLOC_TRAP_WORKS 0
_Thread_local uint64_t alloc_trap_count;
#else
#define ALLOC_TRAP_WORKS 1

/* glibc's own names for what is defined below. */
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);
void *__libc_memalign(size_t align, size_t bytes);
void __libc_free(void *old);

void *memalign(size_t align, size_t bytes);

_Thread_local uint64_t alloc_trap_count;

static void trap(const char *call, size_t length)
{
	static const char end[] = " in the sealed thread\n";

	alloc_trap_count++;
	if (!seal_is_on)
		return;
	seal_is_on = false; /* abort() may allocate */
	if (write(STDERR_FILENO, call, length) > 0 &&
	    write(STDERR_FILENO, end, sizeof(end) - 1) > 0)
		abort();
	abort();
}

#define TRAP(call) trap("alloc_trap: " call, sizeof("alloc_trap: " call) - 1)

void *malloc(size_t bytes)
{
	TRAP("malloc");
	return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
	TRAP("calloc");
	return __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes)
{
	TRAP("realloc");
	return __libc_realloc(old, bytes);
}

void free(void *old)
{
	TRAP("free");
	__libc_free(old);
}

void *memalign(size_t align, size_t bytes)
{
	TRAP("memalign");
	return __libc_memalign(align, bytes);
}

void *aligned_alloc(size_t align, size_t bytes)
{
	TRAP("aligned_alloc");
	return __libc_memalign(align, bytes);
}

int posix_memalign(void **result, size_t align, size_t bytes)
{
	TRAP("posix_memalign");
	*result = __libc_memalign(align, bytes);
	return *result ? 0 : ENOMEM;
}

void *mmap(void *at, size_t bytes, int protection, int flags, int fd,
	   off_t offset)
{
	TRAP("mmap");
	return (void *)syscall(SYS_mmap, at, bytes, protection, flags, fd,
			       offset);
}

#endif

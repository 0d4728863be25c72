/*
 * tests/fakes/cuda/core.c: the way into every entry: its table, its count, and
 * the failures that the test asked for.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/fakes/cuda/fake.h"

pthread_mutex_t fake_lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t fake_changed = PTHREAD_COND_INITIALIZER;
_Thread_local struct cuda_context *fake_current;
static int lost; /* CUresult of a context that is lost */

/* An entry of abi.h that no file here has is one that this driver lacks. */
#define DECLARE(name, symbol, arguments)                                       \
	int fake_##name arguments __attribute__((weak));
CUDA_ENTRIES(DECLARE)

#define SYMBOL(name, symbol, arguments) [CUDA_CALL_##name] = symbol,
static const char *const symbols[] = {CUDA_ENTRIES(SYMBOL)};

const char *fake_call_symbol(enum cuda_call call)
{
	return symbols[call];
}

__attribute__((constructor)) static void start(void)
{
	fake_configure();
}

static bool is_sticky(int code)
{
	return code == 4 || code == 214 || code == 220 || code == 226 ||
	       code == 700 || code == 702 || code == 709 || code == 710 ||
	       (code >= 714 && code <= 719) || code == 721 || code == 806 ||
	       code == 810 || code == 999;
}

/* What the test wants this call to return. */
static int injected(enum cuda_call call)
{
	struct fake_injection *inject = fake_config.inject;
	uint32_t i;

	for (i = 0; i < fake_config.inject_count; i++, inject++) {
		if (inject->call >= 0 && inject->call != (int)call)
			continue;
		if (--inject->left)
			continue;
		fake_report->injected = inject->code;
		fake_report->injected_call = (int)call;
		if (is_sticky(inject->code))
			lost = inject->code;
		return inject->code;
	}
	return FAKE_OK;
}

/* With the lock, which it drops if this is the call that never returns. */
static void maybe_block(const char *symbol)
{
	static bool looked_up;
	bool look_up = !strcmp(symbol, "cuGetProcAddress");
	bool any = !strcmp(fake_config.block, "*");

	if (!fake_config.block_left || (any && look_up && looked_up) ||
	    (!any && strcmp(fake_config.block, symbol)) ||
	    --fake_config.block_left) {
		looked_up |= look_up;
		return;
	}
	snprintf(fake_report->blocked, sizeof(fake_report->blocked), "%s",
		 symbol);
	pthread_mutex_unlock(&fake_lock);
	for (;;)
		pause();
}

int fake_enter(enum cuda_call call, bool needs_context)
{
	int code;

	pthread_mutex_lock(&fake_lock);
	fake_report->after_block += fake_report->blocked[0] != '\0';
	fake_report->call_count++;
	fake_report->calls[call]++;
	fake_pass_call();
	maybe_block(symbols[call]);
	code = lost ? lost : injected(call);
	if (!code && needs_context && !fake_current)
		code = fake_misuse(symbols[call], FAKE_INVALID_CONTEXT);
	return code;
}

int fake_leave(int code)
{
	pthread_mutex_unlock(&fake_lock);
	return code;
}

void fake_lose(int code)
{
	lost = code;
}

int fake_misuse(const char *what, int code)
{
	if (!fake_report->misuse_count++)
		snprintf(fake_report->misuse, sizeof(fake_report->misuse),
			 "%s (%d)", what, code);
	return code;
}

#define FIND(name, symbol, arguments)                                          \
	if (!strcmp(wanted, symbol))                                           \
		*(void **)&found = (void *)(uintptr_t)fake_##name;

__attribute__((visibility("default"))) int
cuGetProcAddress(const char *wanted, void **entry, int version, uint64_t flags);

int cuGetProcAddress(const char *wanted, void **entry, int version,
		     uint64_t flags)
{
	void *found = NULL;

	(void)version;
	(void)flags;
	pthread_mutex_lock(&fake_lock);
	maybe_block("cuGetProcAddress");
	pthread_mutex_unlock(&fake_lock);
	CUDA_ENTRIES(FIND)
	FIND(set_words, "cuMemsetD32Async", )
	FIND(copy_device, "cuMemcpyDtoDAsync", )
	if (fake_config.missing && !strcmp(wanted, fake_config.missing))
		found = NULL;
	*entry = found;
	return found ? FAKE_OK : FAKE_NOT_FOUND;
}

/*
 * tests/runtime/test_tick_thread.c: threads with what was asked for, the tick thread
 * at its gate, and what is said when the kernel says no. pthread_create and
 * mlockall are defined here to refuse on request; the rest is real.
 */
#define _GNU_SOURCE /* RTLD_NEXT, pthread_getname_np */

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/cycle/tick_thread.h"
#include "tests/fakes/clock.c"
#include "tests/fakes/interpose.h"
#include "tests/runtime/cycle_rig.h"
#include "tests/runtime/run_suite.h"

static struct {
	bool no_fifo, no_threads;
	int lock_error, locks, unlocks, creates;
	int policy, priority, cpus; /* asked for at the last create */
	rlim_t limit;		    /* every one of them */
	bool limit_is_fake;
	int interrupts; /* of each thread's waits */
} os;

INTERPOSER int mlockall(int flags)
{
	os.locks++;
	ck_assert_int_eq(flags, MCL_CURRENT);
	errno = os.lock_error;
	return os.lock_error ? -1 : 0;
}

INTERPOSER int sem_wait(sem_t *semaphore)
{
	static _Thread_local int interrupted;
	int (*real)(sem_t *);

	if (interrupted < os.interrupts) {
		interrupted++;
		errno = EINTR;
		return -1;
	}
	*(void **)&real = dlsym(RTLD_NEXT, "sem_wait");
	return real(semaphore);
}

INTERPOSER int munlockall(void)
{
	os.unlocks++;
	return 0;
}

/* Never really SCHED_FIFO: the machine that tests may refuse it. */
int pthread_setschedparam(pthread_t thread, int policy,
			  const struct sched_param *param)
{
	ck_assert(pthread_equal(thread, pthread_self()));
	os.policy = policy;
	os.priority = param->sched_priority;
	return os.no_fifo ? EPERM : 0;
}

int pthread_setaffinity_np(pthread_t thread, size_t bytes, const cpu_set_t *cpus)
{
	int (*real)(pthread_t, size_t, const cpu_set_t *);

	os.cpus = CPU_COUNT_S(bytes, cpus);
	*(void **)&real = dlsym(RTLD_NEXT, "pthread_setaffinity_np");
	return real(thread, bytes, cpus);
}

INTERPOSER int getrlimit(__rlimit_resource_t resource, struct rlimit *limit)
{
	if (!os.limit_is_fake)
		return (int)syscall(SYS_prlimit64, 0, resource, NULL, limit);
	*limit = (struct rlimit){.rlim_cur = os.limit, .rlim_max = os.limit};
	return 0;
}

/* Attributes are for what cannot be refused: glibc before 2.34 crashes. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
		   void *(*run)(void *), void *arg)
{
	int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *),
		    void *);
	int inherit;

	os.creates++;
	pthread_attr_getinheritsched(attributes, &inherit);
	ck_assert_int_eq(inherit, PTHREAD_INHERIT_SCHED);
	if (os.no_threads)
		return EAGAIN;
	*(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
	return real(thread, attributes, run, arg);
}

static struct tick_thread tick;
static char line[512];

static struct tick_thread_config prepare(enum clock_kind kind)
{
	struct cycle_config config = rig_config(50);

	rig_open(&config, kind);
	return (struct tick_thread_config){
		.cycle = &rig.cycle, .priority = 42, .cpu = -1};
}

static enum exit_status start(const struct tick_thread_config *config)
{
	return tick_thread_start(&tick, config, line, sizeof(line));
}

START_TEST(all_granted)
{
	struct tick_thread_config config = prepare(CLOCK_TIMER);

	config.require_rt = true;
	ck_assert_uint_eq(start(&config), EXIT_STATUS_OK);
	ck_assert_int_eq(os.policy, SCHED_FIFO);
	ck_assert_int_eq(os.priority, 42);
	ck_assert_int_eq(tick.priority, 42);
	ck_assert(tick.memory_locked);
	ck_assert(!rights_are_missing(&tick.refused));
	ck_assert_int_eq(os.locks, 1);
	tick_thread_go(&tick);
	tick_thread_join(&tick);
	ck_assert_uint_eq(rig_ledger()->ticks, 50);
	tick_thread_finish(&tick);
	tick_thread_finish(&tick);
	ck_assert_int_eq(os.unlocks, 1);
	ck_assert_int_eq(os.creates, 1);
}
END_TEST

/* Nothing runs before tick_thread_go, and a start can be called off. */
START_TEST(called_off_at_the_gate)
{
	struct tick_thread_config config = prepare(CLOCK_TIMER);

	ck_assert_uint_eq(start(&config), EXIT_STATUS_OK);
	sched_yield();
	tick_thread_finish(&tick);
	ck_assert_uint_eq(rig_ledger()->ticks, 0);
	ck_assert_uint_eq(rig.drawn, 0);
}
END_TEST

/* A signal opens no gate, and the tick that opens it is not missed. */
START_TEST(interrupted_at_the_gate)
{
	struct tick_thread_config config = prepare(CLOCK_TIMER);

	os.interrupts = 3;
	ck_assert_uint_eq(start(&config), EXIT_STATUS_OK);
	usleep(1000);
	ck_assert_uint_eq(rig.drawn, 0);
	tick_thread_go(&tick);
	tick_thread_join(&tick);
	ck_assert_uint_eq(rig_ledger()->ticks, 50);
	tick_thread_finish(&tick);
}
END_TEST

START_TEST(refused_and_warned)
{
	struct tick_thread_config config = prepare(CLOCK_TIMER);

	os.no_fifo = _i & 1;
	os.lock_error = _i & 2 ? ENOMEM : 0;
	ck_assert_uint_eq(start(&config), EXIT_STATUS_OK);
	ck_assert_int_eq(rights_are_missing(&tick.refused), _i != 0);
	ck_assert_int_eq(tick.priority, _i & 1 ? 0 : 42);
	ck_assert_int_eq(tick.memory_locked, !(_i & 2));
	rights_explain(&tick.refused, line, sizeof(line));
	ck_assert_int_eq(strstr(line, "SCHED_FIFO 42") != NULL, _i & 1);
	ck_assert_int_eq(strstr(line, "RLIMIT_MEMLOCK") != NULL, _i >> 1);
	ck_assert_ptr_null(strchr(line, '\n'));
	tick_thread_go(&tick);
	tick_thread_join(&tick);
	ck_assert_uint_eq(rig_ledger()->ticks, 50);
	tick_thread_finish(&tick);
	ck_assert_int_eq(os.unlocks, !(_i & 2));
}
END_TEST

START_TEST(required_and_refused)
{
	struct tick_thread_config config = prepare(CLOCK_TIMER);

	config.require_rt = true;
	os.no_fifo = _i & 1;
	os.lock_error = _i & 2 ? EPERM : 0;
	ck_assert_uint_eq(start(&config), EXIT_STATUS_NO_PERMISSION);
	ck_assert_ptr_eq(strstr(line, "--require-rt"), line);
	ck_assert_int_eq(strstr(line, "SCHED_FIFO") != NULL, _i & 1);
	ck_assert_int_eq(strstr(line, "RLIMIT_MEMLOCK") != NULL, _i >> 1);
	ck_assert_uint_eq(rig.drawn, 0);
	ck_assert_int_eq(os.unlocks, !(_i & 2));
	tick_thread_finish(&tick); /* nothing left to finish */
	ck_assert_int_eq(os.unlocks, !(_i & 2));
}
END_TEST

START_TEST(no_thread_at_all)
{
	struct tick_thread_config config = prepare(CLOCK_TIMER);

	os.no_threads = true;
	ck_assert_uint_eq(start(&config), EXIT_STATUS_OS_LIMIT);
	ck_assert_ptr_nonnull(strstr(line, "RLIMIT_NPROC"));
	ck_assert_int_eq(os.locks, 0);
	tick_thread_finish(&tick);
}
END_TEST

/* Ones that do not exist, and one past the kernel's own limit. */
START_TEST(no_such_cpu)
{
	static const int cpus[] = {1000, CPU_SETSIZE, INT32_MAX};
	struct tick_thread_config config = prepare(CLOCK_TIMER);

	config.cpu = cpus[_i];
	ck_assert_uint_eq(start(&config), EXIT_STATUS_MACHINE);
	ck_assert_ptr_eq(strstr(line, "--cpu "), line);
	tick_thread_finish(&tick);
}
END_TEST

START_TEST(one_cpu)
{
	struct tick_thread_config config = prepare(CLOCK_TIMER);

	config.cpu = 0;
	ck_assert_uint_eq(start(&config), EXIT_STATUS_OK);
	ck_assert_int_eq(os.cpus, 1);
	tick_thread_finish(&tick);
}
END_TEST

/* A thread that never sleeps must not be SCHED_FIFO. */
START_TEST(a_free_clock_is_ordinary)
{
	struct tick_thread_config config = prepare(CLOCK_FREE);

	ck_assert_uint_eq(start(&config), EXIT_STATUS_OK);
	ck_assert_int_eq(os.priority, 0);
	ck_assert_int_eq(os.locks, 0);
	ck_assert(!rights_are_missing(&tick.refused));
	tick_thread_finish(&tick);
	config.require_rt = true;
	ck_assert_uint_eq(start(&config), EXIT_STATUS_USAGE);
	ck_assert_int_eq(os.creates, 1);
}
END_TEST

/* ---- grant: the cause of a refusal ------------------------------------------
 */

START_TEST(limit_or_control_group)
{
	const struct rights_refused grant = {.fifo_priority = 42};

	if (geteuid() == 0) /* with CAP_SYS_NICE no limit counts */
		ck_assert(!setresuid(65534, 65534, 65534));
	os.limit_is_fake = true;
	os.limit = _i ? 42 : 41;
	rights_explain(&grant, line, sizeof(line));
	ck_assert_ptr_nonnull(
		strstr(line, _i ? "cpu.rt_runtime_us" : "RLIMIT_RTPRIO is 41"));
}
END_TEST

/* Of the first namespace: only there it reaches the scheduler. */
static bool is_root(void)
{
	FILE *file = fopen("/proc/self/uid_map", "r");
	unsigned int map[3] = {1, 1, 0};

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fscanf(file, "%u %u %u", map, map + 1, map + 2), 3);
	fclose(file);
	return geteuid() == 0 && !map[0] && !map[1] && map[2] == UINT32_MAX;
}

/* Root's RLIMIT_RTPRIO is 0 as a rule, and not the reason. */
START_TEST(with_the_capability_it_is_the_control_group)
{
	const struct rights_refused grant = {.fifo_priority = 42};

	os.limit_is_fake = true;
	os.limit = 0;
	rights_explain(&grant, line, sizeof(line));
	ck_assert_ptr_nonnull(strstr(line, is_root() ? "the control group ("
						     : "RLIMIT_RTPRIO is 0"));
	ck_assert_int_eq(!strstr(line, "RLIMIT_RTPRIO"), is_root());
}
END_TEST

START_TEST(short_buffers_are_not_overrun)
{
	const struct rights_refused grant = {42, ENOMEM};
	char small[16];

	memset(small, 0x55, sizeof(small));
	rights_explain(&grant, small, 8);
	ck_assert_uint_lt(strlen(small), 8);
	for (int i = 8; i < 16; i++)
		ck_assert_int_eq(small[i], 0x55);
}
END_TEST

/* ---- threads
 * ----------------------------------------------------------------- */

static struct {
	char name[16];
	sigset_t blocked;
	size_t stack_bytes;
	void *stack;
	char here;
} seen;

static void *look(void *arg)
{
	pthread_attr_t attributes;

	/* the name is set by the creator, just after the start */
	while (pthread_getname_np(pthread_self(), seen.name,
				  sizeof(seen.name)) ||
	       strcmp(seen.name, "looker"))
		sched_yield();
	pthread_sigmask(SIG_BLOCK, NULL, &seen.blocked);
	pthread_getattr_np(pthread_self(), &attributes);
	pthread_attr_getstack(&attributes, &seen.stack, &seen.stack_bytes);
	pthread_attr_destroy(&attributes);
	return arg;
}

START_TEST(a_thread_as_asked)
{
	const struct thread_config config = {
		.name = "looker", .cpu = -1, .run = look};
	struct thread thread = {.running = false};
	sigset_t before, after;

	pthread_sigmask(SIG_BLOCK, NULL, &before);
	ck_assert_int_eq(thread_start(&thread, &config), 0);
	ck_assert(thread.running);
	thread_join(&thread);
	ck_assert_str_eq(seen.name, "looker");
	ck_assert_uint_eq(seen.stack_bytes, THREAD_STACK_BYTES);
	for (int i = 1; i < 32; i++)
		if (i != SIGKILL && i != SIGSTOP)
			ck_assert_msg(sigismember(&seen.blocked, i),
				      "signal %d is open", i);
	pthread_sigmask(SIG_BLOCK, NULL, &after);
	for (int i = 1; i < 32; i++)
		ck_assert_int_eq(sigismember(&before, i),
				 sigismember(&after, i));
	ck_assert_ptr_null(thread.stack.base);
	thread_join(&thread);
}
END_TEST

START_TEST(a_refused_thread_leaves_nothing)
{
	const struct thread_config config = {
		.name = "looker", .cpu = -1, .run = look};
	struct thread thread = {.running = false};

	os.no_threads = true;
	ck_assert_int_eq(thread_start(&thread, &config), -EAGAIN);
	ck_assert(!thread.running);
	ck_assert_ptr_null(thread.stack.base);
	thread_join(&thread);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, all_granted);
	tcase_add_test(tests, called_off_at_the_gate);
	tcase_add_test(tests, interrupted_at_the_gate);
	tcase_add_loop_test(tests, refused_and_warned, 0, 4);
	tcase_add_loop_test(tests, required_and_refused, 1, 4);
	tcase_add_test(tests, no_thread_at_all);
	tcase_add_loop_test(tests, no_such_cpu, 0, 3);
	tcase_add_test(tests, one_cpu);
	tcase_add_test(tests, a_free_clock_is_ordinary);
	tcase_add_loop_test(tests, limit_or_control_group, 0, 2);
	tcase_add_test(tests, with_the_capability_it_is_the_control_group);
	tcase_add_test(tests, short_buffers_are_not_overrun);
	tcase_add_test(tests, a_thread_as_asked);
	tcase_add_test(tests, a_refused_thread_leaves_nothing);
}

int main(void)
{
	return run_suite("tick thread", add);
}

/*
 * drivers/cpu/workers.c: see drivers/cpu/workers.h.
 *
 * `left` holds the number of the round and which of its bands nobody has taken:
 * one word, so that a worker that was late cannot take a band of the round after
 * with what it knew of the one before. What a band is, is read after one is
 * taken: until that is drawn, the tick thread does not change it.
 *
 * The tick thread takes the upper bands, downwards, workers the lower ones,
 * upwards, until they meet: so a row is as a rule drawn by the core that drew it
 * in the step and in the tick before, whose cache has it.
 */
#define _GNU_SOURCE /* pthread_getcpuclockid */

#include "drivers/cpu/workers.h"

#include <errno.h>
#include <stdatomic.h>
#include <time.h>

#include "runtime/base/futex.h"
#include "runtime/base/seal.h"
#include "runtime/base/thread.h"
#include "runtime/time/clock.h"

#define OWN	    _Alignas(GRAPH_OWN_ALIGN)
#define END	    ((uint64_t)1 << 16) /* in `left`, the end of the bands */
#define ROUND	    ((uint64_t)1 << 32) /* above it, the round */
#define SPINS	    64 /* between two looks at the clock */
#define BANDS_EACH  4  /* for a thread: who was late draws fewer */
#define FRAMES_EACH 2

_Static_assert(8192 / GRAPH_BAND < END, "bands of the highest frame");

struct worker {
	OWN struct workers *all;
	struct thread thread;
	unsigned char *scratch;
	_Atomic uint64_t bands; /* drawn; its own to write */
	struct journal_writer journal; /* zeroed: no details are wanted */
};

struct workers {
	/* constant */
	const struct graph *graph;
	const struct graph_step *first; /* of the plan; NULL: not journalled */
	struct pool pool; /* this, then the scratches */
	uint32_t count;
	struct worker worker[GRAPH_THREADS_MAX];
	/* the round: the tick thread's to write, while no band is out */
	OWN const struct graph_step *step;
	const struct graph_work *work;
	uint32_t rows, bands;
	/* shared */
	OWN _Atomic uint64_t left;
	OWN _Atomic uint32_t pending; /* bands not drawn; the tick thread
					 sleeps on it */
	_Atomic bool joining;	      /* it does, or is about to */
	OWN _Atomic uint32_t bell;    /* rung each round; workers sleep on it */
	_Atomic uint32_t asleep;      /* workers that do, or are about to */
	_Atomic bool stop;
};

static void workers_relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* Spins while *word is `seen`, for that long. False: it is all the same. */
static bool workers_spin(const _Atomic uint32_t *word, uint32_t seen, int64_t ns)
{
	int64_t end_ns = clock_now_ns() + ns;
	int i;

	do {
		for (i = 0; i < SPINS; i++) {
			if (atomic_load_explicit(word, memory_order_relaxed) !=
			    seen)
				return true;
			workers_relax();
		}
	} while (clock_now_ns() < end_ns);
	return false;
}

/* ---- bands --------------------------------------------------------------- */

/* The first band that is left, or the last. */
static bool workers_take(struct workers *workers, bool last, uint32_t *band)
{
	uint64_t word =
		atomic_load_explicit(&workers->left, memory_order_relaxed);
	uint64_t first, end;

	/* acquire: pairs with the release in workers_open_round */
	while ((first = word % END) < (end = word % ROUND / END))
		if (atomic_compare_exchange_weak_explicit(
			    &workers->left, &word, last ? word - END : word + 1,
			    memory_order_acquire, memory_order_relaxed)) {
			*band = (uint32_t)(last ? end - 1 : first);
			return true;
		}
	return false;
}

static void workers_draw_band(const struct workers *workers, uint32_t i,
			      unsigned char *scratch)
{
	uint32_t y0 = i * workers->rows;
	const struct graph_band band = {
		y0,
		i + 1 < workers->bands ? y0 + workers->rows
				       : workers->graph->height,
		scratch};

	workers->step->run(workers->work, &band);
}

/* release: the tick thread sees the rows. After the last one the round's
 * fields may be other ones. */
static void workers_end_band(struct workers *workers)
{
	if (atomic_fetch_sub(&workers->pending, 1) == 1 &&
	    atomic_load(&workers->joining))
		futex_wake(&workers->pending, 1);
}

/* ---- workers ------------------------------------------------------------- */

/* What it drew of a step is one record. */
static void worker_tell(struct worker *worker, struct journal_record *part)
{
	if (part->value[1])
		journal_write(&worker->journal, part);
	part->value[1] = 0;
}

static void worker_begin_band(struct worker *worker,
			      struct journal_record *part)
{
	const struct workers *workers = worker->all;
	uint32_t step = (uint32_t)(workers->step - workers->first);

	if (part->object != step)
		worker_tell(worker, part);
	if (!part->value[1])
		part->time_ns = clock_now_ns();
	part->object = step;
}

static void worker_draw(struct worker *worker)
{
	struct journal_record part = {.kind = JOURNAL_BANDS};
	struct workers *workers = worker->all;
	uint32_t band;

	while (workers_take(workers, true, &band)) {
		/* once a band is taken, the main thread has been here */
		bool journalled = worker->journal.lane != NULL;

		if (journalled)
			worker_begin_band(worker, &part);
		workers_draw_band(workers, band, worker->scratch);
		if (journalled) {
			part.value[0] = clock_now_ns();
			part.value[1]++;
		}
		atomic_fetch_add_explicit(&worker->bands, 1,
					  memory_order_relaxed);
		workers_end_band(workers);
	}
	worker_tell(worker, &part);
}

/* The bell was read before there was nothing left to draw: if it has not been
 * rung since, there is nothing. */
static void worker_wait(struct workers *workers, uint32_t seen)
{
	if (workers_spin(&workers->bell, seen, WORKERS_IDLE_NS))
		return;
	atomic_fetch_add(&workers->asleep, 1);
	futex_wait(&workers->bell, seen);
	atomic_fetch_sub(&workers->asleep, 1);
}

static void *worker_run(void *arg)
{
	struct worker *worker = arg;
	struct workers *workers = worker->all;
	struct seal_usage usage;
	uint32_t seen;

	seal_begin(&usage);
	while (!atomic_load(&workers->stop)) {
		seen = atomic_load(&workers->bell);
		worker_draw(worker);
		if (!atomic_load(&workers->stop))
			worker_wait(workers, seen);
	}
	seal_end(&usage);
	return NULL;
}

/* ---- the tick thread ----------------------------------------------------- */

static void workers_ring(struct workers *workers, uint32_t most)
{
	uint32_t asleep;

	atomic_fetch_add(&workers->bell, 1);
	asleep = atomic_load(&workers->asleep);
	if (asleep)
		futex_wake(&workers->bell, asleep < most ? asleep : most);
}

static uint32_t workers_rows(const struct workers *workers,
			const struct graph_step *step)
{
	uint32_t each = step->kind == GRAPH_STEP_FRAME ? FRAMES_EACH
						       : BANDS_EACH;
	uint32_t bands = each * (workers->count + 1);
	uint32_t rows = (workers->graph->height + bands - 1) / bands;

	rows = (rows + GRAPH_BAND - 1) / GRAPH_BAND * GRAPH_BAND;
	return rows < step->band ? step->band : rows;
}

static void workers_open_round(struct workers *workers, const struct graph_step *step,
		       const struct graph_work *work, uint32_t rows,
		       uint32_t bands)
{
	uint64_t round = atomic_load_explicit(&workers->left,
					      memory_order_relaxed) / ROUND;

	workers->step = step;
	workers->work = work;
	workers->rows = rows;
	workers->bands = bands;
	atomic_store_explicit(&workers->pending, bands, memory_order_relaxed);
	/* release: pairs with the acquire in workers_take */
	atomic_store_explicit(&workers->left, (round + 1) * ROUND + bands * END,
			      memory_order_release);
	workers_ring(workers, bands - 1);
}

/* Bands that workers have begun. */
static void workers_join(struct workers *workers)
{
	int64_t spin_ns = WORKERS_JOIN_NS;
	uint32_t pending;

	while ((pending = atomic_load(&workers->pending))) {
		if (workers_spin(&workers->pending, pending, spin_ns))
			continue;
		spin_ns = 0;
		atomic_store(&workers->joining, true);
		futex_wait(&workers->pending, pending);
	}
	atomic_store_explicit(&workers->joining, false, memory_order_relaxed);
}

void workers_draw(struct workers *workers, const struct graph_step *step,
		  const struct graph_work *work)
{
	const struct graph *graph = workers->graph;
	uint32_t rows = workers_rows(workers, step), band;
	uint32_t bands = (graph->height + rows - 1) / rows;

	if (2 * rows > graph->height) {
		graph_step_run(graph, step, work);
		return;
	}
	workers_open_round(workers, step, work, rows, bands);
	while (workers_take(workers, false, &band)) {
		workers_draw_band(workers, band, work->pool + graph->scratch_offset);
		workers_end_band(workers);
	}
	workers_join(workers);
}

/* ---- main thread --------------------------------------------------------- */

static size_t workers_aligned(size_t bytes)
{
	return (bytes + GRAPH_OWN_ALIGN - 1) / GRAPH_OWN_ALIGN *
	       GRAPH_OWN_ALIGN;
}

static int worker_start(struct workers *workers, uint32_t i,
			const struct workers_config *config)
{
	struct worker *worker = &workers->worker[i];
	struct thread_config thread = {
		.name = "worker",
		.priority = config->priority,
		.cpu = i < config->cpu_count ? config->cpus[i] : -1,
		.run = worker_run,
		.arg = worker,
	};
	int error;

	worker->all = workers;
	worker->scratch =
		workers->pool.base + workers_aligned(sizeof(*workers)) +
		i * workers_aligned((size_t)workers->graph->scratch_bytes);
	error = thread_start(&worker->thread, &thread);
	if (error == -EPERM && thread.priority) {
		thread.priority = 0;
		error = thread_start(&worker->thread, &thread);
	}
	return error;
}

struct workers *workers_start(const struct workers_config *config, int *error,
			      int32_t *cpu)
{
	struct workers *workers;
	struct pool pool;

	*cpu = -1;
	*error = pool_init(
		&pool,
		workers_aligned(sizeof(*workers)) +
			config->count *
				workers_aligned((size_t)config->graph->scratch_bytes));
	if (*error)
		return NULL;
	workers = (struct workers *)(void *)pool.base;
	workers->pool = pool;
	workers->graph = config->graph;
	while (workers->count < config->count) {
		*error = worker_start(workers, workers->count, config);
		if (!*error) {
			workers->count++;
			continue;
		}
		if (*error == -EINVAL && workers->count < config->cpu_count)
			*cpu = config->cpus[workers->count];
		workers_finish(workers);
		return NULL;
	}
	return workers;
}

void workers_set_journal(struct workers *workers, const struct graph_plan *plan,
			 const struct journal *journal)
{
	uint32_t i, lane;

	workers->first = plan->steps;
	for (i = 0; i < workers->count; i++) {
		lane = journal_find(journal->header, JOURNAL_LANE_WORKER, i);
		if (lane < JOURNAL_LANES_MAX)
			workers->worker[i].journal =
				journal_writer(journal, lane);
	}
}

void workers_usage(const struct workers *workers, uint64_t *bands,
		   uint64_t *cpu_ns)
{
	struct timespec used;
	clockid_t clock;
	uint32_t i;

	*bands = *cpu_ns = 0;
	for (i = 0; i < workers->count; i++) {
		const struct worker *worker = &workers->worker[i];

		*bands += atomic_load_explicit(&worker->bands,
					       memory_order_relaxed);
		if (!pthread_getcpuclockid(worker->thread.id, &clock) &&
		    !clock_gettime(clock, &used))
			*cpu_ns += (uint64_t)used.tv_sec * NS_PER_SECOND +
				   (uint64_t)used.tv_nsec;
	}
}

void workers_finish(struct workers *workers)
{
	struct pool pool;
	uint32_t i;

	if (!workers)
		return;
	atomic_store(&workers->stop, true);
	workers_ring(workers, workers->count);
	for (i = 0; i < workers->count; i++)
		thread_join(&workers->worker[i].thread);
	pool = workers->pool;
	pool_finish(&pool);
}

/*
 * drivers/cuda/state.h: what the cuda backend keeps. Private to drivers/cuda.
 *
 *   plan's steps   K K T | C | T K K S      K kernel, T transfer, C on the CPU
 *                  `--'      `-----'        S copies to sinks that are staged
 *                  segment   segment
 *
 * A segment is a run of device steps: one CUDA graph, instantiated once for
 * each flight, ended by the kernel graph_done, which counts it done in mapped
 * memory. Launches of all flights go into one stream and are counted too, so
 * the work of launch number n is done when the count reaches n.
 *
 *   watch.c    who makes the calls, and that the program outlives them
 *   device.c   library, device, context, code, streams
 *   memory.c   pools, blocks, staging, the displays' slots
 *   record.c   steps -> CUDA graphs
 *   launch.c   one tick: launch, wait, read back
 *   stream.c   the ends of an EGLStream, for displays that are one
 *   map.c      displays' own memory, for those whose screen it is
 *   cuda.c     the ops
 */
#ifndef DRIVERS_CUDA_STATE_H
#define DRIVERS_CUDA_STATE_H

#include <pthread.h>

#include "drivers/cuda/error.h"
#include "drivers/cuda/library.h"
#include "drivers/cuda/watch.h"
#include "runtime/port/backend.h"

#define CUDA_FLIGHTS	  3
#define CUDA_SEGMENTS_MAX 64
#define CUDA_NAME_MAX	  96

/* A kernel step of one flight. */
struct cuda_kernel {
	unsigned char
		*block; /* host: its argument, or what is copied into it */
	uint64_t device_block;	/* the copy's address; 0: passed by value */
	struct cuda_node *node; /* in its segment's graph, to be changed */
	struct cuda_kernel_node launch;
	void *argument; /* points at block or device_block */
};

/* A run of device steps, first to end - 1. */
struct cuda_segment {
	uint32_t first, end;
	struct cuda_graph *graph[CUDA_FLIGHTS]; /* owns the kernels' nodes */
	struct cuda_exec *exec[CUDA_FLIGHTS];
};

/* A sink that the device draws beside its slots. */
struct cuda_stage {
	uint64_t frame[CUDA_FLIGHTS];	      /* device */
	unsigned char *picture[CUDA_FLIGHTS]; /* pinned; what staged() says */
};

/* Counts what is done in mapped memory, for one stream. */
struct cuda_counter {
	uint32_t *flag;	       /* host; the device writes */
	uint64_t flag_device;  /* the same memory's address there */
	uint64_t count_device; /* the device's own copy */
	uint32_t launched;     /* by the host; others read it atomically */
	int64_t progress_ns;   /* when the flag was last seen to move */
	uint32_t looks;	       /* since then that found it where it was */
	int64_t typical_ns;    /* from launch to done: a running median */
};

struct cuda {
	struct cuda_library library;
	struct backend *backend;
	const struct graph *graph;
	const struct graph_plan *plan;

	/* device.c */
	int device, major, minor, driver_version, integrated;
	pthread_t main_thread; /* whose calls are made in another: watch.h */
	bool is_left; /* a display's thread is in a call still: it goes on */
	char name[CUDA_NAME_MAX];
	struct cuda_context *context;
	struct cuda_module *module;
	struct cuda_function *done;
	struct cuda_stream *stream, *copy_stream;

	/* memory.c */
	uint64_t pool;	       /* device pool */
	uint64_t blocks;       /* device: those that are copied */
	uint64_t fallback;     /* device: a row, for ticks without a slot */
	unsigned char *pinned; /* pinned pool, then the host's blocks */
	size_t pinned_bytes;
	struct cuda_kernel *kernels;		  /* by flight, by step */
	struct cuda_stage stage[GRAPH_SINKS_MAX]; /* picture[0] NULL: not */
	size_t stage_pitch;
	struct display_memory memory;
	struct display_map map;
	struct display_stream egl_stream;
	struct cuda_stream *egl_order; /* NULL: stream 0; see stream.c */
	_Atomic int egl_code; /* what a call for a stream answered last */

	/* record.c */
	struct cuda_segment segment[CUDA_SEGMENTS_MAX];
	uint32_t segment_count;

	/* launch.c: tick thread */
	struct cuda_counter work, copy;
	uint32_t target[CUDA_FLIGHTS];	   /* work count that ends it */
	int64_t launched_ns[CUDA_FLIGHTS]; /* its last segment */
	uint32_t last_first[CUDA_FLIGHTS]; /* first step of that */
};

static inline struct cuda_kernel *cuda_kernel(const struct cuda *cuda,
					      uint32_t flight, uint32_t step)
{
	return &cuda->kernels[(size_t)flight * cuda->plan->step_count + step];
}

/* The first failure of a row of calls is kept, checked once. */
struct cuda_check {
	int code; /* CUresult */
	const char *what;
};

#define cuda_try(cuda, check, name, ...)                                       \
	do {                                                                   \
		if (!(check)->code) {                                          \
			(check)->code = cuda_call(&(cuda)->library, name,      \
						  __VA_ARGS__);                \
			(check)->what = cuda_call_symbol(CUDA_CALL_##name);    \
		}                                                              \
	} while (0)

/*
 * cuda.c: runs job(arg) in the thread that makes the calls (watch.h). False: it
 * was left, and the backend is lost.
 */
bool cuda_attend(struct backend *backend, void (*job)(void *arg), void *arg,
		 int limit_ms);

/* device.c. As backend open; accepts half-open ones on close. */
enum exit_status cuda_device_open(struct cuda *cuda, int32_t ordinal,
				  char *line, size_t line_bytes);
void cuda_device_close(struct cuda *cuda);

/* memory.c */
enum exit_status cuda_memory_open(struct cuda *cuda, char *line,
				  size_t line_bytes);
void cuda_memory_close(struct cuda *cuda);
/* Staging for the sinks of these displays; NULL: for none. */
enum exit_status cuda_stage_open(struct cuda *cuda,
				 const struct display displays[], char *line,
				 size_t line_bytes);
void cuda_stage_close(struct cuda *cuda);

/* map.c: fills in cuda->map, once the device is open. */
void cuda_map_open(struct cuda *cuda);

/* stream.c: fills in cuda->egl_stream, once the device is open. */
void cuda_stream_open(struct cuda *cuda);

/* record.c */
enum exit_status cuda_record(struct cuda *cuda, char *line, size_t line_bytes);
void cuda_forget(struct cuda *cuda);

/* launch.c: as the ops of those names. */
enum backend_status cuda_enter(struct backend *backend);
enum backend_status cuda_launch(struct backend *backend, uint32_t flight,
				const struct graph_work *work,
				struct step_time times[]);
enum backend_status cuda_wait(struct backend *backend, uint32_t flight,
			      int64_t until_ns, struct step_time times[]);
bool cuda_staged(const struct backend *backend, uint32_t flight, uint32_t sink,
		 struct image *image);
enum backend_status cuda_read(struct backend *backend, const struct image *from,
			      const struct image *to, int64_t until_ns);
/* Sealed: the copy, done when it is READY, beside the frames that are drawn. */
enum backend_status cuda_copy(struct backend *backend,
			      const struct cuda_copy_2d *copy,
			      int64_t until_ns);
/* As struct display_map's idle: any thread, without a call. */
bool cuda_idle(const struct cuda *cuda, int limit_ms);

#endif

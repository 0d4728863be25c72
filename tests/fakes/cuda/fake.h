/*
 * tests/fakes/cuda/fake.h: the fake libcuda's own structs.
 *
 * One mutex guards everything here; a stream's worker thread drops it while it
 * does the work it took. Handles are pointers to these structs; each begins
 * with struct object, and an unknown pointer is refused, as CUDA may.
 * Environment: see config.c.
 */
#ifndef TESTS_FAKES_CUDA_FAKE_H
#define TESTS_FAKES_CUDA_FAKE_H

#include <pthread.h>
#include <stdbool.h>

#include "tests/fakes/cuda/kernel.h"
#include "tests/fakes/cuda/report.h"

#define FAKE_QUEUE    256 /* work items a stream holds; a power of two */
#define FAKE_VERSIONS 8   /* launches of one exec under way at once */

/* CUresult: those that the fake returns by itself. */
enum {
	FAKE_OK = 0,
	FAKE_INVALID_VALUE = 1,
	FAKE_OUT_OF_MEMORY = 2,
	FAKE_NO_DEVICE = 100,
	FAKE_INVALID_DEVICE = 101,
	FAKE_INVALID_IMAGE = 200,
	FAKE_INVALID_CONTEXT = 201,
	FAKE_NO_BINARY = 209,
	FAKE_INVALID_HANDLE = 400,
	FAKE_NOT_FOUND = 500,
	FAKE_NOT_READY = 600,
	FAKE_NOT_SUPPORTED = 801,
	FAKE_LAUNCH_TIMEOUT = 702,
	FAKE_CAPTURE_UNSUPPORTED = 900,
	FAKE_CAPTURE_INVALIDATED = 901,
	FAKE_UNKNOWN = 999,
};

struct fake_injection {
	int call;  /* enum cuda_call; -1: any */
	int code;  /* CUresult to return */
	long left; /* calls until it is returned */
};

struct fake_config {
	struct fake_injection inject[16];
	uint32_t inject_count;
	struct fake_injection work; /* by launches of graphs, as they run */
	char block[64];		    /* entry whose call blocks; "": none */
	long block_left;	    /* its calls until then */
	long hang;		    /* launches of graphs until one hangs */
	long delay_us;		    /* before a graph's work is done */
	long skip;		    /* graphs that are done without drawing */
	int devices, capability, driver_version, integrated;
	uint64_t memory; /* of the device, bytes */
	const char *kernels, *missing;
	const char *registers; /* kind of memory that can be mapped; NULL: any */
	bool leaves_files;     /* imports do not take them over */
	const char *images;    /* "array", "pitch": as EGLImages are not wanted */
};

struct object {
	enum fake_kind kind;
	struct object *next;
};

struct cuda_context {
	struct object object;
	int device;
};

struct cuda_function {
	char name[128];
	const struct fake_kernel *kernel;
	struct cuda_function *next;
};

struct cuda_module {
	struct object object;
	void *kernels; /* dlopen's */
	struct cuda_function *functions;
};

/* Device, pinned, registered or imported memory. */
struct memory {
	struct object object;
	unsigned char *base;
	size_t bytes;
	unsigned int flags;	    /* registered */
	struct cuda_import *import; /* imported */
};

struct cuda_import {
	struct object object;
	int fd;
	size_t bytes;
	uint32_t maps;
};

struct cuda_event {
	struct object object;
	uint64_t recorded, done; /* times */
	int64_t done_ns;
	struct cuda_graph *graph; /* recorded while this was captured */
};

enum node_type { NODE_KERNEL, NODE_COPY, NODE_COPY_2D, NODE_SET, NODE_FILL };

struct cuda_node {
	enum node_type type;
	const struct fake_kernel *kernel;
	uint32_t grid[3], block[3];
	unsigned char params[FAKE_KERNEL_BYTES_MAX]
		__attribute__((aligned(16)));
	struct cuda_copy_2d copy; /* COPY: one row */
	uint32_t value; /* SET: of 32 bits; FILL: a byte; height 1 */
	struct cuda_node *next;
};

struct cuda_graph {
	struct object object;
	uint64_t serial; /* never the same for two graphs */
	bool capturing, invalid;
	uint32_t count;
	struct cuda_node *first, *last;
};

/* nodes[i] is a copy of origin[i]; a launch takes a version, a copy of them. */
struct cuda_exec {
	struct object object;
	struct cuda_graph *graph;
	uint64_t graph_serial;
	uint32_t count;
	struct cuda_node **origin;
	struct cuda_node *nodes;
	struct cuda_node *version[FAKE_VERSIONS];
	bool busy[FAKE_VERSIONS];
};

enum item_type { ITEM_NODE, ITEM_EXEC, ITEM_EVENT, ITEM_WAIT };

struct item {
	enum item_type type;
	struct cuda_node node;
	struct cuda_exec *exec;
	uint32_t version;
	struct cuda_event *event;
	uint64_t event_time;
	int64_t due_us; /* by the fake's clock: when it is done */
};

struct cuda_stream {
	struct object object;
	pthread_t thread;
	bool stop;
	bool stands; /* until told to, or for another stream */
	int64_t due_us; /* of the last item */
	uint32_t head, tail; /* items taken and done; put */
	struct item *items;
	struct cuda_graph *capture; /* NULL: not capturing */
	pthread_t capture_thread;
};

extern struct fake_config fake_config;
extern struct fake_report *fake_report;
extern pthread_mutex_t fake_lock;
extern pthread_cond_t fake_changed;
extern _Thread_local struct cuda_context *fake_current;

/* config.c */
void fake_configure(void);

/*
 * core.c. Every entry begins with fake_enter, which takes the lock, counts the
 * call, and returns what it must fail with, and ends with fake_leave, which
 * drops the lock and returns `code`.
 */
int fake_enter(enum cuda_call call, bool needs_context);
int fake_leave(int code);
/* The context is lost: every later call returns `code`. */
void fake_lose(int code);
/* Notes a call that CUDA's reference forbids; returns `code`. */
int fake_misuse(const char *what, int code);
const char *fake_call_symbol(enum cuda_call call);

/* objects.c */
void *fake_new(enum fake_kind kind, size_t bytes);
bool fake_is(const void *object, enum fake_kind kind);
void *fake_each(enum fake_kind kind, const void *after); /* NULL: first */
void fake_delete(void *object);

/* import.c: true: it was a mapping of an import, which has ended. */
bool fake_import_unmap(void *base);
/* False: it is no EGLImage that is registered. */
bool fake_image_frame(struct cuda_frame *frame, const void *which);

/* memory.c: what a copy or a kernel may touch. */
bool fake_in_memory(const void *from, size_t bytes, bool device);
void fake_open_memory(void); /* device memory may be touched: nests */
void fake_shut_memory(void);

/* stream.c and work.c. fake_submit adds to a capture, or to the queue. */
/* The one that calls without a stream use; no other waits for it. */
struct cuda_stream *fake_default_stream(void);
void fake_take_params(struct cuda_node *node, void *const *params);
int fake_submit(struct cuda_stream *stream, const struct cuda_node *node);
int fake_queue(struct cuda_stream *stream, const struct item *item);
/* One look of a caller that waits: for something in any stream, for all of this
 * one. The clock goes on as far. */
void fake_wait_all(void);
void fake_wait_stream(struct cuda_stream *stream);
void fake_pass_call(void);
int fake_stream_start(struct cuda_stream *stream);
void fake_stream_stop(struct cuda_stream *stream);
int fake_set_words(uint64_t to, unsigned int value, size_t words,
		   struct cuda_stream *stream);
int fake_copy_device(uint64_t to, uint64_t from, size_t bytes,
		     struct cuda_stream *stream);
bool fake_capture_forbids(void); /* this thread captures: sync calls fail */

#endif

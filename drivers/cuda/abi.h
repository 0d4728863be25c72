/*
 * drivers/cuda/abi.h: the part of the CUDA driver's interface that is used.
 *
 * Declared here rather than included: a machine without the toolkit builds the
 * same program, and its one binary runs with and without a GPU. Every entry is
 * taken from libcuda.so.1 by cuGetProcAddress at CUDA_ABI_VERSION, so its
 * signature and structs are those of CUDA 11.4, whatever driver is there.
 * tests/drivers/cuda_abi.test.sh holds these declarations against cuda.h where
 * a toolkit is installed. Names, numbers and meanings: the CUDA driver API's.
 *
 * Read next: library.h.
 */
#ifndef DRIVERS_CUDA_ABI_H
#define DRIVERS_CUDA_ABI_H

#include <stddef.h>
#include <stdint.h>

#define CUDA_ABI_VERSION 11040 /* JetPack 5 */

/* Opaque: CUcontext, CUmodule, CUfunction, CUstream, CUevent, CUgraph,
 * CUgraphNode, CUgraphExec. A CUdevice is an int, a CUdeviceptr a uint64_t. */
struct cuda_context;
struct cuda_module;
struct cuda_function;
struct cuda_stream;
struct cuda_event;
struct cuda_graph;
struct cuda_node;
struct cuda_exec;
struct cuda_end;     /* CUeglStreamConnection points at one */
struct cuda_picture; /* CUgraphicsResource */
struct cuda_import;  /* CUexternalMemory */

/* CUdevice_attribute */
enum {
	CUDA_ATTRIBUTE_INTEGRATED = 18,
	CUDA_ATTRIBUTE_MAJOR = 75,
	CUDA_ATTRIBUTE_MINOR = 76,
};

enum {
	CUDA_CONTEXT_BLOCKING_SYNC = 0x04, /* CU_CTX_SCHED_BLOCKING_SYNC */
	CUDA_CONTEXT_MAP_HOST = 0x08,	   /* CU_CTX_MAP_HOST */
	CUDA_STREAM_NON_BLOCKING = 0x1,	   /* CU_STREAM_NON_BLOCKING */
	CUDA_HOST_MAPPED = 0x02,	   /* CU_MEMHOSTALLOC_DEVICEMAP */
	CUDA_HOST_PORTABLE = 0x01,	   /* CU_MEMHOSTALLOC_PORTABLE */
	CUDA_REGISTER_MAPPED = 0x02,	   /* CU_MEMHOSTREGISTER_DEVICEMAP */
	CUDA_REGISTER_IO = 0x04,	   /* CU_MEMHOSTREGISTER_IOMEMORY */
	CUDA_IMPORT_DMA_BUF = 9, /* CU_EXTERNAL_MEMORY_HANDLE_TYPE_DMABUF_FD,
				    of CUDA 13.0: an older driver refuses it */
	CUDA_CAPTURE_THREAD_LOCAL = 1,	   /* CUstreamCaptureMode */
	CUDA_MEMORY_HOST = 1,		   /* CUmemorytype */
	CUDA_MEMORY_DEVICE = 2,
	CUDA_MEMORY_ARRAY = 3,
	CUDA_FRAME_ARRAY = 0,
	CUDA_FRAME_PITCH = 1,		   /* CUeglFrameType */
	CUDA_FRAME_ARGB = 6,		   /* CUeglColorFormat: BGRA in memory */
	CUDA_FRAME_BYTES = 1,		   /* CUarray_format: of 8 bits */
};

/* CUDA_KERNEL_NODE_PARAMS_v1 */
struct cuda_kernel_node {
	struct cuda_function *function;
	unsigned int grid_x, grid_y, grid_z;
	unsigned int block_x, block_y, block_z;
	unsigned int shared_bytes;
	void **params;
	void **extra;
};

/* CUDA_MEMCPY2D_v2: rows of width_bytes. */
struct cuda_copy_2d {
	size_t from_x_bytes, from_y;
	unsigned int from_type;
	const void *from_host;
	uint64_t from_device;
	void *from_array;
	size_t from_pitch;
	size_t to_x_bytes, to_y;
	unsigned int to_type;
	void *to_host;
	uint64_t to_device;
	void *to_array;
	size_t to_pitch;
	size_t width_bytes, height;
};

/* CUDA_EXTERNAL_MEMORY_HANDLE_DESC_v1 */
struct cuda_import_from {
	unsigned int type;
	union {
		int fd;
		struct {
			void *handle;
			const void *name;
		} other;
	} from;
	unsigned long long bytes;
	unsigned int flags; /* 0 */
	unsigned int reserved[16];
};

/* CUDA_EXTERNAL_MEMORY_BUFFER_DESC_v1 */
struct cuda_import_part {
	unsigned long long offset, bytes;
	unsigned int flags; /* 0 */
	unsigned int reserved[16];
};

/* CUeglFrame_v1, passed by value. */
struct cuda_frame {
	void *plane[3]; /* device memory, or arrays */
	unsigned int width, height, depth;
	unsigned int pitch; /* bytes */
	unsigned int plane_count, channels;
	int type;   /* CUDA_FRAME_PITCH */
	int format; /* CUDA_FRAME_ARGB */
	int element; /* CUDA_FRAME_BYTES */
};

/*
 * Every entry, as ENTRY(name, symbol, argument types): the field of struct
 * cuda_entries and the name without its version's suffix that cuGetProcAddress
 * takes. All return a CUresult.
 */
#define CUDA_DRAWING_ENTRIES(ENTRY)                                            \
	/* device and context */                                               \
	ENTRY(init, "cuInit", (unsigned int flags))                            \
	ENTRY(error_name, "cuGetErrorName", (int code, const char **name))     \
	ENTRY(driver_version, "cuDriverGetVersion", (int *version))            \
	ENTRY(device_count, "cuDeviceGetCount", (int *count))                  \
	ENTRY(device_get, "cuDeviceGet", (int *device, int ordinal))           \
	ENTRY(device_name, "cuDeviceGetName",                                  \
	      (char *name, int bytes, int device))                             \
	ENTRY(device_attribute, "cuDeviceGetAttribute",                        \
	      (int *value, int attribute, int device))                         \
	ENTRY(context_create, "cuCtxCreate", /* _v3: no affinity */               \
	      (struct cuda_context **context, void *affinities,                \
	       int affinity_count, unsigned int flags, int device))            \
	ENTRY(context_destroy, "cuCtxDestroy",                                 \
	      (struct cuda_context * context))                                 \
	ENTRY(context_set, "cuCtxSetCurrent", (struct cuda_context * context)) \
	ENTRY(stream_priorities, "cuCtxGetStreamPriorityRange",                \
	      (int *least, int *greatest))                                     \
	/* memory */                                                           \
	ENTRY(memory_info, "cuMemGetInfo", (size_t * free, size_t * total))    \
	ENTRY(memory_alloc, "cuMemAlloc", (uint64_t * address, size_t bytes))  \
	ENTRY(memory_free, "cuMemFree", (uint64_t address))                    \
	ENTRY(memory_set, "cuMemsetD8",                                        \
	      (uint64_t address, unsigned char value, size_t bytes))           \
	ENTRY(host_alloc, "cuMemHostAlloc",                                    \
	      (void **memory, size_t bytes, unsigned int flags))               \
	ENTRY(host_free, "cuMemFreeHost", (void *memory))                      \
	ENTRY(host_address, "cuMemHostGetDevicePointer",                       \
	      (uint64_t * address, void *memory, unsigned int flags))          \
	ENTRY(host_register, "cuMemHostRegister",                              \
	      (void *memory, size_t bytes, unsigned int flags))                \
	ENTRY(host_unregister, "cuMemHostUnregister", (void *memory))          \
	/* code */                                                             \
	ENTRY(module_load, "cuModuleLoadData",                                 \
	      (struct cuda_module * *module, const void *image))               \
	ENTRY(module_unload, "cuModuleUnload", (struct cuda_module * module))  \
	ENTRY(module_function, "cuModuleGetFunction",                          \
	      (struct cuda_function * *function, struct cuda_module * module,  \
	       const char *name))                                              \
	/* streams; events, which only benchmarks use */                       \
	ENTRY(stream_create, "cuStreamCreateWithPriority",                     \
	      (struct cuda_stream * *stream, unsigned int flags,               \
	       int priority))                                                  \
	ENTRY(stream_destroy, "cuStreamDestroy",                               \
	      (struct cuda_stream * stream))                                   \
	ENTRY(stream_query, "cuStreamQuery", (struct cuda_stream * stream))    \
	ENTRY(stream_wait, "cuStreamSynchronize",                              \
	      (struct cuda_stream * stream))                                   \
	ENTRY(event_create, "cuEventCreate",                                   \
	      (struct cuda_event * *event, unsigned int flags))                \
	ENTRY(event_destroy, "cuEventDestroy", (struct cuda_event * event))    \
	ENTRY(event_record, "cuEventRecord",                                   \
	      (struct cuda_event * event, struct cuda_stream * stream))        \
	ENTRY(event_elapsed, "cuEventElapsedTime",                             \
	      (float *ms, struct cuda_event *begin, struct cuda_event *end))   \
	/* work, captured into graphs or, copies out, as it comes */           \
	ENTRY(launch, "cuLaunchKernel",                                        \
	      (struct cuda_function * function, unsigned int grid_x,           \
	       unsigned int grid_y, unsigned int grid_z, unsigned int block_x, \
	       unsigned int block_y, unsigned int block_z,                     \
	       unsigned int shared_bytes, struct cuda_stream *stream,          \
	       void **params, void **extra))                                   \
	ENTRY(copy_up, "cuMemcpyHtoDAsync",                                    \
	      (uint64_t to, const void *from, size_t bytes,                    \
	       struct cuda_stream *stream))                                    \
	ENTRY(copy_down, "cuMemcpyDtoHAsync",                                  \
	      (void *to, uint64_t from, size_t bytes,                          \
	       struct cuda_stream *stream))                                    \
	ENTRY(copy_2d, "cuMemcpy2DAsync",                                      \
	      (const struct cuda_copy_2d *copy, struct cuda_stream *stream))   \
	ENTRY(capture_begin, "cuStreamBeginCapture",                           \
	      (struct cuda_stream * stream, int mode))                         \
	ENTRY(capture_info, "cuStreamGetCaptureInfo",                          \
	      (struct cuda_stream * stream, int *status, uint64_t *id,         \
	       struct cuda_graph **graph, struct cuda_node *const **last,      \
	       size_t *last_count))                                            \
	ENTRY(capture_end, "cuStreamEndCapture",                               \
	      (struct cuda_stream * stream, struct cuda_graph * *graph))       \
	ENTRY(graph_destroy, "cuGraphDestroy", (struct cuda_graph * graph))    \
	ENTRY(graph_instantiate, "cuGraphInstantiateWithFlags",                \
	      (struct cuda_exec * *exec, struct cuda_graph * graph,            \
	       unsigned long long flags))                                      \
	ENTRY(exec_destroy, "cuGraphExecDestroy", (struct cuda_exec * exec))   \
	ENTRY(exec_set_kernel, "cuGraphExecKernelNodeSetParams",               \
	      (struct cuda_exec * exec, struct cuda_node * node,               \
	       const struct cuda_kernel_node *params))                         \
	ENTRY(exec_upload, "cuGraphUpload",                                    \
	      (struct cuda_exec * exec, struct cuda_stream * stream))          \
	ENTRY(exec_launch, "cuGraphLaunch",                                    \
	      (struct cuda_exec * exec, struct cuda_stream * stream))

/* Memory of others. What is mapped ends by cuMemFree, before its import. */
#define CUDA_IMPORT_ENTRIES(ENTRY)                                             \
	ENTRY(import_memory, "cuImportExternalMemory",                         \
	      (struct cuda_import * *import,                                   \
	       const struct cuda_import_from *from))                           \
	ENTRY(import_map, "cuExternalMemoryGetMappedBuffer",                   \
	      (uint64_t * address, struct cuda_import * import,                \
	       const struct cuda_import_part *part))                           \
	ENTRY(import_end, "cuDestroyExternalMemory",                           \
	      (struct cuda_import * import))                                   \
	ENTRY(image_register, "cuGraphicsEGLRegisterImage",                    \
	      (struct cuda_picture * *picture, void *image,                    \
	       unsigned int flags))                                            \
	ENTRY(image_end, "cuGraphicsUnregisterResource",                       \
	      (struct cuda_picture * picture))

/* The ends of an EGLStream, in cudaEGL.h: a driver may be without them. */
#define CUDA_STREAM_ENTRIES(ENTRY)                                             \
	ENTRY(consumer_connect, "cuEGLStreamConsumerConnect",                  \
	      (struct cuda_end * *end, void *stream))                          \
	ENTRY(consumer_disconnect, "cuEGLStreamConsumerDisconnect",            \
	      (struct cuda_end * *end))                                        \
	ENTRY(consumer_acquire, "cuEGLStreamConsumerAcquireFrame",             \
	      (struct cuda_end * *end, struct cuda_picture * *picture,         \
	       struct cuda_stream * *stream, unsigned int timeout_us))         \
	ENTRY(consumer_release, "cuEGLStreamConsumerReleaseFrame",             \
	      (struct cuda_end * *end, struct cuda_picture * picture,          \
	       struct cuda_stream * *stream))                                  \
	ENTRY(picture_frame, "cuGraphicsResourceGetMappedEglFrame",            \
	      (struct cuda_frame * frame, struct cuda_picture * picture,       \
	       unsigned int index, unsigned int level))                        \
	ENTRY(producer_connect, "cuEGLStreamProducerConnect",                  \
	      (struct cuda_end * *end, void *stream, int width, int height))   \
	ENTRY(producer_disconnect, "cuEGLStreamProducerDisconnect",            \
	      (struct cuda_end * *end))                                        \
	ENTRY(producer_present, "cuEGLStreamProducerPresentFrame",             \
	      (struct cuda_end * *end, struct cuda_frame frame,                \
	       struct cuda_stream * *stream))                                  \
	ENTRY(producer_return, "cuEGLStreamProducerReturnFrame",               \
	      (struct cuda_end * *end, struct cuda_frame * frame,              \
	       struct cuda_stream * *stream))

#define CUDA_ENTRIES(ENTRY)                                                    \
	CUDA_DRAWING_ENTRIES(ENTRY)                                            \
	CUDA_IMPORT_ENTRIES(ENTRY)                                             \
	CUDA_STREAM_ENTRIES(ENTRY)

/* cuGetProcAddress as 11.3 brought it; found with dlsym. */
typedef int (*cuda_find)(const char *symbol, void **entry, int version,
			 uint64_t flags);

#define CUDA_ENTRY_FIELD(name, symbol, arguments) int(*name) arguments;
struct cuda_entries {
	CUDA_ENTRIES(CUDA_ENTRY_FIELD)
};

#define CUDA_ENTRY_INDEX(name, symbol, arguments) CUDA_CALL_##name,
enum cuda_call { CUDA_ENTRIES(CUDA_ENTRY_INDEX) CUDA_CALL_COUNT };

/* Those from here on may be missing. */
#define CUDA_CALL_FIRST_OPTIONAL CUDA_CALL_import_memory
#define CUDA_CALL_FIRST_STREAM	 CUDA_CALL_consumer_connect

#endif

/*
 * drivers/cuda/map.c: a display's own memory on the device
 * (runtime/port/display_map.h).
 *
 * The main thread's calls are made by the cuda thread, which is looked after; a
 * display's helper makes its own, since the tick thread's are looked after
 * meanwhile (watch.h): who waits for the helper has limits of its own.
 *
 *   host     cuMemHostRegister as I/O memory, which a display's pages are where
 *            the kernel maps them by number (nvidia-drm); else as ordinary
 *            memory, which they are where it takes them page by page
 *   egl_image  cuGraphicsEGLRegisterImage: of Tegras, for EGLImages whose frame
 *            CUDA has as rows, not as an array
 *   dma_buf  cuImportExternalMemory: cuda.h of 13.0 documents it for Tegras
 * from Thor on, no other device
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/cuda/state.h"

#define MARK_THREADS_X 32
#define MARK_THREADS_Y 8

/* One request, and how it went. */
struct cuda_map_job {
	struct cuda *cuda;
	bool is_watched; /* made in the cuda thread */
	int code;	 /* CUresult of the first call that was refused */
	enum cuda_call call;
	char *line;
	struct display_mapping *mapping;
	void *base;
	size_t bytes;
	int fd;
	bool has_file; /* fd is the job's */
	void *egl_image;
	const struct image *image;
	uint32_t seed;
	bool black;
};

#define map_call(job, name, ...)                                               \
	((job)->is_watched                                                     \
		 ? cuda_call(&(job)->cuda->library, name, __VA_ARGS__)         \
		 : (job)->cuda->library.entries.name(__VA_ARGS__))

/* The first refusal is kept. */
#define map_try(job, name, ...)                                                \
	do {                                                                   \
		if (!(job)->code) {                                            \
			(job)->call = CUDA_CALL_##name;                        \
			(job)->code = map_call(job, name, __VA_ARGS__);        \
		}                                                              \
	} while (0)

/* "801 NOT_SUPPORTED" */
static void map_code_text(struct cuda_map_job *job, int code, char *text,
			  size_t bytes)
{
	static const char prefix[] = "CUDA_ERROR_";
	const char *name = NULL;

	if (map_call(job, error_name, code, &name) || !name)
		name = "";
	else if (!strncmp(name, prefix, sizeof(prefix) - 1))
		name += sizeof(prefix) - 1;
	snprintf(text, bytes, "%d%s%s", code, *name ? " " : "", name);
}

static void map_refuse(struct cuda_map_job *job)
{
	char text[64];

	map_code_text(job, job->code, text, sizeof(text));
	snprintf(job->line, DISPLAY_MAP_LINE_MAX, "%s: CUDA error %s",
		 cuda_call_symbol(job->call), text);
}

/* ---- ordinary memory ----------------------------------------------------- */

static int map_register(struct cuda_map_job *job, unsigned int how)
{
	return map_call(job, host_register, job->base, job->bytes,
			CUDA_REGISTER_MAPPED | how);
}

static void map_host_job(void *arg)
{
	struct cuda_map_job *job = arg;
	char io_text[64], text[64];
	int io = map_register(job, CUDA_REGISTER_IO);
	int code = io ? map_register(job, 0) : io;

	if (code) {
		map_code_text(job, io, io_text, sizeof(io_text));
		map_code_text(job, code, text, sizeof(text));
		snprintf(
			job->line, DISPLAY_MAP_LINE_MAX,
			"cuMemHostRegister: CUDA error %s as I/O memory, %s as "
			"ordinary memory",
			io_text, text);
		job->code = code;
		return;
	}
	map_try(job, host_address, &job->mapping->address, job->base, 0);
	job->mapping->kind = DISPLAY_MAPPING_HOST;
	job->mapping->held = job->base;
	if (!job->code)
		return;
	map_refuse(job);
	map_call(job, host_unregister, job->base);
}

/* ---- a dma-buf ----------------------------------------------------------- */

static bool map_has_imports(const struct cuda *cuda)
{
	return cuda->library.entries.import_memory &&
	       cuda->library.entries.import_map &&
	       cuda->library.entries.import_end;
}

static uint64_t map_file(int fd)
{
	struct stat status;

	return fstat(fd, &status) ? 0 : status.st_ino;
}

/* cuda.h says of other kinds of files that an import takes them over, of this
 * kind nothing: if it is there still, nobody else closes it. */
static void map_close_file(const struct display_mapping *mapping)
{
	if (mapping->file && map_file(mapping->fd) == mapping->file)
		close(mapping->fd);
}

static void map_dma_buf_job(void *arg)
{
	struct cuda_map_job *job = arg;
	const struct cuda_import_from from = {.type = CUDA_IMPORT_DMA_BUF,
					      .from.fd = job->fd,
					      .bytes = job->bytes};
	const struct cuda_import_part part = {.bytes = job->bytes};
	struct cuda_import *import = NULL;

	job->has_file = true;
	job->mapping->kind = DISPLAY_MAPPING_DMA_BUF;
	job->mapping->fd = job->fd;
	job->mapping->file = map_file(job->fd);
	map_try(job, import_memory, &import, &from);
	map_try(job, import_map, &job->mapping->address, import, &part);
	job->mapping->held = import;
	if (!job->code)
		return;
	map_refuse(job);
	if (import)
		map_call(job, import_end, import);
	map_close_file(job->mapping);
}

/* ---- an EGLImage --------------------------------------------------------------- */

/* Rows as they are wanted; a code is none of CUDA's then. */
static bool map_is_wanted(struct cuda_map_job *job,
			  const struct cuda_frame *frame)
{
	const struct image *wanted = job->image;

	if (frame->type == CUDA_FRAME_PITCH && frame->plane_count == 1 &&
	    frame->width == wanted->width && frame->height == wanted->height &&
	    frame->pitch == wanted->pitch && frame->plane[0])
		return true;
	if (frame->type == CUDA_FRAME_PITCH)
		snprintf(job->line, DISPLAY_MAP_LINE_MAX,
			 "CUDA has the EGLImage as %ux%u in rows of %u bytes",
			 frame->width, frame->height, frame->pitch);
	else
		snprintf(job->line, DISPLAY_MAP_LINE_MAX,
			 "CUDA has the EGLImage as an array, not as rows");
	return false;
}

static void map_image_job(void *arg)
{
	struct cuda_map_job *job = arg;
	struct cuda_frame frame = {.plane = {NULL}};
	struct cuda_picture *picture = NULL;

	map_try(job, image_register, &picture, job->egl_image, 0);
	map_try(job, picture_frame, &frame, picture, 0, 0);
	job->mapping->kind = DISPLAY_MAPPING_IMAGE;
	job->mapping->held = picture;
	job->mapping->address = (uint64_t)(uintptr_t)frame.plane[0];
	if (job->code)
		map_refuse(job);
	else if (!map_is_wanted(job, &frame))
		job->code = CUDA_NOT_FOUND;
	if (job->code && picture)
		map_call(job, image_end, picture);
}

/* ---- the way back -------------------------------------------------------- */

static void map_end_job(void *arg)
{
	struct cuda_map_job *job = arg;
	struct display_mapping *mapping = job->mapping;

	if (mapping->kind == DISPLAY_MAPPING_HOST) {
		map_call(job, host_unregister, mapping->held);
	} else if (mapping->kind == DISPLAY_MAPPING_IMAGE) {
		map_call(job, image_end, mapping->held);
	} else {
		map_call(job, memory_free, mapping->address);
		map_call(job, import_end, mapping->held);
		map_close_file(mapping);
	}
}

/* ---- a picture into it --------------------------------------------------- */

/* A store that the device could not make has cost it its context. */
static void map_lose(struct cuda_map_job *job)
{
	char line[BACKEND_TEXT_MAX];

	snprintf(line, sizeof(line),
		 "trying the display's memory: %.100s: start again with "
		 "--display kms,buffers=dumb",
		 job->line);
	backend_set_lost(job->cuda->backend, line);
}

static void map_mark_job(void *arg)
{
	struct cuda_map_job *job = arg;
	struct cuda *cuda = job->cuda;
	const struct image *image = job->image;
	struct graph_device_mark mark = {
		.image = {(uint64_t)(uintptr_t)image->base, image->pitch},
		.width = image->width,
		.height = image->height,
		.seed = job->seed,
		.black = job->black,
	};
	struct cuda_function *function = NULL;
	void *argument = &mark;

	map_try(job, module_function, &function, cuda->module, "graph_mark");
	map_try(job, launch, function,
		(image->width + MARK_THREADS_X - 1) / MARK_THREADS_X,
		(image->height + MARK_THREADS_Y - 1) / MARK_THREADS_Y, 1,
		MARK_THREADS_X, MARK_THREADS_Y, 1, 0, cuda->stream, &argument,
		NULL);
	map_try(job, stream_wait, cuda->stream);
	if (job->code)
		map_refuse(job);
	if (job->code && cuda_error_find(job->code)->sticky)
		map_lose(job);
}

/* ---- whoever asks -------------------------------------------------------- */

/* False: refused, or left in the middle. */
static bool map_run(struct cuda_map_job *job, void (*run)(void *arg),
		    int limit_ms)
{
	struct cuda *cuda = job->cuda;

	if (pthread_equal(pthread_self(), cuda->main_thread)) {
		job->is_watched = true;
		if (cuda_attend(cuda->backend, run, job, limit_ms))
			return !job->code;
		snprintf(job->line, DISPLAY_MAP_LINE_MAX, "the GPU is lost");
		return false;
	}
	job->line[0] = '\0';
	map_try(job, context_set, cuda->context);
	if (!job->code)
		run(job);
	else
		map_refuse(job);
	return !job->code;
}

static bool map_make(struct cuda_map_job *job, void (*run)(void *arg))
{
	struct display_mapping *mapping = job->mapping;

	*mapping = (struct display_mapping){.address = 0};
	if (map_run(job, run, CUDA_WATCH_START_MS))
		return true;
	*mapping = (struct display_mapping){.address = 0};
	return false;
}

static bool map_host(void *context, void *base, size_t bytes,
		     struct display_mapping *mapping, char *line)
{
	struct cuda_map_job job = {.cuda = context,
				   .base = base,
				   .bytes = bytes,
				   .mapping = mapping,
				   .line = line};

	return map_make(&job, map_host_job);
}

static bool map_dma_buf(void *context, int fd, size_t bytes,
			struct display_mapping *mapping, char *line)
{
	struct cuda *cuda = context;
	struct cuda_map_job job = {.cuda = cuda,
				   .fd = fd,
				   .bytes = bytes,
				   .mapping = mapping,
				   .line = line};

	if (!cuda->integrated || !map_has_imports(cuda)) {
		snprintf(line, DISPLAY_MAP_LINE_MAX, "%s",
			 cuda->integrated
				 ? "libcuda.so.1 has no cuImportExternalMemory"
				 : "only a Tegra imports dma-bufs, from Thor "
				   "on: this GPU has memory of its own");
		close(fd);
		return false;
	}
	if (map_make(&job, map_dma_buf_job))
		return true;
	if (!job.has_file)
		close(fd);
	return false;
}

static bool map_image(void *context, void *egl_image,
		      const struct image *wanted,
		      struct display_mapping *mapping, char *line)
{
	struct cuda *cuda = context;
	struct cuda_map_job job = {.cuda = cuda,
				   .egl_image = egl_image,
				   .image = wanted,
				   .mapping = mapping,
				   .line = line};

	if (cuda->library.entries.image_register &&
	    cuda->library.entries.image_end &&
	    cuda->library.entries.picture_frame)
		return map_make(&job, map_image_job);
	snprintf(line, DISPLAY_MAP_LINE_MAX,
		 "libcuda.so.1 has no cuGraphicsEGLRegisterImage");
	return false;
}

static void map_end(void *context, struct display_mapping *mapping)
{
	char line[DISPLAY_MAP_LINE_MAX];
	struct cuda_map_job job = {
		.cuda = context, .mapping = mapping, .line = line};

	if (mapping->kind != DISPLAY_MAPPING_NONE)
		map_run(&job, map_end_job, CUDA_WATCH_END_MS);
	*mapping = (struct display_mapping){.address = 0};
}

static bool map_mark(void *context, const struct image *image, uint32_t seed,
		     bool black, char *line)
{
	struct cuda_map_job job = {.cuda = context,
				   .image = image,
				   .seed = seed,
				   .black = black,
				   .line = line};

	return map_run(&job, map_mark_job, CUDA_WATCH_START_MS);
}

static bool map_idle(void *context, int limit_ms)
{
	const struct cuda *cuda = context;

	return cuda_idle(cuda, limit_ms);
}

static void map_leave(void *context)
{
	struct cuda *cuda = context;

	cuda->is_left = true;
}

void cuda_map_open(struct cuda *cuda)
{
	cuda->map = (struct display_map){
		.is_integrated = cuda->integrated,
		.host = map_host,
		.dma_buf = map_dma_buf,
		.egl_image = map_image,
		.unmap = map_end,
		.mark = map_mark,
		.idle = map_idle,
		.leave = map_leave,
	};
}

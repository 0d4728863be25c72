/*
 * drivers/cuda/cuda.c: the cuda backend's ops. Read runtime/port/backend.h, then
 * state.h.
 */
#include "drivers/cuda/cuda.h"

#include <stdlib.h>

#include "drivers/cuda/fatbin.h"
#include "drivers/cuda/state.h"
#include "runtime/base/message.h"

/*
 * What an op was asked, for the thread that does it. Ops that the tick thread
 * calls are done where they are called from there.
 */
struct cuda_job {
	struct backend *backend;
	const struct backend_config *config;
	const struct display *displays;
	char *line;
	size_t line_bytes;
	enum exit_status refused;
	void *memory;
	size_t bytes;
	uint32_t flight;
	const struct graph_work *work;
	const struct image *from, *to;
	int64_t until_ns;
	struct step_time *times;
	enum backend_status status;
};

bool cuda_attend(struct backend *backend, void (*job)(void *arg), void *arg,
		 int limit_ms)
{
	char line[BACKEND_TEXT_MAX];

	if (backend->lost)
		return false;
	if (cuda_watch_run(job, arg, limit_ms))
		return true;
	cuda_watch_explain(line, sizeof(line));
	backend_set_lost(backend, line);
	if (limit_ms == CUDA_WATCH_END_MS)
		message("gpu: %s; what it holds is left to the system", line);
	return false;
}

static bool cuda_attend_job(struct backend *backend, void (*job)(void *arg),
			    void *arg)
{
	return cuda_attend(backend, job, arg, CUDA_WATCH_START_MS);
}

static bool cuda_is_stuck(struct backend *backend, int every_ms)
{
	char line[BACKEND_TEXT_MAX];

	if (!cuda_watch_look(every_ms))
		return false;
	cuda_watch_explain(line, sizeof(line));
	backend_set_lost(backend, line);
	return true;
}

/* ---- bring-up -------------------------------------------------------------- */

static void close_job(void *arg)
{
	struct cuda *cuda = arg;

	cuda_forget(cuda);
	cuda_stage_close(cuda);
	cuda_memory_close(cuda);
	cuda_device_close(cuda);
}

static void cuda_close(struct backend *backend)
{
	const struct cuda *cuda = backend->state;

	if (cuda->is_left) {
		cuda_watch_abandon();
	} else if (cuda_attend(backend, close_job, backend->state,
			CUDA_WATCH_END_MS)) {
		cuda_watch_finish();
		free(backend->state);
	} else {
		cuda_watch_abandon();
	}
	backend->state = NULL;
}

static void open_job(void *arg)
{
	struct cuda_job *job = arg;
	struct cuda *cuda = job->backend->state;

	job->refused = cuda_device_open(cuda, job->config->device, job->line,
					job->line_bytes);
	if (job->refused)
		return;
	job->refused = cuda_memory_open(cuda, job->line, job->line_bytes);
	if (job->refused)
		cuda_device_close(cuda);
}

/* In the cuda thread; what it leaves behind is not freed. */
static enum exit_status cuda_open_there(struct cuda_job *job)
{
	if (cuda_watch_start()) {
		snprintf(job->line, job->line_bytes, "no thread for its calls");
		return EXIT_STATUS_OS_LIMIT;
	}
	if (!cuda_attend(job->backend, open_job, job, CUDA_WATCH_START_MS)) {
		snprintf(job->line, job->line_bytes, "%s",
			 job->backend->fault);
		return EXIT_STATUS_GPU_LOST;
	}
	if (job->refused) {
		cuda_watch_finish();
		free(job->backend->state);
	}
	return job->refused;
}

static enum exit_status cuda_open(struct backend *backend,
				  const struct backend_config *config,
				  char *line, size_t line_bytes)
{
	struct cuda_job job = {.backend = backend,
			       .config = config,
			       .line = line,
			       .line_bytes = line_bytes};
	struct cuda *cuda = calloc(1, sizeof(*cuda));
	enum exit_status status;

	if (!cuda) {
		snprintf(line, line_bytes, "no memory");
		return EXIT_STATUS_OS_LIMIT;
	}
	backend->graph = cuda->graph = config->graph;
	backend->plan = cuda->plan = config->plan;
	backend->flights = CUDA_FLIGHTS;
	backend->state = cuda;
	cuda->backend = backend;
	cuda->main_thread = pthread_self();
	status = cuda_open_there(&job);
	if (status)
		backend->state = NULL;
	return status;
}

static void prepare_job(void *arg)
{
	struct cuda_job *job = arg;
	struct cuda *cuda = job->backend->state;

	cuda_forget(cuda);
	cuda_stage_close(cuda);
	job->refused = cuda_stage_open(cuda, job->displays, job->line,
				       job->line_bytes);
	if (!job->refused)
		job->refused = cuda_record(cuda, job->line, job->line_bytes);
}

static enum exit_status cuda_prepare(struct backend *backend,
				     const struct display displays[],
				     char *line, size_t line_bytes)
{
	struct cuda_job job = {.backend = backend,
			       .displays = displays,
			       .line = line,
			       .line_bytes = line_bytes};

	if (cuda_attend_job(backend, prepare_job, &job))
		return job.refused;
	snprintf(line, line_bytes, "%s", backend->fault);
	return EXIT_STATUS_GPU_LOST;
}

static void pin_job(void *arg)
{
	const struct cuda_job *job = arg;
	struct cuda *cuda = job->backend->state;

	cuda_call(&cuda->library, host_register, job->memory, job->bytes,
		  CUDA_HOST_PORTABLE);
}

/* Copies are quicker so, and run beside the drawing; without it they work too. */
static void cuda_pin(struct backend *backend, void *memory, size_t bytes)
{
	struct cuda_job job = {
		.backend = backend, .memory = memory, .bytes = bytes};

	cuda_attend(backend, pin_job, &job, CUDA_WATCH_START_MS);
}

static void unpin_job(void *arg)
{
	const struct cuda_job *job = arg;
	struct cuda *cuda = job->backend->state;

	cuda_call(&cuda->library, host_unregister, job->memory);
}

/* Of memory that could not be pinned, too: libcuda says no, which is fine. */
static void cuda_unpin(struct backend *backend, void *memory)
{
	struct cuda_job job = {.backend = backend, .memory = memory};

	cuda_attend(backend, unpin_job, &job, CUDA_WATCH_END_MS);
}

/* ---- frames ---------------------------------------------------------------- */

static void launch_job(void *arg)
{
	struct cuda_job *job = arg;

	job->status = cuda_launch(job->backend, job->flight, job->work,
				  job->times);
}

static void wait_job(void *arg)
{
	struct cuda_job *job = arg;

	job->status = cuda_wait(job->backend, job->flight, job->until_ns,
				job->times);
}

static void read_job(void *arg)
{
	struct cuda_job *job = arg;

	job->status = cuda_read(job->backend, job->from, job->to,
				job->until_ns);
}

static enum backend_status cuda_draw(void (*run)(void *arg),
				     struct cuda_job *job, int limit_ms)
{
	if (job->backend->lost)
		return BACKEND_LOST;
	if (seal_is_on)
		run(job);
	else if (!cuda_attend(job->backend, run, job, limit_ms))
		return BACKEND_LOST;
	return job->status;
}

static enum backend_status cuda_launch_op(struct backend *backend,
					  uint32_t flight,
					  const struct graph_work *work,
					  struct step_time times[])
{
	struct cuda_job job = {.backend = backend,
			       .flight = flight,
			       .work = work,
			       .times = times};

	return cuda_draw(launch_job, &job, CUDA_WATCH_START_MS);
}

static enum backend_status cuda_wait_op(struct backend *backend,
					uint32_t flight, int64_t until_ns,
					struct step_time times[])
{
	struct cuda_job job = {.backend = backend,
			       .flight = flight,
			       .until_ns = until_ns,
			       .times = times};

	return cuda_draw(wait_job, &job, CUDA_WATCH_START_MS);
}

static enum backend_status cuda_read_op(struct backend *backend,
					const struct image *from,
					const struct image *to,
					int64_t until_ns)
{
	struct cuda_job job = {.backend = backend,
			       .from = from,
			       .to = to,
			       .until_ns = until_ns};

	return cuda_draw(read_job, &job, CUDA_WATCH_END_MS);
}

static void cuda_report(const struct backend *backend, struct json *json)
{
	const struct cuda *cuda = backend->state;
	int i;

	json_put_int(json, "architecture", cuda->major * 10 + cuda->minor);
	json_put_int(json, "driver_version", cuda->driver_version);
	json_put_uint(json, "launches", cuda->work.launched);
	json_put_int(json, "typical_ns", cuda->work.typical_ns);
	json_open(json, "sealed_calls", '{');
	for (i = 0; i < CUDA_CALL_COUNT; i++)
		if (cuda->library.sealed_calls[i])
			json_put_uint(json, cuda_call_symbol((enum cuda_call)i),
				      cuda->library.sealed_calls[i]);
	json_close(json, '}');
}

/* ---- --probe ------------------------------------------------------------- */

struct cuda_probe {
	FILE *out;
	const char *indent;
	int count; /* of devices */
};

static void probe_device(struct cuda_library *library, int ordinal, FILE *out,
			 const char *indent)
{
	char name[CUDA_NAME_MAX] = "";
	int device = 0, major = 0, minor = 0;

	if (cuda_call(library, device_get, &device, ordinal) ||
	    cuda_call(library, device_name, name, sizeof(name), device) ||
	    cuda_call(library, device_attribute, &major, CUDA_ATTRIBUTE_MAJOR,
		      device) ||
	    cuda_call(library, device_attribute, &minor, CUDA_ATTRIBUTE_MINOR,
		      device))
		fprintf(out, "%sdevice %d: does not answer\n", indent, ordinal);
	else
		fprintf(out, "%sdevice %d: %s, sm_%d%d\n", indent, ordinal,
			name, major, minor);
}

static void probe_job(void *arg)
{
	struct cuda_probe *probe = arg;
	struct cuda_library library;
	char line[256] = "";
	int i, code, count = 0;

	if (cuda_library_open(&library, line, sizeof(line))) {
		fprintf(probe->out, "%s%s\n", probe->indent, line);
		return;
	}
	code = cuda_call(&library, init, 0);
	if (!code)
		code = cuda_call(&library, device_count, &count);
	if (code) {
		cuda_error_line(&library, "libcuda.so.1", code, line,
				sizeof(line));
		fprintf(probe->out, "%s%s\n", probe->indent, line);
	}
	for (i = 0; i < count; i++)
		probe_device(&library, i, probe->out, probe->indent);
	cuda_library_close(&library);
	probe->count = count;
}

static bool cuda_probe(FILE *out, const char *indent)
{
	struct cuda_probe probe = {.out = out, .indent = indent};
	char line[BACKEND_TEXT_MAX];

	if (graph_fatbin_bytes())
		fprintf(out, "code for %s\n", graph_fatbin_architectures);
	else
		fprintf(out, "no code: this program was built without nvcc, it "
			     "runs on the CPU only\n");
	if (cuda_watch_start()) {
		fprintf(out, "%sno thread for its calls\n", indent);
		return false;
	}
	if (!cuda_watch_run(probe_job, &probe, CUDA_WATCH_START_MS)) {
		cuda_watch_explain(line, sizeof(line));
		fprintf(out, "%s%s\n", indent, line);
		return false;
	}
	cuda_watch_finish();
	return probe.count && graph_fatbin_bytes();
}

const struct backend_ops cuda_backend = {
	.name = "cuda",
	.plan = GRAPH_BACKEND_CUDA,
	.open = cuda_open,
	.prepare = cuda_prepare,
	.attend = cuda_attend_job,
	.is_stuck = cuda_is_stuck,
	.pin = cuda_pin,
	.unpin = cuda_unpin,
	.enter = cuda_enter,
	.launch = cuda_launch_op,
	.wait = cuda_wait_op,
	.staged = cuda_staged,
	.read = cuda_read_op,
	.report = cuda_report,
	.close = cuda_close,
	.probe = cuda_probe,
};

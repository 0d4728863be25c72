/*
 * drivers/cuda/cuda.c: the cuda backend's ops. Read runtime/port/backend.h, then
 * state.h.
 */
#include "drivers/cuda/cuda.h"

#include <stdlib.h>

#include "drivers/cuda/fatbin.h"
#include "drivers/cuda/state.h"

static void cuda_close(struct backend *backend)
{
	struct cuda *cuda = backend->state;

	cuda_forget(cuda);
	cuda_stage_close(cuda);
	cuda_memory_close(cuda);
	cuda_device_close(cuda);
	free(cuda);
	backend->state = NULL;
}

static enum exit_status cuda_open(struct backend *backend,
				  const struct backend_config *config,
				  char *line, size_t line_bytes)
{
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
	status = cuda_device_open(cuda, config->device, line, line_bytes);
	if (!status) {
		status = cuda_memory_open(cuda, line, line_bytes);
		if (status)
			cuda_device_close(cuda);
	}
	if (!status)
		return status;
	free(cuda);
	backend->state = NULL;
	return status;
}

static enum exit_status cuda_prepare(struct backend *backend,
				     const struct display displays[],
				     char *line, size_t line_bytes)
{
	struct cuda *cuda = backend->state;
	enum exit_status status;

	cuda_forget(cuda);
	cuda_stage_close(cuda);
	status = cuda_stage_open(cuda, displays, line, line_bytes);
	return status ? status : cuda_record(cuda, line, line_bytes);
}

/* Copies are quicker so, and run beside the drawing; without it they work too. */
static void cuda_pin(struct backend *backend, void *memory, size_t bytes)
{
	struct cuda *cuda = backend->state;

	cuda_call(&cuda->library, host_register, memory, bytes,
		  CUDA_HOST_PORTABLE);
}

/* Of memory that could not be pinned, too: libcuda says no, which is fine. */
static void cuda_unpin(struct backend *backend, void *memory)
{
	struct cuda *cuda = backend->state;

	cuda_call(&cuda->library, host_unregister, memory);
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

static bool cuda_probe(FILE *out, const char *indent)
{
	struct cuda_library library;
	char line[256] = "";
	int i, code, count = 0;

	if (graph_fatbin_bytes())
		fprintf(out, "code for %s\n", graph_fatbin_architectures);
	else
		fprintf(out, "no code: this program was built without nvcc, it "
			     "runs on the CPU only\n");
	if (cuda_library_open(&library, line, sizeof(line))) {
		fprintf(out, "%s%s\n", indent, line);
		return false;
	}
	code = cuda_call(&library, init, 0);
	if (!code)
		code = cuda_call(&library, device_count, &count);
	if (code) {
		cuda_error_line("libcuda.so.1", code, line, sizeof(line));
		fprintf(out, "%s%s\n", indent, line);
	}
	for (i = 0; i < count; i++)
		probe_device(&library, i, out, indent);
	cuda_library_close(&library);
	return count && graph_fatbin_bytes();
}

const struct backend_ops cuda_backend = {
	.name = "cuda",
	.plan = GRAPH_BACKEND_CUDA,
	.open = cuda_open,
	.prepare = cuda_prepare,
	.pin = cuda_pin,
	.unpin = cuda_unpin,
	.enter = cuda_enter,
	.launch = cuda_launch,
	.wait = cuda_wait,
	.staged = cuda_staged,
	.read = cuda_read,
	.report = cuda_report,
	.close = cuda_close,
	.probe = cuda_probe,
};

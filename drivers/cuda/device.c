/*
 * drivers/cuda/device.c: from nothing to a context with code and streams.
 */
#include <errno.h>
#include <stdio.h>

#include "drivers/cuda/fatbin.h"
#include "drivers/cuda/state.h"

#define VERSION_MAJOR(version) ((version) / 1000)
#define VERSION_MINOR(version) ((version) % 1000 / 10)

static enum exit_status refuse_device(struct cuda *cuda,
				      const struct cuda_check *check,
				      char *line, size_t line_bytes)
{
	return check->code ? cuda_error_line(&cuda->library, check->what,
					     check->code, line, line_bytes)
			   : EXIT_STATUS_OK;
}

static enum exit_status find_device(struct cuda *cuda, int32_t wanted,
				    char *line, size_t line_bytes)
{
	struct cuda_check check = {CUDA_OK, ""};
	int ordinal = wanted < 0 ? 0 : wanted;
	int count = 0;

	cuda_try(cuda, &check, init, 0);
	if (check.code && cuda_lacks_uvm("/sys/module")) {
		snprintf(line, line_bytes,
			 "cuInit: CUDA error %d: the kernel module nvidia-uvm "
			 "is not loaded: modprobe nvidia-uvm",
			 check.code);
		return EXIT_STATUS_NO_DEVICE;
	}
	cuda_try(cuda, &check, driver_version, &cuda->driver_version);
	cuda_try(cuda, &check, device_count, &count);
	if (!check.code && ordinal >= count) {
		snprintf(line, line_bytes,
			 "device=%d: there are %d GPUs, from 0 on; --probe "
			 "lists them",
			 ordinal, count);
		return EXIT_STATUS_NO_DEVICE;
	}
	cuda_try(cuda, &check, device_get, &cuda->device, ordinal);
	cuda_try(cuda, &check, device_name, cuda->name, sizeof(cuda->name),
		 cuda->device);
	cuda_try(cuda, &check, device_attribute, &cuda->major,
		 CUDA_ATTRIBUTE_MAJOR, cuda->device);
	cuda_try(cuda, &check, device_attribute, &cuda->minor,
		 CUDA_ATTRIBUTE_MINOR, cuda->device);
	cuda_try(cuda, &check, device_attribute, &cuda->integrated,
		 CUDA_ATTRIBUTE_INTEGRATED, cuda->device);
	return refuse_device(cuda, &check, line, line_bytes);
}

static enum exit_status load_code(struct cuda *cuda, char *line,
				  size_t line_bytes)
{
	struct cuda_check check = {CUDA_OK, ""};

	cuda_try(cuda, &check, module_load, &cuda->module, graph_fatbin);
	if (check.code == CUDA_NO_BINARY) {
		snprintf(line, line_bytes,
			 "%s is sm_%d%d; this program has code for %s: build "
			 "it for a board that names that architecture",
			 cuda->name, cuda->major, cuda->minor,
			 graph_fatbin_architectures);
		return EXIT_STATUS_MACHINE;
	}
	cuda_try(cuda, &check, module_function, &cuda->done, cuda->module,
		 "graph_done");
	return refuse_device(cuda, &check, line, line_bytes);
}

/* The tick's work goes first where others use the GPU too. */
static enum exit_status open_streams(struct cuda *cuda, char *line,
				     size_t line_bytes)
{
	struct cuda_check check = {CUDA_OK, ""};
	int least = 0, greatest = 0;

	cuda_try(cuda, &check, stream_priorities, &least, &greatest);
	cuda_try(cuda, &check, stream_create, &cuda->stream,
		 CUDA_STREAM_NON_BLOCKING, greatest);
	cuda_try(cuda, &check, stream_create, &cuda->copy_stream,
		 CUDA_STREAM_NON_BLOCKING, greatest);
	return refuse_device(cuda, &check, line, line_bytes);
}

static enum exit_status open_context(struct cuda *cuda, char *line,
				     size_t line_bytes)
{
	struct cuda_check check = {CUDA_OK, ""};

	cuda_try(cuda, &check, context_create, &cuda->context, NULL, 0,
		 CUDA_CONTEXT_BLOCKING_SYNC | CUDA_CONTEXT_MAP_HOST,
		 cuda->device);
	return refuse_device(cuda, &check, line, line_bytes);
}

enum exit_status cuda_device_open(struct cuda *cuda, int32_t ordinal,
				  char *line, size_t line_bytes)
{
	enum exit_status status;

	if (!graph_fatbin_bytes()) {
		snprintf(line, line_bytes,
			 "this program has no GPU code: install nvcc (CUDA "
			 "Toolkit) and build it again");
		return EXIT_STATUS_MACHINE;
	}
	if (cuda_library_open(&cuda->library, line, line_bytes))
		return EXIT_STATUS_MACHINE;
	status = find_device(cuda, ordinal, line, line_bytes);
	if (!status)
		status = open_context(cuda, line, line_bytes);
	if (!status)
		status = load_code(cuda, line, line_bytes);
	if (!status)
		status = open_streams(cuda, line, line_bytes);
	if (status)
		cuda_device_close(cuda);
	else
		snprintf(cuda->backend->text, sizeof(cuda->backend->text),
			 "%s, sm_%d%d, driver for CUDA %d.%d", cuda->name,
			 cuda->major, cuda->minor,
			 VERSION_MAJOR(cuda->driver_version),
			 VERSION_MINOR(cuda->driver_version));
	return status;
}

void cuda_device_close(struct cuda *cuda)
{
	struct cuda_library *library = &cuda->library;

	if (cuda->copy_stream)
		cuda_call(library, stream_destroy, cuda->copy_stream);
	if (cuda->stream)
		cuda_call(library, stream_destroy, cuda->stream);
	if (cuda->module)
		cuda_call(library, module_unload, cuda->module);
	if (cuda->context)
		cuda_call(library, context_destroy, cuda->context);
	cuda->copy_stream = cuda->stream = NULL;
	cuda->module = NULL;
	cuda->context = NULL;
	cuda_library_close(library);
}

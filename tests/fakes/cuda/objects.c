/*
 * tests/fakes/cuda/objects.c: every object that was made and not given back,
 * in one list; devices, contexts, modules, events.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/fakes/cuda/fake.h"
#include "tests/fakes/cuda/entries.h"

static struct object *objects;

void *fake_new(enum fake_kind kind, size_t bytes)
{
	struct object *object = calloc(1, bytes);

	if (!object)
		abort();
	object->kind = kind;
	object->next = objects;
	objects = object;
	fake_report->live[kind]++;
	fake_report->made[kind]++;
	return object;
}

bool fake_is(const void *wanted, enum fake_kind kind)
{
	const struct object *object;

	for (object = objects; object; object = object->next)
		if (object == wanted && object->kind == kind)
			return true;
	return false;
}

void *fake_each(enum fake_kind kind, const void *after)
{
	struct object *object =
		after ? ((const struct object *)after)->next : objects;

	while (object && object->kind != kind)
		object = object->next;
	return object;
}

void fake_delete(void *wanted)
{
	struct object **link, *object;

	for (link = &objects; *link != wanted; link = &(*link)->next)
		;
	object = *link;
	*link = object->next;
	fake_report->live[object->kind]--;
	free(object);
}

/* ---- devices and contexts ------------------------------------------------ */

int fake_init(unsigned int flags)
{
	int code = fake_enter(CUDA_CALL_init, false);

	if (!code && flags)
		code = FAKE_INVALID_VALUE;
	if (!code && !fake_config.devices)
		code = FAKE_NO_DEVICE;
	return fake_leave(code);
}

int fake_driver_version(int *version)
{
	int code = fake_enter(CUDA_CALL_driver_version, false);

	*version = fake_config.driver_version;
	return fake_leave(code);
}

int fake_device_count(int *count)
{
	int code = fake_enter(CUDA_CALL_device_count, false);

	*count = fake_config.devices;
	return fake_leave(code);
}

static bool no_device(int device)
{
	return device < 0 || device >= fake_config.devices;
}

int fake_device_get(int *device, int ordinal)
{
	int code = fake_enter(CUDA_CALL_device_get, false);

	if (!code && no_device(ordinal))
		code = FAKE_INVALID_DEVICE;
	if (!code)
		*device = ordinal;
	return fake_leave(code);
}

int fake_device_name(char *name, int bytes, int device)
{
	int code = fake_enter(CUDA_CALL_device_name, false);

	if (!code && no_device(device))
		code = FAKE_INVALID_DEVICE;
	if (!code)
		snprintf(name, (size_t)bytes, "Fake GPU %d", device);
	return fake_leave(code);
}

int fake_device_attribute(int *value, int attribute, int device)
{
	int code = fake_enter(CUDA_CALL_device_attribute, false);

	if (!code && no_device(device))
		code = FAKE_INVALID_DEVICE;
	if (attribute == CUDA_ATTRIBUTE_MAJOR)
		*value = fake_config.capability / 10;
	else if (attribute == CUDA_ATTRIBUTE_MINOR)
		*value = fake_config.capability % 10;
	else if (attribute == CUDA_ATTRIBUTE_INTEGRATED)
		*value = fake_config.integrated;
	else
		*value = 1;
	return fake_leave(code);
}

int fake_context_create(struct cuda_context **context, void *affinities,
			int affinity_count, unsigned int flags, int device)
{
	int code = fake_enter(CUDA_CALL_context_create, false);

	(void)flags;
	if (!code && (affinities || affinity_count))
		code = fake_misuse("cuCtxCreate", FAKE_INVALID_VALUE);
	if (!code && no_device(device))
		code = FAKE_INVALID_DEVICE;
	if (!code) {
		*context = fake_new(FAKE_CONTEXT, sizeof(**context));
		(*context)->device = device;
		fake_current = *context;
	}
	return fake_leave(code);
}

int fake_context_destroy(struct cuda_context *context)
{
	int code = fake_enter(CUDA_CALL_context_destroy, false);

	if (!code && !fake_is(context, FAKE_CONTEXT))
		code = fake_misuse("cuCtxDestroy", FAKE_INVALID_CONTEXT);
	if (!code) {
		fake_delete(context);
		if (fake_current == context)
			fake_current = NULL;
	}
	return fake_leave(code);
}

int fake_context_set(struct cuda_context *context)
{
	int code = fake_enter(CUDA_CALL_context_set, false);

	if (!code && context && !fake_is(context, FAKE_CONTEXT))
		code = fake_misuse("cuCtxSetCurrent", FAKE_INVALID_CONTEXT);
	if (!code)
		fake_current = context;
	return fake_leave(code);
}

/* ---- modules --------------------------------------------------------------- */

#define FAKE_ELF  0x464c457f /* a cubin; taken as fitting */
#define FAKE_PATH 0x454b4146 /* "FAKE" and the path of its kernels */

/* Whether a fat binary or a cubin has machine code for this device: the same
 * major version, and a minor one that is not newer. */
static int image_fits(const unsigned char *image)
{
	uint32_t magic, header, arch;
	uint16_t kind;
	uint64_t left, bytes;
	const unsigned char *at = image + 16;

	memcpy(&magic, image, 4);
	if (magic == FAKE_ELF || magic == FAKE_PATH)
		return FAKE_OK;
	if (magic != 0xba55ed50)
		return FAKE_INVALID_IMAGE;
	memcpy(&left, image + 8, 8);
	for (; left; at += header + bytes, left -= header + bytes) {
		memcpy(&kind, at, 2);
		memcpy(&header, at + 4, 4);
		memcpy(&bytes, at + 8, 8);
		memcpy(&arch, at + 28, 4);
		if (kind == 2 && (int)arch / 10 == fake_config.capability / 10 &&
		    (int)arch <= fake_config.capability)
			return FAKE_OK;
		if (header + bytes > left)
			return FAKE_INVALID_IMAGE;
	}
	return FAKE_NO_BINARY;
}

/* A name that begins with "%e" goes on from that of the program. */
static void *open_kernels(const char *name)
{
	void *kernels;
	char path[512] = "";
	ssize_t length = 0;

	if (!strncmp(name, "%e", 2))
		length = readlink("/proc/self/exe", path, sizeof(path) - 64);
	snprintf(path + length, sizeof(path) - (size_t)length, "%s",
		 name + (length ? 2 : 0));
	kernels = dlopen(path, RTLD_NOW);
	if (!kernels)
		fprintf(stderr, "fake libcuda: %s\n", dlerror());
	return kernels;
}

static void *find_kernels(const void *image)
{
	char path[512];

	if (!memcmp(image, "FAKE", 4)) {
		snprintf(path, sizeof(path), "%s", (const char *)image + 4);
		path[strcspn(path, "\n")] = '\0';
		return open_kernels(path);
	}
	return fake_config.kernels ? open_kernels(fake_config.kernels) : NULL;
}

int fake_module_load(struct cuda_module **module, const void *image)
{
	int code = fake_enter(CUDA_CALL_module_load, true);

	if (!code)
		code = image_fits(image);
	if (!code) {
		*module = fake_new(FAKE_MODULE, sizeof(**module));
		(*module)->kernels = find_kernels(image);
	}
	return fake_leave(code);
}

int fake_module_unload(struct cuda_module *module)
{
	int code = fake_enter(CUDA_CALL_module_unload, true);
	struct cuda_function *function;

	if (!code && !fake_is(module, FAKE_MODULE))
		code = fake_misuse("cuModuleUnload", FAKE_INVALID_HANDLE);
	while (!code && (function = module->functions)) {
		module->functions = function->next;
		free(function);
	}
	if (!code && module->kernels)
		dlclose(module->kernels);
	if (!code)
		fake_delete(module);
	return fake_leave(code);
}

static struct cuda_function *new_function(struct cuda_module *module,
					  const char *name)
{
	char symbol[160];
	const struct fake_kernel *kernel;
	struct cuda_function *function;

	snprintf(symbol, sizeof(symbol), "fake_kernel_%s", name);
	kernel = module->kernels ? dlsym(module->kernels, symbol) : NULL;
	if (!kernel)
		return NULL;
	function = calloc(1, sizeof(*function));
	if (!function)
		abort();
	snprintf(function->name, sizeof(function->name), "%s", name);
	function->kernel = kernel;
	function->next = module->functions;
	module->functions = function;
	return function;
}

int fake_module_function(struct cuda_function **function,
			 struct cuda_module *module, const char *name)
{
	int code = fake_enter(CUDA_CALL_module_function, true);

	if (!code && !fake_is(module, FAKE_MODULE))
		code = fake_misuse("cuModuleGetFunction", FAKE_INVALID_HANDLE);
	if (!code)
		*function = new_function(module, name);
	if (!code && !*function)
		code = FAKE_NOT_FOUND;
	return fake_leave(code);
}

/* ---- events ------------------------------------------------------------------ */

int fake_event_create(struct cuda_event **event, unsigned int flags)
{
	int code = fake_enter(CUDA_CALL_event_create, true);

	(void)flags;
	if (!code)
		*event = fake_new(FAKE_EVENT, sizeof(**event));
	return fake_leave(code);
}

int fake_event_destroy(struct cuda_event *event)
{
	int code = fake_enter(CUDA_CALL_event_destroy, true);

	if (!code && !fake_is(event, FAKE_EVENT))
		code = fake_misuse("cuEventDestroy", FAKE_INVALID_HANDLE);
	while (!code && event->done < event->recorded)
		fake_wait_all();
	if (!code)
		fake_delete(event);
	return fake_leave(code);
}

int fake_event_elapsed(float *ms, struct cuda_event *begin,
		       struct cuda_event *end)
{
	int code = fake_enter(CUDA_CALL_event_elapsed, true);

	if (!code && (!fake_is(begin, FAKE_EVENT) || !fake_is(end, FAKE_EVENT)))
		code = fake_misuse("cuEventElapsedTime", FAKE_INVALID_HANDLE);
	if (!code && (!begin->recorded || !end->recorded))
		code = FAKE_INVALID_HANDLE;
	if (!code &&
	    (begin->done < begin->recorded || end->done < end->recorded))
		code = FAKE_NOT_READY;
	if (!code)
		*ms = (float)((double)(end->done_ns - begin->done_ns) / 1e6);
	return fake_leave(code);
}

/*
 * drivers/display/kms/commit.c: requests and their ioctl. See commit.h.
 */
#include "drivers/display/kms/commit.h"

#include <errno.h>
#include <stdbool.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "drivers/display/kms/node.h"

#define RETRIES 2

void kms_request_init(struct kms_request *request)
{
	*request = (struct kms_request){.error = 0};
}

static void fail(struct kms_request *request, int error)
{
	if (!request->error)
		request->error = error;
}

void kms_request_object(struct kms_request *request, uint32_t object)
{
	if (!object)
		fail(request, -ENOENT);
	if (request->object_count == KMS_REQUEST_OBJECTS_MAX) {
		fail(request, -E2BIG);
		return;
	}
	request->object[request->object_count] = object;
	request->values_of[request->object_count++] = 0;
}

uint32_t kms_request_add(struct kms_request *request, uint32_t property,
			 uint64_t value)
{
	uint32_t at = request->value_count;

	if (!property)
		fail(request, -ENOENT);
	if (at == KMS_REQUEST_VALUES_MAX || !request->object_count) {
		fail(request, -E2BIG);
		return 0;
	}
	request->property[at] = property;
	request->value[at] = value;
	request->values_of[request->object_count - 1]++;
	request->value_count++;
	return at;
}

static bool is_transient(int error)
{
	return error == -EINTR || error == -EAGAIN;
}

int kms_commit(const struct kms_request *request, int fd, uint32_t flags,
	       uint64_t user_data)
{
	struct drm_mode_atomic atomic = {
		.flags = flags,
		.count_objs = request->object_count,
		.objs_ptr = (uintptr_t)request->object,
		.count_props_ptr = (uintptr_t)request->values_of,
		.props_ptr = (uintptr_t)request->property,
		.prop_values_ptr = (uintptr_t)request->value,
		.user_data = user_data,
	};
	int tries, error = request->error;

	if (error)
		return error;
	for (tries = 0; tries <= RETRIES; tries++) {
		error = kms_node_ioctl(fd, DRM_IOCTL_MODE_ATOMIC, &atomic);
		if (!is_transient(error))
			break;
	}
	return error;
}

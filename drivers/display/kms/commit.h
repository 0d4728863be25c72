/*
 * drivers/display/kms/commit.h: an atomic request in fixed arrays, as
 * DRM_IOCTL_MODE_ATOMIC takes it.
 *
 * A request is built object by object; the first failure (a property that the
 * object lacks, no room) is kept and returned by the commit, so that builders
 * need no checks of their own. Requests that the sealed thread uses are built
 * at start and only their values change.
 */
#ifndef DRIVERS_DISPLAY_KMS_COMMIT_H
#define DRIVERS_DISPLAY_KMS_COMMIT_H

#include <stdint.h>

#define KMS_REQUEST_OBJECTS_MAX 128
#define KMS_REQUEST_VALUES_MAX	192

struct kms_request {
	uint32_t object_count, value_count;
	uint32_t object[KMS_REQUEST_OBJECTS_MAX];
	uint32_t values_of[KMS_REQUEST_OBJECTS_MAX]; /* by object */
	uint32_t property[KMS_REQUEST_VALUES_MAX];
	uint64_t value[KMS_REQUEST_VALUES_MAX];
	int error; /* the first one, -errno; 0: none */
};

void kms_request_init(struct kms_request *request);

/* The values that follow are this object's. The kernel takes an object more than
 * once. */
void kms_request_object(struct kms_request *request, uint32_t object);

/* Returns the value's index, for requests whose values change. */
uint32_t kms_request_add(struct kms_request *request, uint32_t property,
			 uint64_t value);

/*
 * Any thread that owns the display now. Retries EINTR and EAGAIN twice, then
 * gives up: nvidia-drm answers EAGAIN for as long as a pool is empty. 0 or
 * -errno. flags: DRM_MODE_*; user_data comes back in the flip event.
 */
int kms_commit(const struct kms_request *request, int fd, uint32_t flags,
	       uint64_t user_data) __attribute__((warn_unused_result));

#endif

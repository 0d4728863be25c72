/*
 * drivers/display/kms/scene.h: the requests of an output: what each commit
 * sets on which object. Nothing is committed here.
 */
#ifndef DRIVERS_DISPLAY_KMS_SCENE_H
#define DRIVERS_DISPLAY_KMS_SCENE_H

#include "drivers/display/kms/output.h"

/* Mode, connector, planes and this framebuffer. */
void kms_scene_show(struct kms_request *request,
		    const struct kms_output *output, uint32_t fb);

/* Only the plane's framebuffer; returns the index of its value. */
uint32_t kms_scene_flip(struct kms_request *request,
			const struct kms_output *output);

/* All off. */
void kms_scene_dark(struct kms_request *request,
		    const struct kms_output *output);

/* The properties as they were read at open, with mode_blob in place of the
 * blob of then. */
void kms_scene_before(struct kms_request *request,
		      const struct kms_output *output, uint32_t mode_blob);

#endif

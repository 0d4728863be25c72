/*
 * drivers/source/v4l2/prove.h: in which way a camera's frames come (buffers.h):
 * the first in which one real frame did. What a driver says that it can is no
 * proof: some take foreign memory and fill none of it.
 *
 *   FILLED, READ  the last row of each plane is what no camera left untouched
 *   READ          and reading it is as quick as reading other memory: where
 *                 caches do not serve a device's memory a tick would crawl
 */
#ifndef DRIVERS_SOURCE_V4L2_PROVE_H
#define DRIVERS_SOURCE_V4L2_PROVE_H

#include "drivers/source/v4l2/capture.h"

/*
 * Main thread, in open: the device is open and set, the source's frames are
 * there. Takes buffers, sets capture->way and ->why, lays the frames out as the
 * device does and sees one good frame come; the stream is stopped again after
 * it. 0, or -errno with nothing taken.
 */
int v4l2_prove(struct v4l2_capture *capture)
	__attribute__((warn_unused_result));

#endif

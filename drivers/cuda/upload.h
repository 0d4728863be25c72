/*
 * drivers/cuda/upload.h: how a plane of a source's frame comes to the device.
 */
#ifndef DRIVERS_CUDA_UPLOAD_H
#define DRIVERS_CUDA_UPLOAD_H

#include "drivers/cuda/abi.h"
#include "graph/graph.h"

/* Plane `plane` of the picture, in host memory, to its place in the device pool
 * that begins at `pool`. */
static inline struct cuda_copy_2d
cuda_upload_copy(const struct graph_upload *upload, uint32_t plane,
		 const struct picture *picture, uint64_t pool)
{
	return (struct cuda_copy_2d){
		.from_type = CUDA_MEMORY_HOST,
		.from_host = picture->plane[plane],
		.from_pitch = picture->pitch[plane],
		.to_type = CUDA_MEMORY_DEVICE,
		.to_device = pool + upload->plane[plane].device_offset,
		.to_pitch = upload->plane[plane].pitch,
		.width_bytes = upload->plane[plane].row_bytes,
		.height = upload->plane[plane].rows,
	};
}

#endif

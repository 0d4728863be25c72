/*
 * drivers/cuda/cuda.h: the cuda backend. Read next: state.h.
 */
#ifndef DRIVERS_CUDA_CUDA_H
#define DRIVERS_CUDA_CUDA_H

#include "runtime/port/backend.h"

extern const struct backend_ops cuda_backend;

#endif

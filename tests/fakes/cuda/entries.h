/*
 * tests/fakes/cuda/entries.h: fake_NAME for every entry NAME of abi.h: the
 * definitions must match what the product calls.
 */
#ifndef TESTS_FAKES_CUDA_ENTRIES_H
#define TESTS_FAKES_CUDA_ENTRIES_H

#include "drivers/cuda/abi.h"

#define FAKE_ENTRY(name, symbol, arguments) int fake_##name arguments;
CUDA_ENTRIES(FAKE_ENTRY)

#endif

/*
 * tests/fakes/cuda/sample.cu: kernels for the fake's own test.
 */
struct sample_block {
	uint64_t pool;
	uint32_t value[254];
};

/* Element i of the pool becomes value[i % 254] + i, brought by another thread
 * of the block, whether that runs before or after this one. */
extern "C" __global__ void __launch_bounds__(128)
sample_fill(const struct sample_block block)
{
	__shared__ uint32_t value[128];
	uint32_t i = blockIdx.x * blockDim.x + threadIdx.x;
	uint32_t opposite = i - threadIdx.x + 127 - threadIdx.x;

	value[127 - threadIdx.x] = block.value[opposite % 254] + opposite;
	__syncthreads();
	((uint32_t *)block.pool)[i] = value[threadIdx.x];
}

extern "C" __global__ void sample_done(uint32_t *counter, uint32_t *flag)
{
	*counter += 1;
	__threadfence_system();
	*(volatile uint32_t *)flag = *counter;
}

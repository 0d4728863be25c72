/*
 * tests/bench/convert.cu: NV12 to XRGB8888 and nothing else, written by hand:
 * what tests/bench/gpu_live.c holds a camera's kernel against. A thread loads
 * four pixels of one row with two loads and stores them with one.
 */
#include "graph/kernel.cuh"

extern "C" __global__ void __launch_bounds__(256)
convert(const unsigned char *luma, const unsigned char *chroma,
	uint32_t from_pitch, unsigned char *out, uint32_t out_pitch,
	uint32_t width, uint32_t height, const struct ycbcr matrix)
{
	const uint32_t x = (blockIdx.x * blockDim.x + threadIdx.x) * 4;
	const uint32_t y = blockIdx.y * blockDim.y + threadIdx.y;

	if (x >= width || y >= height)
		return;
	const uchar4 l = *(const uchar4 *)(luma + (size_t)y * from_pitch + x);
	const uchar4 c = *(const uchar4 *)(chroma +
					   (size_t)(y / 2) * from_pitch + x);

	*(uint4 *)(out + (size_t)y * out_pitch + 4 * (size_t)x) =
		make_uint4(ycbcr_pixel(&matrix, l.x, c.x, c.y),
			   ycbcr_pixel(&matrix, l.y, c.x, c.y),
			   ycbcr_pixel(&matrix, l.z, c.z, c.w),
			   ycbcr_pixel(&matrix, l.w, c.z, c.w));
}

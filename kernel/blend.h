/*
 * kernel/blend.h: color_blend for many pixels, each X = 0xFF; and color_cover,
 * which is made of it, for a colour under rows of boxes and of text.
 *
 * On AVX2 sixteen channels at once in lanes of 16 bits: compilers make lanes of
 * 32 out of the plain form. Both are color_blend, bit for bit
 * (tests/kernel/test_blend.c asks all channels and weights).
 */
#ifndef KERNEL_BLEND_H
#define KERNEL_BLEND_H

#include <string.h>

#include "kernel/color.h"

#ifdef __AVX2__
#include <immintrin.h>

#define BLEND_RUN 8 /* pixels that blend_run makes */

/*
 * Half of the channels of 8 pixels. a * 256 + (b - a) * weight + 128 over 256,
 * rounded down, is a + ((b - a) * weight + 128) / 256, rounded down; and the
 * instruction's own sum is (x * y + 2^14) / 2^15, here of 128 times b - a.
 */
NODE_HOST __m256i blend_half(__m256i a, __m256i b, __m256i weight)
{
	__m256i by = _mm256_slli_epi16(_mm256_sub_epi16(b, a), 7);

	return _mm256_add_epi16(a, _mm256_mulhrs_epi16(by, weight));
}

/* 8 pixels: low has the weights, 0 to 256, of pixels 0, 1, 4 and 5, each of
 * them four times, high those of the other four. */
NODE_HOST __m256i blend_run(__m256i a, __m256i b, __m256i low, __m256i high)
{
	const __m256i zero = _mm256_setzero_si256();

	return _mm256_packus_epi16(
		blend_half(_mm256_unpacklo_epi8(a, zero),
			   _mm256_unpacklo_epi8(b, zero), low),
		blend_half(_mm256_unpackhi_epi8(a, zero),
			   _mm256_unpackhi_epi8(b, zero), high));
}

NODE_HOST __m256i blend_load(const uint32_t *pixels)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)pixels);
}

NODE_HOST void blend_store(uint32_t *pixels, __m256i run)
{
	_mm256_storeu_si256((__m256i *)(void *)pixels, run);
}
#endif

/*
 * color_blend for pixels that are all mixed, as those of pictures are. On a GPU
 * the same sums in half the instructions: a channel of both pixels side by
 * side, times 256 - weight and weight; X rides over red's. Where few threads
 * blend, as under text, it is the slower one (H100: the demo 4.1 us for 3.8).
 */
NODE_PIXEL uint32_t blend_pixel(uint32_t a, uint32_t b, uint32_t weight)
{
#ifdef __CUDA_ARCH__
	uint32_t weights = weight * 0xffff + 256;
	uint32_t low = __byte_perm(a, b, 0x5140);
	uint32_t blue = __dp2a_lo(weights, low, 128u);
	uint32_t green = __dp2a_hi(weights, low, 128u);
	uint32_t red =
		__dp2a_lo(weights, __byte_perm(a, b, 0x7362), 0xff0000u + 128);

	return __byte_perm(__byte_perm(blue, green, 0x51), red, 0x6510);
#else
	return color_blend(a, b, weight);
#endif
}

/* The weight of a colour's alpha, of 255, and of what a shape covers of a
 * pixel; color_cover's is the product of both over 256. */
NODE_HOST uint32_t blend_weight(uint32_t of_255)
{
	return of_255 + (of_255 >> 7);
}

/* With twice as wide lanes the plain form is the quicker one. */
#if defined(__AVX2__) && !defined(__AVX512BW__)
#define BLEND_COLOR_RUNS
#endif

#ifdef BLEND_COLOR_RUNS
/* Half of the channels of 8 pixels: a * rest + of_b, over 256. */
NODE_HOST __m256i blend_color_half(__m256i a, __m256i rest, __m256i of_b)
{
	return _mm256_srli_epi16(
		_mm256_add_epi16(_mm256_mullo_epi16(a, rest), of_b), 8);
}

NODE_HOST __m256i blend_color_run(__m256i a, __m256i rest, __m256i of_b)
{
	const __m256i zero = _mm256_setzero_si256();

	return _mm256_packus_epi16(
		blend_color_half(_mm256_unpacklo_epi8(a, zero), rest, of_b),
		blend_color_half(_mm256_unpackhi_epi8(a, zero), rest, of_b));
}
#endif

/* color_cover of `count` pixels that are covered whole. */
NODE_HOST void blend_color(uint32_t color, int32_t count, uint32_t *out)
{
	const uint32_t weight = blend_weight(color >> 24);
	int32_t i = 0;

#ifdef BLEND_COLOR_RUNS
	const __m256i over = _mm256_cvtepu8_epi16(
		_mm_set1_epi32((int32_t)(color | COLOR_X)));
	const __m256i rest = _mm256_set1_epi16((int16_t)(256 - weight));
	const __m256i of_b = _mm256_add_epi16(
		_mm256_mullo_epi16(over, _mm256_set1_epi16((int16_t)weight)),
		_mm256_set1_epi16(128));

	for (; i + BLEND_RUN <= count; i += BLEND_RUN)
		blend_store(out + i,
			    blend_color_run(blend_load(out + i), rest, of_b));
#endif
	for (; i < count; i++)
		out[i] = color_blend(out[i], color, weight);
}

#ifdef __AVX2__
/* 8 pixels of which ink covers something. */
NODE_HOST void blend_ink_run(__m256i over, __m256i alpha, uint64_t ink,
			     uint32_t *out)
{
	/* a weight is the lower half of its pixel's 32 bits */
	const __m256i low = _mm256_setr_epi8(0, 1, 0, 1, 0, 1, 0, 1, 4, 5, 4, 5,
					     4, 5, 4, 5, 0, 1, 0, 1, 0, 1, 0, 1,
					     4, 5, 4, 5, 4, 5, 4, 5);
	const __m256i high = _mm256_add_epi8(low, _mm256_set1_epi8(8));
	__m256i weight = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((int64_t)ink));

	weight = _mm256_add_epi32(weight, _mm256_srli_epi32(weight, 7));
	weight = _mm256_srli_epi32(_mm256_mullo_epi32(weight, alpha), 8);
	blend_store(out, blend_run(blend_load(out), over,
				   _mm256_shuffle_epi8(weight, low),
				   _mm256_shuffle_epi8(weight, high)));
}
#endif

/* color_cover of `count` pixels, each covered as its byte of ink says. */
NODE_HOST void blend_ink(uint32_t color, const uint8_t *ink, int32_t count,
			 uint32_t *out)
{
	int32_t i = 0;

#ifdef __AVX2__
	const __m256i over = _mm256_set1_epi32((int32_t)(color | COLOR_X));
	const __m256i alpha =
		_mm256_set1_epi32((int32_t)blend_weight(color >> 24));
	uint64_t eight;

	for (; i + BLEND_RUN <= count; i += BLEND_RUN) {
		memcpy(&eight, ink + i, sizeof(eight));
		if (eight) /* most of a line is between strokes */
			blend_ink_run(over, alpha, eight, out + i);
	}
#endif
	for (; i < count; i++)
		out[i] = color_cover(out[i], color, ink[i]);
}

/* One weight, 0 to 256, for all of a row; out may be a or b. */
NODE_HOST void blend_row(const uint32_t *a, const uint32_t *b, uint32_t weight,
			 int32_t count, uint32_t *out)
{
	int32_t i = 0;

#ifdef __AVX2__
	const __m256i all = _mm256_set1_epi16((int16_t)weight);

	for (; i + BLEND_RUN <= count; i += BLEND_RUN)
		blend_store(out + i, blend_run(blend_load(a + i),
					       blend_load(b + i), all, all));
#endif
	for (; i < count; i++)
		out[i] = color_blend(a[i], b[i], weight);
}

#endif

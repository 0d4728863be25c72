/*
 * kernel/ycbcr.h: Y'CbCr to R'G'B' and back, in integers.
 *
 * The sums to RGB have 16 bits, so that a vector of them is as wide as it can
 * be: 5 bits of fraction, each product the upper half of 32 bits. For every one
 * of the 2^24 inputs, every matrix and both ranges each channel is within 1 of
 * the exact real number (tests/graph/test_format.c asks all of them), the same
 * on every processor and GPU. What is outside of RGB is clipped.
 *
 * The numbers are those of ITU-R BT.601, BT.709 and BT.2020 (non-constant
 * luminance): 8 bits, limited range 16..235 and 16..240, or full.
 */
#ifndef KERNEL_YCBCR_H
#define KERNEL_YCBCR_H

#include "kernel/color.h"

#ifdef __AVX2__
#include <immintrin.h>
#endif

enum color_encoding {
	COLOR_ENCODING_AUTO, /* what the driver says, else BT.601 */
	COLOR_BT601,
	COLOR_BT709,
	COLOR_BT2020,
	COLOR_ENCODING_COUNT
};

enum color_range {
	COLOR_RANGE_AUTO, /* what the driver says, else limited */
	COLOR_LIMITED,
	COLOR_FULL,
	COLOR_RANGE_COUNT
};

/*
 * Where in the picture the chroma samples of two pixels, or of two by two, lie:
 * what bilinear chroma goes by (kernel/chroma.h).
 */
enum color_siting {
	COLOR_SITING_AUTO, /* what the driver says, else left */
	COLOR_LEFT,	   /* on the left pixel, between two lines: MPEG-2, H.264 */
	COLOR_CENTRE,	   /* between the pixels, between two lines: JPEG */
	COLOR_TOP_LEFT,	   /* on the first pixel: BT.2020 */
	COLOR_SITING_COUNT
};

/* One matrix; see ycbcr_pixel. Factors of 2^13 are 1. */
struct ycbcr {
	uint16_t luma;			    /* factor of Y */
	int16_t offset;			    /* in 1/32, its half for rounding */
	int16_t red_cr, green_cb, green_cr; /* factors of what is over 128 */
	int16_t blue_cb;
	uint8_t encoding, range, siting; /* never AUTO */
};

/* The upper half of a product: floor(a * b / 65536). */
NODE_PIXEL int32_t ycbcr_product(int32_t a, int32_t b)
{
	return (a * b) >> 16;
}

NODE_PIXEL uint32_t ycbcr_clip(int32_t sum)
{
	int32_t value = sum >> 5;

	return value < 0 ? 0 : value > 255 ? 255 : (uint32_t)value;
}

/* Three sums as a pixel. */
NODE_PIXEL uint32_t ycbcr_rgb(int32_t red, int32_t green, int32_t blue)
{
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 720
	uint32_t pixel; /* clipped and packed, two at a time */

	asm("cvt.pack.sat.u8.s32.b32 %0, %1, %2, 0;"
	    : "=r"(pixel)
	    : "r"(255), "r"(red >> 5));
	asm("cvt.pack.sat.u8.s32.b32 %0, %1, %2, %3;"
	    : "=r"(pixel)
	    : "r"(green >> 5), "r"(blue >> 5), "r"(pixel));
	return pixel;
#else
	return color_rgb(ycbcr_clip(red), ycbcr_clip(green), ycbcr_clip(blue));
#endif
}

/* The definition: one pixel as XRGB8888, X = 0xFF. */
NODE_PIXEL uint32_t ycbcr_pixel(const struct ycbcr *matrix, uint32_t y,
				uint32_t cb, uint32_t cr)
{
	int32_t luma = (int32_t)(y * matrix->luma >> 8) + matrix->offset;
	int32_t u = (int32_t)cb - 128, v = (int32_t)cr - 128;

	return ycbcr_rgb(luma + (v * matrix->red_cr >> 8),
			 luma + (u * matrix->green_cb >> 8) +
				 (v * matrix->green_cr >> 8),
			 luma + (u * matrix->blue_cb >> 8));
}

/* The same of chroma between samples: cb and cr in 1/16, of which the sums drop
 * nothing. */
NODE_PIXEL uint32_t ycbcr_pixel_between(const struct ycbcr *matrix, uint32_t y,
					int32_t cb, int32_t cr)
{
	int32_t luma = (int32_t)(y * matrix->luma >> 8) + matrix->offset;
	int32_t u = (cb - 128 * 16) * 16, v = (cr - 128 * 16) * 16;

	return ycbcr_rgb(luma + ycbcr_product(v, matrix->red_cr),
			 luma + ycbcr_product(u, matrix->green_cb) +
				 ycbcr_product(v, matrix->green_cr),
			 luma + ycbcr_product(u, matrix->blue_cb));
}

/*
 * Runs of pixels, the fast form of rows, each with an AVX2 form beside the plain
 * one: ycbcr_run of Y and of a pair Cb, Cr for each two of them; _planes with Cb
 * and Cr apart; _packed with Y in every second byte, from `luma`, 0 or 1, on,
 * and Cb, Cr in turn in the others.
 */
#define YCBCR_RUN 32 /* pixels */

#ifdef __AVX2__
/* 16 sums of a channel and 16 more, clipped to 32 bytes. even and odd: chroma's
 * share in the pixels of each two, which is one where they share a sample. */
NODE_HOST __m256i ycbcr_channel(__m256i low, __m256i high, __m256i even,
				__m256i odd)
{
	low = _mm256_add_epi16(low, _mm256_unpacklo_epi16(even, odd));
	high = _mm256_add_epi16(high, _mm256_unpackhi_epi16(even, odd));
	return _mm256_packus_epi16(_mm256_srai_epi16(low, 5),
				   _mm256_srai_epi16(high, 5));
}

NODE_HOST void ycbcr_store(uint32_t *out, __m256i blue, __m256i green,
			   __m256i red)
{
	const __m256i x = _mm256_set1_epi8(-1);
	__m256i bg = _mm256_unpacklo_epi8(blue, green);
	__m256i rx = _mm256_unpacklo_epi8(red, x);
	__m256i a = _mm256_unpacklo_epi16(bg, rx);
	__m256i b = _mm256_unpackhi_epi16(bg, rx);
	__m256i *to = (__m256i *)(void *)out;

	_mm256_storeu_si256(to, _mm256_permute2x128_si256(a, b, 0x20));
	_mm256_storeu_si256(to + 2, _mm256_permute2x128_si256(a, b, 0x31));
	bg = _mm256_unpackhi_epi8(blue, green);
	rx = _mm256_unpackhi_epi8(red, x);
	a = _mm256_unpacklo_epi16(bg, rx);
	b = _mm256_unpackhi_epi16(bg, rx);
	_mm256_storeu_si256(to + 1, _mm256_permute2x128_si256(a, b, 0x20));
	_mm256_storeu_si256(to + 3, _mm256_permute2x128_si256(a, b, 0x31));
}

/* Cb and Cr of 16 pixels, in 1/256 and less 128. */
struct ycbcr_lanes {
	__m256i u, v;
};

/* Chroma's share in the three channels. */
struct ycbcr_shares {
	__m256i red, green, blue;
};

NODE_HOST struct ycbcr_shares ycbcr_shares_of(const struct ycbcr *matrix,
					      struct ycbcr_lanes chroma)
{
#define FACTOR(name) _mm256_set1_epi16(matrix->name)
	const struct ycbcr_shares shares = {
		_mm256_mulhi_epi16(chroma.v, FACTOR(red_cr)),
		_mm256_add_epi16(
			_mm256_mulhi_epi16(chroma.u, FACTOR(green_cb)),
			_mm256_mulhi_epi16(chroma.v, FACTOR(green_cr))),
		_mm256_mulhi_epi16(chroma.u, FACTOR(blue_cb)),
	};
#undef FACTOR

	return shares;
}

/* 32 pixels, the same sums as ycbcr_pixel: compilers do not find this form,
 * which takes half the time of what they make (make bench: nv12). luma: 32 Y;
 * even and odd: the shares in each two of them. */
NODE_HOST void ycbcr_sums_of(const struct ycbcr *matrix, __m256i luma,
			     const struct ycbcr_shares *even,
			     const struct ycbcr_shares *odd, uint32_t *out)
{
	const __m256i gain = _mm256_set1_epi16((int16_t)matrix->luma);
	const __m256i offset = _mm256_set1_epi16(matrix->offset);
	__m256i low = _mm256_unpacklo_epi8(_mm256_setzero_si256(), luma);
	__m256i high = _mm256_unpackhi_epi8(_mm256_setzero_si256(), luma);

	low = _mm256_add_epi16(_mm256_mulhi_epu16(low, gain), offset);
	high = _mm256_add_epi16(_mm256_mulhi_epu16(high, gain), offset);
	ycbcr_store(out, ycbcr_channel(low, high, even->blue, odd->blue),
		    ycbcr_channel(low, high, even->green, odd->green),
		    ycbcr_channel(low, high, even->red, odd->red));
}

/* The same where each two pixels share one of the 16 pairs of Cb, Cr. */
NODE_HOST void ycbcr_sums_of_pairs(const struct ycbcr *matrix, __m256i luma,
				   __m256i pairs, uint32_t *out)
{
	const __m256i sign = _mm256_set1_epi16(INT16_MIN);
	const struct ycbcr_lanes chroma = {
		_mm256_xor_si256(_mm256_slli_epi16(pairs, 8), sign),
		_mm256_xor_si256(
			_mm256_and_si256(pairs, _mm256_set1_epi16(-256)), sign),
	};
	const struct ycbcr_shares shares = ycbcr_shares_of(matrix, chroma);

	ycbcr_sums_of(matrix, luma, &shares, &shares, out);
}

NODE_HOST __m256i ycbcr_load(const uint8_t *from)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)from);
}

NODE_HOST __m128i ycbcr_load_half(const uint8_t *from)
{
	return _mm_loadu_si128((const __m128i *)(const void *)from);
}

NODE_HOST void ycbcr_run(const struct ycbcr *matrix, const uint8_t *y,
			 const uint8_t *cbcr, uint32_t *out)
{
	ycbcr_sums_of_pairs(matrix, ycbcr_load(y), ycbcr_load(cbcr), out);
}

/* 16 pairs out of two planes. */
NODE_HOST __m256i ycbcr_weave(const uint8_t *cb, const uint8_t *cr)
{
	__m128i u = ycbcr_load_half(cb), v = ycbcr_load_half(cr);

	return _mm256_setr_m128i(_mm_unpacklo_epi8(u, v),
				 _mm_unpackhi_epi8(u, v));
}

NODE_HOST void ycbcr_run_planes(const struct ycbcr *matrix, const uint8_t *y,
				const uint8_t *cb, const uint8_t *cr,
				uint32_t *out)
{
	ycbcr_sums_of_pairs(matrix, ycbcr_load(y), ycbcr_weave(cb, cr), out);
}

/* The lower bytes of 32 words. */
NODE_HOST __m256i ycbcr_bytes(__m256i a, __m256i b)
{
	const __m256i low = _mm256_set1_epi16(255);

	return _mm256_permute4x64_epi64(
		_mm256_packus_epi16(_mm256_and_si256(a, low),
				    _mm256_and_si256(b, low)),
		0xd8);
}

/* Every second one of 64 bytes, from the first or the second on. */
NODE_HOST __m256i ycbcr_every_second(const uint8_t *from, uint32_t first)
{
	__m256i a = ycbcr_load(from), b = ycbcr_load(from + 32);

	return first ? ycbcr_bytes(_mm256_srli_epi16(a, 8),
				   _mm256_srli_epi16(b, 8))
		     : ycbcr_bytes(a, b);
}

NODE_HOST void ycbcr_run_packed(const struct ycbcr *matrix,
				const uint8_t *from, uint32_t luma,
				uint32_t *out)
{
	ycbcr_sums_of_pairs(matrix, ycbcr_every_second(from, luma),
			    ycbcr_every_second(from, !luma), out);
}
#else
/* The same in plain C: chroma's share of two pixels is found once. */
NODE_HOST void ycbcr_run(const struct ycbcr *matrix, const uint8_t *y,
			 const uint8_t *cbcr, uint32_t *out)
{
	const struct ycbcr m = *matrix;
	int16_t red[32], green[32], blue[32];
	uint32_t i;

	for (i = 0; i < 16; i++) {
		int32_t u = (cbcr[2 * i] - 128) * 256;
		int32_t v = (cbcr[2 * i + 1] - 128) * 256;

		red[2 * i] = red[2 * i + 1] =
			(int16_t)ycbcr_product(v, m.red_cr);
		green[2 * i] = green[2 * i + 1] =
			(int16_t)(ycbcr_product(u, m.green_cb) +
				  ycbcr_product(v, m.green_cr));
		blue[2 * i] = blue[2 * i + 1] =
			(int16_t)ycbcr_product(u, m.blue_cb);
	}
	for (i = 0; i < 32; i++) {
		int32_t luma = (int32_t)((uint32_t)(y[i] << 8) * m.luma >> 16) +
			       m.offset;

		out[i] = color_rgb(ycbcr_clip(luma + red[i]),
				   ycbcr_clip(luma + green[i]),
				   ycbcr_clip(luma + blue[i]));
	}
}

NODE_HOST void ycbcr_run_planes(const struct ycbcr *matrix, const uint8_t *y,
				const uint8_t *cb, const uint8_t *cr,
				uint32_t *out)
{
	uint8_t cbcr[32];
	uint32_t i;

	for (i = 0; i < 16; i++) {
		cbcr[2 * i] = cb[i];
		cbcr[2 * i + 1] = cr[i];
	}
	ycbcr_run(matrix, y, cbcr, out);
}

NODE_HOST void ycbcr_run_packed(const struct ycbcr *matrix,
				const uint8_t *from, uint32_t luma,
				uint32_t *out)
{
	uint8_t y[32], cbcr[32];
	uint32_t i;

	for (i = 0; i < 32; i++) {
		y[i] = from[2 * i + luma];
		cbcr[i] = from[2 * i + 1 - luma];
	}
	ycbcr_run(matrix, y, cbcr, out);
}
#endif

/* Of red and of blue in luma, as enum color_encoding has them. */
NODE_HOST void ycbcr_weights(uint8_t encoding, double *red, double *blue)
{
	static const double weights[COLOR_ENCODING_COUNT][2] = {
		{0, 0}, {0.299, 0.114}, {0.2126, 0.0722}, {0.2627, 0.0593}};

	*red = weights[encoding][0];
	*blue = weights[encoding][1];
}

/* AUTO is BT.601 and limited, as for files that say nothing; chroma is left. */
NODE_HOST struct ycbcr ycbcr_matrix(enum color_encoding encoding,
				    enum color_range range)
{
	struct ycbcr matrix = {0};
	double red, blue, green, luma, chroma;

	matrix.encoding = (uint8_t)(encoding ? encoding : COLOR_BT601);
	matrix.range = (uint8_t)(range ? range : COLOR_LIMITED);
	matrix.siting = COLOR_LEFT;
	ycbcr_weights(matrix.encoding, &red, &blue);
	green = 1 - red - blue;
	luma = matrix.range == COLOR_FULL ? 1 : 255 / 219.0;
	chroma = matrix.range == COLOR_FULL ? 1 : 255 / 224.0;
	matrix.luma = (uint16_t)lround(luma * 8192);
	matrix.offset = (int16_t)lround(
		16 - (matrix.range == COLOR_FULL ? 0 : 16 * luma * 32));
	matrix.red_cr = (int16_t)lround(2 * (1 - red) * chroma * 8192);
	matrix.blue_cb = (int16_t)lround(2 * (1 - blue) * chroma * 8192);
	matrix.green_cb = (int16_t)lround(-2 * blue * (1 - blue) / green *
					  chroma * 8192);
	matrix.green_cr = (int16_t)lround(-2 * red * (1 - red) / green *
					  chroma * 8192);
	return matrix;
}

/* The other way, for a row of test pictures, cards and blanks: sums of red, green
 * and blue with 16 bits of fraction. */
struct ycbcr_sums {
	int32_t y[3], cb[3], cr[3];
	int32_t black, middle; /* with the half that rounds */
};

NODE_HOST struct ycbcr_sums ycbcr_sums(const struct ycbcr *matrix)
{
	bool full = matrix->range == COLOR_FULL;
	double luma = 65536 * (full ? 1 : 219 / 255.0);
	double chroma = 65536 * (full ? 1 : 224 / 255.0) / 2;
	struct ycbcr_sums sums;
	double red, blue;

	ycbcr_weights(matrix->encoding, &red, &blue);
	sums.y[0] = (int32_t)lround(red * luma);
	sums.y[1] = (int32_t)lround((1 - red - blue) * luma);
	sums.y[2] = (int32_t)lround(blue * luma);
	sums.cb[0] = (int32_t)lround(-red / (1 - blue) * chroma);
	sums.cb[2] = (int32_t)lround(chroma);
	sums.cb[1] = -sums.cb[0] - sums.cb[2]; /* greys have none */
	sums.cr[0] = (int32_t)lround(chroma);
	sums.cr[2] = (int32_t)lround(-blue / (1 - red) * chroma);
	sums.cr[1] = -sums.cr[0] - sums.cr[2];
	sums.black = (full ? 0 : 16 << 16) + 32768;
	sums.middle = (128 << 16) + 32768;
	return sums;
}

NODE_HOST uint8_t ycbcr_sum(const int32_t factor[3], int32_t offset,
			    uint32_t pixel)
{
	int32_t sum = factor[0] * (int32_t)(pixel >> 16 & 255) +
		      factor[1] * (int32_t)(pixel >> 8 & 255) +
		      factor[2] * (int32_t)(pixel & 255) + offset;

	/* full range's largest difference would be 255.5 and more */
	return (uint8_t)(sum >> 16 > 255 ? 255 : sum >> 16);
}

#endif

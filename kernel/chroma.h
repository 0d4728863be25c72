/*
 * kernel/chroma.h: pixels of 4:2:0 and 4:2:2 with chroma between its samples
 * (bilinear), for sources that ask for it; the default is kernel/format.h's.
 *
 * Along a side, a pixel lies on a chroma sample or between two of them, the
 * nearer one and the other, which are weighed in quarters:
 *
 *                     even pixel 2n            odd pixel 2n + 1
 *   sited on even     n                        n and n + 1, half each
 *   between           3/4 of n, 1/4 of n - 1   3/4 of n, 1/4 of n + 1
 *
 * Across, COLOR_LEFT and COLOR_TOP_LEFT are on even pixels; down, in 4:2:0
 * alone, COLOR_TOP_LEFT. Beyond an edge is the sample at the edge. The product
 * of both sides' weights is in sixteenths, and nothing of it is rounded before
 * the sums of kernel/ycbcr.h: each channel is within 1 of the exact real number
 * of the exact chroma, the same everywhere (tests/graph/test_chroma.c).
 *
 * picture_load, picture_run_load and picture_row_load at the end are what a
 * node reads a picture with: by its format and its `chroma`, both constants in
 * generated code.
 */
#ifndef KERNEL_CHROMA_H
#define KERNEL_CHROMA_H

#include "kernel/format.h"

/* Along one side, for one pixel: two samples, and the other one's weight in
 * quarters; the nearer one has what is left of 4. */
struct chroma_tap {
	int32_t nearer, other, weight;
};

/* side: the picture's, pixels. */
NODE_PIXEL struct chroma_tap chroma_tap(int32_t at, uint32_t side, bool on_even)
{
	int32_t last = (int32_t)(side - 1) >> 1, odd = at & 1;
	struct chroma_tap tap;

	tap.nearer = at >> 1;
	tap.other = tap.nearer + (odd ? 1 : -1);
	tap.other = tap.other < 0 ? 0 : tap.other > last ? last : tap.other;
	tap.weight = on_even ? 2 * odd : 1;
	return tap;
}

NODE_PIXEL struct chroma_tap chroma_across(const struct picture *picture,
					   int32_t x)
{
	return chroma_tap(x, picture->width,
			  picture->ycbcr.siting != COLOR_CENTRE);
}

NODE_PIXEL bool chroma_is_420(enum graph_format format)
{
	return format == GRAPH_FORMAT_NV12 || format == GRAPH_FORMAT_I420;
}

/* Of 4:2:2 every row has its own. */
NODE_PIXEL struct chroma_tap
chroma_down(enum graph_format format, const struct picture *picture, int32_t y)
{
	struct chroma_tap own = {0, 0, 0};

	own.nearer = own.other = y;
	return chroma_is_420(format)
		       ? chroma_tap(y, picture->height,
				    picture->ycbcr.siting == COLOR_TOP_LEFT)
		       : own;
}

/* Is there chroma between whose samples a pixel may lie? */
NODE_PIXEL bool chroma_is_shared(enum graph_format format)
{
	return chroma_is_420(format) || format == GRAPH_FORMAT_YUYV ||
	       format == GRAPH_FORMAT_UYVY;
}

/* ---- one pixel: the definition ------------------------------------------- */

NODE_PIXEL uint32_t chroma_luma(enum graph_format format,
				const struct picture *picture, int32_t x,
				int32_t y)
{
	if (format == GRAPH_FORMAT_YUYV)
		return graph_byte(picture, 0, 2 * x, y);
	if (format == GRAPH_FORMAT_UYVY)
		return graph_byte(picture, 0, 2 * x + 1, y);
	return graph_byte(picture, 0, x, y);
}

/* Sample `at` of a row of them; which: 0 Cb, 1 Cr. */
NODE_PIXEL int32_t chroma_sample(enum graph_format format,
				 const struct picture *picture, int32_t which,
				 int32_t at, int32_t row)
{
	if (format == GRAPH_FORMAT_NV12)
		return (int32_t)graph_byte(picture, 1, 2 * at + which, row);
	if (format == GRAPH_FORMAT_I420)
		return (int32_t)graph_byte(picture, 1 + (uint32_t)which, at,
					   row);
	return (int32_t)graph_byte(
		picture, 0, 4 * at + 2 * which + (format == GRAPH_FORMAT_YUYV),
		row);
}

/* Between four samples, in 1/16. */
NODE_PIXEL int32_t chroma_between(enum graph_format format,
				  const struct picture *picture, int32_t which,
				  struct chroma_tap across,
				  struct chroma_tap down)
{
#define CHROMA_COLUMN(at)                                                      \
	((4 - down.weight) *                                                   \
		 chroma_sample(format, picture, which, at, down.nearer) +      \
	 down.weight * chroma_sample(format, picture, which, at, down.other))
	return (4 - across.weight) * CHROMA_COLUMN(across.nearer) +
	       across.weight * CHROMA_COLUMN(across.other);
#undef CHROMA_COLUMN
}

/* The pixel at (x, y), inside the picture; X = 0xFF. */
NODE_PIXEL uint32_t chroma_pixel(enum graph_format format,
				 const struct picture *picture, int32_t x,
				 int32_t y)
{
	struct chroma_tap across = chroma_across(picture, x);
	struct chroma_tap down = chroma_down(format, picture, y);

	return ycbcr_pixel_between(
		&picture->ycbcr, chroma_luma(format, picture, x, y),
		chroma_between(format, picture, 0, across, down),
		chroma_between(format, picture, 1, across, down));
}

/* ---- a row, by runs --------------------------------------------------------
 */

/*
 * A run of CHROMA_RUN pixels from x on, which is even, none of which needs a
 * sample beyond an edge: chroma_run, with a form for AVX2 beside the plain one,
 * as kernel/ycbcr.h has them, and the same sums.
 */
#define CHROMA_RUN YCBCR_RUN /* pixels */

#ifdef __AVX2__
/* 16 pairs of Cb, Cr, from sample `at` on of a row of them. */
NODE_HOST __m256i chroma_pairs(enum graph_format format,
			       const struct picture *picture, int32_t at,
			       int32_t row)
{
	const uint32_t x = (uint32_t)at, y = (uint32_t)row;

	if (format == GRAPH_FORMAT_NV12)
		return ycbcr_load(graph_place(picture, 1, 2 * x, y));
	if (format == GRAPH_FORMAT_I420)
		return ycbcr_weave(graph_place(picture, 1, x, y),
				   graph_place(picture, 2, x, y));
	return ycbcr_every_second(graph_place(picture, 0, 4 * x, y),
				  format == GRAPH_FORMAT_YUYV);
}

NODE_HOST __m256i chroma_lumas(enum graph_format format,
			       const struct picture *picture, int32_t x,
			       int32_t y)
{
	if (chroma_is_420(format))
		return ycbcr_load(
			graph_place(picture, 0, (uint32_t)x, (uint32_t)y));
	return ycbcr_every_second(
		graph_place(picture, 0, 2 * (uint32_t)x, (uint32_t)y),
		format == GRAPH_FORMAT_UYVY);
}

/* a and b, weighed in quarters, the second with `weight`. */
NODE_HOST __m256i chroma_weigh(__m256i a, __m256i b, int32_t weight)
{
	return _mm256_add_epi16(
		_mm256_mullo_epi16(a, _mm256_set1_epi16((int16_t)(4 - weight))),
		_mm256_mullo_epi16(b, _mm256_set1_epi16((int16_t)weight)));
}

/* A run's samples from `at` on, down their columns, in quarters. */
NODE_HOST struct ycbcr_lanes chroma_columns(enum graph_format format,
					    const struct picture *picture,
					    int32_t at,
					    const struct chroma_tap *down)
{
	const __m256i low = _mm256_set1_epi16(255);
	__m256i a = chroma_pairs(format, picture, at, down->nearer);
	__m256i b = chroma_is_420(format)
			    ? chroma_pairs(format, picture, at, down->other)
			    : a;
	const struct ycbcr_lanes columns = {
		chroma_weigh(_mm256_and_si256(a, low), _mm256_and_si256(b, low),
			     down->weight),
		chroma_weigh(_mm256_srli_epi16(a, 8), _mm256_srli_epi16(b, 8),
			     down->weight),
	};

	return columns;
}

/* Every second pixel of the run: chroma's share. */
NODE_HOST struct ycbcr_shares chroma_shares(const struct ycbcr *matrix,
					    const struct ycbcr_lanes *nearer,
					    const struct ycbcr_lanes *other,
					    int32_t weight)
{
	const __m256i middle = _mm256_set1_epi16(128 * 16);
	struct ycbcr_lanes chroma;

	chroma.u = chroma_weigh(nearer->u, other->u, weight);
	chroma.v = chroma_weigh(nearer->v, other->v, weight);
	chroma.u = _mm256_slli_epi16(_mm256_sub_epi16(chroma.u, middle), 4);
	chroma.v = _mm256_slli_epi16(_mm256_sub_epi16(chroma.v, middle), 4);
	return ycbcr_shares_of(matrix, chroma);
}

NODE_HOST void chroma_run(enum graph_format format,
			  const struct picture *picture,
			  const struct ycbcr *matrix, int32_t x, int32_t y,
			  uint32_t *out)
{
	const struct chroma_tap down = chroma_down(format, picture, y);
	const struct ycbcr_lanes before =
		chroma_columns(format, picture, x / 2 - 1, &down);
	const struct ycbcr_lanes own =
		chroma_columns(format, picture, x / 2, &down);
	const struct ycbcr_lanes after =
		chroma_columns(format, picture, x / 2 + 1, &down);
	const struct ycbcr_shares even = chroma_shares(
		matrix, &own, &before, chroma_across(picture, x).weight);
	const struct ycbcr_shares odd = chroma_shares(
		matrix, &own, &after, chroma_across(picture, x + 1).weight);

	ycbcr_sums_of(matrix, chroma_lumas(format, picture, x, y), &even, &odd,
		      out);
}
#else
#define CHROMA_PAIRS                                                           \
	(CHROMA_RUN / 2 + 2) /* of Cb, Cr: a run's and one more on             \
				either side */

/* The pairs from sample `at` on of a row. */
NODE_HOST void chroma_run_pairs(enum graph_format format,
				const struct picture *picture, int32_t at,
				int32_t row, uint8_t *pairs)
{
	const uint8_t *cb, *cr;
	int32_t i, step = format == GRAPH_FORMAT_I420 ? 1 : 4;

	if (format == GRAPH_FORMAT_NV12) {
		memcpy(pairs,
		       graph_place(picture, 1, 2 * (uint32_t)at, (uint32_t)row),
		       2 * CHROMA_PAIRS);
		return;
	}
	if (format == GRAPH_FORMAT_I420) {
		cb = graph_place(picture, 1, (uint32_t)at, (uint32_t)row);
		cr = graph_place(picture, 2, (uint32_t)at, (uint32_t)row);
	} else {
		cb = graph_place(picture, 0,
				 4 * (uint32_t)at +
					 (format == GRAPH_FORMAT_YUYV),
				 (uint32_t)row);
		cr = cb + 2;
	}
	for (i = 0; i < CHROMA_PAIRS; i++) {
		pairs[2 * i] = cb[step * i];
		pairs[2 * i + 1] = cr[step * i];
	}
}

NODE_HOST void chroma_run_luma(enum graph_format format,
			       const struct picture *picture, int32_t x,
			       int32_t y, uint8_t *luma)
{
	const uint8_t *from;
	int32_t i;

	if (chroma_is_420(format)) {
		memcpy(luma, graph_place(picture, 0, (uint32_t)x, (uint32_t)y),
		       CHROMA_RUN);
		return;
	}
	from = graph_place(picture, 0,
			   2 * (uint32_t)x + (format == GRAPH_FORMAT_UYVY),
			   (uint32_t)y);
	for (i = 0; i < CHROMA_RUN; i++)
		luma[i] = from[2 * i];
}

/* Every second pixel, in 1/256 and less 128: mixed are the pairs' rows, in
 * quarters, from the first of the two on that such a pixel lies between. */
NODE_HOST void chroma_run_mix(const int16_t *first, int16_t of_first,
			      const int16_t *second, int16_t of_second,
			      int16_t *out)
{
	int32_t i;

	for (i = 0; i < CHROMA_RUN; i++)
		out[i] = (int16_t)((first[i] * of_first +
				    second[i] * of_second - 128 * 16) *
				   16);
}

/* Of the run's even or odd pixels: chroma has Cb and Cr in turn; luma and out
 * are the first one's. */
NODE_HOST void chroma_run_store(const struct ycbcr *matrix, const uint8_t *luma,
				const int16_t *chroma, uint32_t *out)
{
	const struct ycbcr m = *matrix;
	int32_t i;

	for (i = 0; i < CHROMA_RUN / 2; i++) {
		int32_t u = chroma[2 * i], v = chroma[2 * i + 1];
		int32_t y =
			(int32_t)((uint32_t)(luma[2 * i] << 8) * m.luma >> 16) +
			m.offset;

		out[2 * i] = ycbcr_rgb(y + ycbcr_product(v, m.red_cr),
				       y + ycbcr_product(u, m.green_cb) +
					       ycbcr_product(v, m.green_cr),
				       y + ycbcr_product(u, m.blue_cb));
	}
}

NODE_HOST void chroma_run(enum graph_format format,
			  const struct picture *picture,
			  const struct ycbcr *matrix, int32_t x, int32_t y,
			  uint32_t *out)
{
	const struct chroma_tap down = chroma_down(format, picture, y);
	const int16_t before = (int16_t)chroma_across(picture, x).weight;
	const int16_t after = (int16_t)chroma_across(picture, x + 1).weight;
	const int16_t lower = (int16_t)down.weight;
	int16_t mixed[2 * CHROMA_PAIRS], even[CHROMA_RUN], odd[CHROMA_RUN];
	uint8_t luma[CHROMA_RUN], nearer[2 * CHROMA_PAIRS];
	uint8_t other[2 * CHROMA_PAIRS];
	int32_t i;

	chroma_run_luma(format, picture, x, y, luma);
	chroma_run_pairs(format, picture, x / 2 - 1, down.nearer, nearer);
	chroma_run_pairs(format, picture, x / 2 - 1, down.other, other);
	for (i = 0; i < 2 * CHROMA_PAIRS; i++)
		mixed[i] = (int16_t)(nearer[i] * (4 - lower) +
				     other[i] * lower);
	chroma_run_mix(mixed, before, mixed + 2, (int16_t)(4 - before), even);
	chroma_run_mix(mixed + 2, (int16_t)(4 - after), mixed + 4, after, odd);
	chroma_run_store(matrix, luma, even, out);
	chroma_run_store(matrix, luma + 1, odd, out + 1);
}
#endif

/* Pixels x0 up to x1 of row y; row[0] is x0's. Runs begin at an even pixel with
 * a sample before it and end with one behind; what is left goes by itself. */
NODE_HOST void chroma_row(enum graph_format format,
			  const struct picture *picture, uint32_t y,
			  uint32_t x0, uint32_t x1, uint32_t *row)
{
	const struct ycbcr matrix = picture->ycbcr;

	for (; x0 < x1 && (x0 < 2 || x0 & 1); x0++)
		*row++ = chroma_pixel(format, picture, (int32_t)x0, (int32_t)y);
	for (; x0 + CHROMA_RUN <= x1 && x0 + CHROMA_RUN < picture->width;
	     x0 += CHROMA_RUN, row += CHROMA_RUN)
		chroma_run(format, picture, &matrix, (int32_t)x0, (int32_t)y,
			   row);
	for (; x0 < x1; x0++)
		*row++ = chroma_pixel(format, picture, (int32_t)x0, (int32_t)y);
}

/* ---- what a picture is read with -------------------------------------------
 */

/* The pixel at (x, y), inside the picture; X = 0xFF. */
NODE_PIXEL uint32_t picture_load(const struct picture *picture, int32_t x,
				 int32_t y)
{
	enum graph_format format = (enum graph_format)picture->format;

	if (picture->chroma == PICTURE_BILINEAR && chroma_is_shared(format))
		return chroma_pixel(format, picture, x, y);
	return graph_pixel_load(format, picture, x, y);
}

/* The NODE_RUN pixels from (x, y) on, all inside the picture. */
NODE_PIXEL void picture_run_load(const struct picture *picture, int32_t x,
				 int32_t y, uint32_t *run)
{
	enum graph_format format = (enum graph_format)picture->format;
	int32_t i;

	if (picture->chroma != PICTURE_BILINEAR || !chroma_is_shared(format)) {
		graph_run_load(format, picture, x, y, run);
		return;
	}
	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++)
		run[i] = chroma_pixel(format, picture, x + i, y);
}

/* Pixels x0 up to x1 of row y; row[0] is x0's. */
NODE_HOST void picture_row_load(const struct picture *picture, uint32_t y,
				uint32_t x0, uint32_t x1, uint32_t *row)
{
	enum graph_format format = (enum graph_format)picture->format;

	if (picture->chroma == PICTURE_BILINEAR && chroma_is_shared(format))
		chroma_row(format, picture, y, x0, x1, row);
	else
		graph_row_load(format, picture, y, x0, x1, row);
}

#endif

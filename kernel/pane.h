/*
 * kernel/pane.h: a picture of any size, scaled into a rectangle of the frame.
 *
 * What fit and layout are made of. pane_place finds, in foo_tick, which pixels of
 * the frame a picture has and which part of the picture is there; a pixel there
 * is at (x - from) * step + start of the picture, in 1/65536 pixels. Bilinear
 * mixes the four nearest pixels with weights of 8 bits: rows first, then columns.
 *
 * Read kernel/window.h first, kernel/fit.h next.
 */
#ifndef KERNEL_PANE_H
#define KERNEL_PANE_H

#include "kernel/blend.h"
#include "kernel/row.h"
#include "kernel/window.h"

#define PANE_ONE 65536 /* a pixel of the source */

enum pane_mode { PANE_CONTAIN, PANE_COVER, PANE_STRETCH, PANE_CENTRE };

/* A rectangle, pixels: of the frame, or a part of a picture. */
struct pane_area {
	double x, y, width, height;
};

/* All of a picture, or of the frame. */
NODE_HOST struct pane_area pane_whole(uint32_t width, uint32_t height)
{
	const struct pane_area area = {0, 0, (double)width, (double)height};

	return area;
}

/* One side: where it is in the frame, and what of the source is there. */
struct pane_side {
	int32_t from, to;    /* pixels of the frame that are drawn */
	int32_t start, step; /* in 1/PANE_ONE; start is from's */
	int32_t first, last; /* pixels of the source that may be read */
};

struct pane {
	struct pane_side x, y;
	bool nearest, exact; /* exact: pixel for pixel */
	bool same; /* and each at its own place, all over the room, in runs */
};

/* A part of the source, `length` from `at`, as if it were `size` pixels of the
 * frame, in the middle of `room` ones from `origin`; what lies outside of those is
 * cut off. */
NODE_HOST struct pane_side pane_side_of(double at, double length, double size,
					double origin, double room,
					bool nearest)
{
	double step = length / size, from = origin + floor((room - size) / 2);
	struct pane_side side;

	side.first = (int32_t)floor(at);
	side.last = (int32_t)ceil(at + length) - 1;
	side.from = (int32_t)fmax(from, origin);
	side.to = (int32_t)fmin(from + size, origin + room);
	at += (side.from - from + 0.5) * step - (nearest ? 0 : 0.5);
	side.start = (int32_t)lround(at * PANE_ONE);
	side.step = (int32_t)lround(step * PANE_ONE);
	return side;
}

/* Of an exact side: all of a room that begins where the frame does, and of the
 * picture the same pixels. */
NODE_HOST bool pane_is_same(const struct pane_side *side, double room)
{
	return !side->from && side->to == (int32_t)room &&
	       side->start >> 16 == 0;
}

/* `part` of a picture into `room` of the frame, whole pixels both. */
NODE_HOST void pane_place(struct pane *pane, enum pane_mode mode,
			  struct pane_area part, struct pane_area room,
			  bool nearest)
{
	double scale_x = room.width / part.width;
	double scale_y = room.height / part.height;

	if (mode == PANE_CONTAIN)
		scale_x = scale_y = fmin(scale_x, scale_y);
	else if (mode == PANE_COVER)
		scale_x = scale_y = fmax(scale_x, scale_y);
	else if (mode == PANE_CENTRE)
		scale_x = scale_y = 1;
	pane->x = pane_side_of(part.x, part.width,
			       fmax(1, round(part.width * scale_x)), room.x,
			       room.width, nearest);
	pane->y = pane_side_of(part.y, part.height,
			       fmax(1, round(part.height * scale_y)), room.y,
			       room.height, nearest);
	pane->nearest = nearest;
	pane->exact = pane->x.step == PANE_ONE && pane->y.step == PANE_ONE;
	if (pane->exact && !nearest) /* no half pixel is between */
		pane->exact = pane->x.start % PANE_ONE == 0 &&
			      pane->y.start % PANE_ONE == 0;
	pane->same = pane->exact && pane_is_same(&pane->x, room.width) &&
		     pane_is_same(&pane->y, room.height) &&
		     pane->x.to % NODE_RUN == 0;
}

/* Does the pane draw this pixel of the frame? */
NODE_PIXEL bool pane_has(const struct pane *pane, int32_t x, int32_t y)
{
	return x >= pane->x.from && x < pane->x.to && y >= pane->y.from &&
	       y < pane->y.to;
}

NODE_PIXEL int32_t pane_position(const struct pane_side *side, int32_t at)
{
	return side->start + (at - side->from) * side->step;
}

/* The pixel of the source at a position, inside the part that may be read. */
NODE_PIXEL int32_t pane_source(const struct pane_side *side, int32_t position)
{
	int32_t at = position >> 16;

	return at < side->first ? side->first
	       : at > side->last ? side->last
				 : at;
}

/* How much of the next pixel is in it, in 1/256. */
NODE_PIXEL uint32_t pane_weight(int32_t position)
{
	return (uint32_t)position >> 8 & 255;
}

/* A pixel of the source that pane_source found: inside, so not clamped again. */
NODE_PIXEL uint32_t pane_load(const struct picture *in, int32_t x, int32_t y)
{
	return picture_load(in, x, y);
}

/* A pixel that the pane has. */
NODE_PIXEL uint32_t pane_pixel(const struct pane *pane, int32_t x, int32_t y,
			       const struct picture *in)
{
	int32_t px = pane_position(&pane->x, x);
	int32_t py = pane_position(&pane->y, y);
	int32_t x0 = pane_source(&pane->x, px), y0 = pane_source(&pane->y, py);
	int32_t x1, y1;
	uint32_t weight = pane_weight(py), left;

	if (pane->nearest || pane->exact)
		return pane_load(in, x0, y0);
	x1 = pane_source(&pane->x, px + PANE_ONE);
	y1 = pane_source(&pane->y, py + PANE_ONE);
	left = color_blend(pane_load(in, x0, y0), pane_load(in, x0, y1),
			   weight);
	return color_blend(left,
			   color_blend(pane_load(in, x1, y0),
				       pane_load(in, x1, y1), weight),
			   pane_weight(px));
}

/* A pixel of the row that pane_pixel mixes first. */
NODE_PIXEL uint32_t pane_column(const struct picture *in, int32_t x, int32_t y0,
				int32_t y1, uint32_t weight)
{
	return blend_pixel(pane_load(in, x, y0), pane_load(in, x, y1), weight);
}

/* columns[at], without an address: on a GPU they are registers. */
NODE_PIXEL uint32_t pane_pick(const uint32_t *columns, int32_t at)
{
	uint32_t column = columns[0];
	int32_t i;

	NODE_UNROLL
	for (i = 1; i < NODE_RUN; i++)
		column = at == i ? columns[i] : column;
	return column;
}

/* pane_pixels where the picture is enlarged: all that is mixed lies in one column
 * more than there are pixels. Without a branch: threads differ in what they
 * share. */
NODE_PIXEL void pane_pixels_near(const struct pane *pane, int32_t x, int32_t y,
				 const struct picture *in, uint32_t *run)
{
	int32_t px = pane_position(&pane->x, x);
	int32_t py = pane_position(&pane->y, y), i, at;
	int32_t y0 = pane_source(&pane->y, py);
	int32_t y1 = pane_source(&pane->y, py + PANE_ONE);
	uint32_t columns[NODE_RUN + 1];

	NODE_UNROLL
	for (i = 0; i <= NODE_RUN; i++)
		columns[i] = pane_column(
			in, pane_source(&pane->x, px + i * PANE_ONE), y0, y1,
			pane_weight(py));
	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++) {
		at = ((px + i * pane->x.step) >> 16) - (px >> 16);
		run[i] = blend_pixel(pane_pick(columns, at),
				     pane_pick(columns + 1, at),
				     pane_weight(px + i * pane->x.step));
	}
}

/* Of the NODE_RUN pixels from (x, y) on those that the pane has, the form of a
 * GPU's thread; the others of out stay as they are. */
NODE_PIXEL void pane_pixels(const struct pane *pane, int32_t x, int32_t y,
			    const struct picture *in, uint32_t *out)
{
	int32_t px = pane_position(&pane->x, x);
	int32_t py = pane_position(&pane->y, y), i;
	bool in_y = (y >= pane->y.from) & (y < pane->y.to);
	uint32_t run[NODE_RUN];

	/* asked at once: branches would wait one for the other */
	if (in_y & pane->exact & (x >= pane->x.from) &
	    (x + NODE_RUN <= pane->x.to)) {
		picture_run_load(in, px >> 16, py >> 16, out);
		return;
	}
	if (!in_y | (x >= pane->x.to) | (x + NODE_RUN <= pane->x.from))
		return;
	if (!pane->nearest && pane->x.step <= PANE_ONE) {
		pane_pixels_near(pane, x, y, in, run);
		NODE_UNROLL
		for (i = 0; i < NODE_RUN; i++)
			out[i] = pane_has(pane, x + i, y) ? run[i] : out[i];
		return;
	}
	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++)
		if (pane_has(pane, x + i, y))
			out[i] = pane_pixel(pane, x + i, y, in);
}

/* The row that columns are then made from: two of the source's, mixed. */
NODE_HOST const uint32_t *pane_row(const struct pane *pane, int32_t y,
				   struct window *in)
{
	int32_t position = pane_position(&pane->y, y);
	int32_t y0 = pane_source(&pane->y, position);
	int32_t y1 = pane_source(&pane->y, position + PANE_ONE);
	int32_t first = pane->x.first;
	uint32_t weight = pane_weight(position), *mixed = in->work;
	const uint32_t *top = window_row(in, y0), *below;

	if (pane->nearest || !weight || y0 == y1)
		return top;
	below = window_row(in, y1);
	blend_row(top + first, below + first, weight, pane->x.last + 1 - first,
		  mixed + first);
	return mixed;
}

/* Between two pixels of the row. */
NODE_HOST uint32_t pane_between(const struct pane_side *side, int32_t position,
				const uint32_t *row)
{
	return color_blend(row[pane_source(side, position)],
			   row[pane_source(side, position + PANE_ONE)],
			   pane_weight(position));
}

#ifdef __AVX2__
/* Does all that pane_run reads from a position on, which is not before the
 * part, lie in it? */
NODE_HOST bool pane_inside(const struct pane_side *side, int32_t position)
{
	int64_t step = side->step > PANE_ONE ? side->step : PANE_ONE;
	int64_t end = position + (BLEND_RUN - 1) * step;

	return end >> 16 < side->last;
}

/* A pixel and the next one, at 0, 1, 4 and 5 steps from the position. */
NODE_HOST __m256i pane_pairs(const uint32_t *row, int32_t position,
			     int32_t step)
{
	int64_t pair[4];
	int32_t i;

	for (i = 0; i < 4; i++)
		memcpy(&pair[i],
		       row + ((position + (i + i / 2 * 2) * step) >> 16),
		       sizeof(pair[i]));
	return _mm256_setr_epi64x(pair[0], pair[1], pair[2], pair[3]);
}

/*
 * BLEND_RUN pixels from a position on; `steps` has 0, 1, 2 ... of them. With a
 * step of up to a pixel all that they are between lie in 8 pixels and in the 8
 * one further on, where a shuffle finds them; else they are loaded two by two.
 */
NODE_HOST __m256i pane_run(const uint32_t *row, int32_t position, int32_t step,
			   __m256i steps)
{
	/* a position's second byte is its weight */
	const __m256i low = _mm256_setr_epi8(
		1, -1, 1, -1, 1, -1, 1, -1, 5, -1, 5, -1, 5, -1, 5, -1, 1, -1,
		1, -1, 1, -1, 1, -1, 5, -1, 5, -1, 5, -1, 5, -1);
	const __m256i high = _mm256_add_epi8(low, _mm256_set1_epi16(8));
	__m256i places = _mm256_add_epi32(
		steps, _mm256_set1_epi32(position & (PANE_ONE - 1)));
	__m256i left, right;

	if (step <= PANE_ONE) {
		right = _mm256_srli_epi32(places, 16);
		left = _mm256_permutevar8x32_epi32(
			blend_load(row + (position >> 16)), right);
		right = _mm256_permutevar8x32_epi32(
			blend_load(row + (position >> 16) + 1), right);
	} else {
		__m256 a = _mm256_castsi256_ps(pane_pairs(row, position, step));
		__m256 b = _mm256_castsi256_ps(
			pane_pairs(row, position + 2 * step, step));

		left = _mm256_castps_si256(_mm256_shuffle_ps(a, b, 0x88));
		right = _mm256_castps_si256(_mm256_shuffle_ps(a, b, 0xdd));
	}
	return blend_run(left, right, _mm256_shuffle_epi8(places, low),
			 _mm256_shuffle_epi8(places, high));
}
#endif

/* As pane_columns, between pixels. */
NODE_HOST void pane_bilinear(const struct pane_side *side, int32_t from,
			     int32_t to, const uint32_t *__restrict row,
			     uint32_t *__restrict out)
{
	int32_t x = from;

#ifdef __AVX2__
	const __m256i steps = _mm256_mullo_epi32(
		_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7),
		_mm256_set1_epi32(side->step));

	for (; x < to && pane_position(side, x) >> 16 < side->first; x++)
		out[x - from] =
			pane_between(side, pane_position(side, x), row);
	for (; x + BLEND_RUN <= to && pane_inside(side, pane_position(side, x));
	     x += BLEND_RUN)
		blend_store(out + (x - from),
			    pane_run(row, pane_position(side, x), side->step,
				     steps));
#endif
	for (; x < to; x++)
		out[x - from] =
			pane_between(side, pane_position(side, x), row);
}

/* Pixels from up to to, all of them the pane's, out of that row, which is not
 * where they go: compilers gather only what cannot change under them. */
NODE_HOST void pane_columns(const struct pane *pane, int32_t from, int32_t to,
			    const uint32_t *__restrict row,
			    uint32_t *__restrict out)
{
	const struct pane_side side = pane->x;
	int32_t i;

	if (!pane->nearest) {
		pane_bilinear(&side, from, to, row, out);
		return;
	}
	for (i = 0; i < to - from; i++)
		out[i] = row[pane_source(&side,
					 pane_position(&side, from + i))];
}

/* Of the span [x0, x1) of row y whose first pixel is out[0], those that the pane
 * has. */
NODE_HOST void pane_span(const struct pane *pane, int32_t y, int32_t x0,
			 int32_t x1, struct window *in, uint32_t *out)
{
	int32_t from = pane->x.from > x0 ? pane->x.from : x0;
	int32_t to = pane->x.to < x1 ? pane->x.to : x1, left;

	if (y < pane->y.from || y >= pane->y.to || from >= to)
		return;
	if (!pane->exact) {
		pane_columns(pane, from, to, pane_row(pane, y, in),
			     out + (from - x0));
		return;
	}
	left = pane_position(&pane->x, from) >> 16;
	window_load(in, pane_position(&pane->y, y) >> 16, left,
		    left + to - from, out + (from - x0));
}

#endif

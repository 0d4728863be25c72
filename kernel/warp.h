/*
 * kernel/warp.h: a picture bent into place, by its four corners or by a grid.
 *
 * A pixel of the frame shows a place in the picture. At every eighth pixel of a row
 * that is found exactly, by a division, or between points of the grid; in between
 * it moves evenly. foo_tick turns four corners into nine integers: place = (a x +
 * b y + c) / (g x + h y + i), of pixel centres. Beside a corner that lies nearly at
 * the horizon, where eighths are too far apart, each pixel is divided for.
 *
 * Places are in 1/256 pixels of the picture, 0 at its left or upper edge.
 */
#ifndef KERNEL_WARP_H
#define KERNEL_WARP_H

#include "kernel/baked.h"
#include "kernel/row.h"
#include "kernel/window.h"
#ifndef GRAPH_BAKED /* NAME.h has none: tests, or a header by itself */
#include "kernel/baked_sample.h"
#endif

#define WARP_STEP     8		/* px */
#define WARP_FAR      (1 << 26) /* 1/256 px: no place is further away */
#define WARP_CELL     24	/* bits: from one point of the grid to the next */
#define WARP_AREA_MIN 0.5	/* px^2, of the corners' triangles, twice */

struct warp_params {
	double corners[8];
	int32_t grid; /* index in baked_grids; 0: by corners */
	int32_t filter;
	uint32_t margin;
};

/* What is found of a place: x, y or what both are divided by. */
struct warp_sum {
	int64_t x, y, one; /* of 2 x + 1, 2 y + 1, and the rest */
};

struct warp_uniform {
	struct warp_sum x, y, by;
	int64_t least; /* of `by` where places are evenly apart */
	int32_t left, top, right, bottom; /* nothing is shown beyond */
	uint32_t columns, rows, first; /* struct baked_grid; 0: by corners */
	uint32_t frame_width, frame_height, width, height; /* px */
	uint32_t nearest, margin;
};

/* A place in the picture; none where the frame shows what is behind the eye. */
struct warp_place {
	int32_t x, y;
	bool is;
};

/* ---- once a tick ----------------------------------------------------------- */

struct warp_point {
	double x, y;
};

/* Twice the area of a triangle, signed by which way round it goes. */
NODE_HOST double warp_area(struct warp_point a, struct warp_point b,
			   struct warp_point c)
{
	return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
}

NODE_HOST bool warp_is_convex(const struct warp_point corner[4])
{
	int32_t i, right = 0, left = 0;

	for (i = 0; i < 4; i++) {
		double area = warp_area(corner[i], corner[(i + 1) % 4],
					corner[(i + 2) % 4]);

		right += area >= WARP_AREA_MIN;
		left += area <= -WARP_AREA_MIN;
	}
	return right == 4 || left == 4;
}

/* From the frame to the unit square whose corners go there: matrix[3][3] with
 * x, y and the divisor by row. */
NODE_HOST void warp_matrix(const struct warp_point p[4], double m[3][3])
{
	double x1 = p[1].x - p[2].x, x2 = p[3].x - p[2].x;
	double y1 = p[1].y - p[2].y, y2 = p[3].y - p[2].y;
	double x3 = p[0].x - p[1].x + p[2].x - p[3].x;
	double y3 = p[0].y - p[1].y + p[2].y - p[3].y;
	double det = x1 * y2 - x2 * y1;
	double g = (x3 * y2 - x2 * y3) / det, h = (x1 * y3 - x3 * y1) / det;
	double a = p[1].x - p[0].x + g * p[1].x, c = p[0].x;
	double b = p[3].x - p[0].x + h * p[3].x, f = p[0].y;
	double d = p[1].y - p[0].y + g * p[1].y;
	double e = p[3].y - p[0].y + h * p[3].y;
	const double inverse[3][3] = {{e - f * h, c * h - b, b * f - c * e},
				      {f * g - d, a - c * g, c * d - a * f},
				      {d * h - e * g, b * g - a * h,
				       a * e - b * d}};

	memcpy(m, inverse, sizeof(inverse));
}

NODE_HOST double warp_value(const double row[3], double x, double y)
{
	return row[0] * x + row[1] * y + row[2];
}

NODE_HOST struct warp_sum warp_sum_of(const double row[3], double scale)
{
	struct warp_sum sum;

	sum.x = llround(row[0] * scale / 2);
	sum.y = llround(row[1] * scale / 2);
	sum.one = llround(row[2] * scale);
	return sum;
}

/* The matrix as integers, as large as they can be: 2^60 somewhere in the frame,
 * and with what is added on the way far below 2^63. */
NODE_HOST void warp_scale(double m[3][3], const struct warp_point corner[4],
			  const struct tick *tick, struct warp_uniform *uniform)
{
	double most = 0, least = 0, scale;
	int32_t i, j;

	for (j = 0; j < 3; j++) {
		m[0][j] *= 256.0 * uniform->width;
		m[1][j] *= 256.0 * uniform->height;
	}
	for (i = 0; i < 4; i++)
		for (j = 0; j < 3; j++)
			most = fmax(most, fabs(warp_value(
						  m[j],
						  i & 1 ? tick->width + WARP_STEP
							: 0,
						  i & 2 ? tick->height : 0)));
	for (i = 0; i < 4; i++) {
		double by = warp_value(m[2], corner[i].x, corner[i].y);

		least = i ? fabs(by) < fabs(least) ? by : least : by;
	}
	scale = ldexp(1, 60) / most * (least < 0 ? -1 : 1);
	uniform->x = warp_sum_of(m[0], scale);
	uniform->y = warp_sum_of(m[1], scale);
	uniform->by = warp_sum_of(m[2], scale);
	uniform->least = (int64_t)(least * scale / 2);
}

/* The rectangle of the frame that the corners are in. */
NODE_HOST void warp_bounds(const struct warp_point corner[4],
			   const struct tick *tick, struct warp_uniform *uniform)
{
	struct warp_point low = corner[0], high = corner[0];
	int32_t i;

	for (i = 1; i < 4; i++) {
		low.x = fmin(low.x, corner[i].x);
		low.y = fmin(low.y, corner[i].y);
		high.x = fmax(high.x, corner[i].x);
		high.y = fmax(high.y, corner[i].y);
	}
	uniform->left = (int32_t)fmax(floor(low.x), 0);
	uniform->top = (int32_t)fmax(floor(low.y), 0);
	uniform->right = (int32_t)fmin(ceil(high.x), tick->width);
	uniform->bottom = (int32_t)fmin(ceil(high.y), tick->height);
}

NODE_HOST void warp_corners(const struct warp_params *params,
			    const struct tick *tick,
			    struct warp_uniform *uniform)
{
	struct warp_point corner[4];
	double matrix[3][3];
	int32_t i;

	for (i = 0; i < 4; i++) {
		corner[i].x = params->corners[2 * i] * tick->width;
		corner[i].y = params->corners[2 * i + 1] * tick->height;
	}
	if (!warp_is_convex(corner))
		return;
	warp_bounds(corner, tick, uniform);
	warp_matrix(corner, matrix);
	warp_scale(matrix, corner, tick, uniform);
}

NODE_HOST void warp_tick(const struct warp_params *params,
			 const struct tick *tick, void *state,
			 struct warp_uniform *uniform)
{
	const struct baked_grid *grid = &baked_grids[params->grid];

	(void)state;
	memset(uniform, 0, sizeof(*uniform));
	uniform->width = tick->input[0].width;
	uniform->height = tick->input[0].height;
	uniform->frame_width = tick->width;
	uniform->frame_height = tick->height;
	uniform->nearest = params->filter != 0;
	uniform->margin = params->margin;
	if (!grid->columns) {
		warp_corners(params, tick, uniform);
		return;
	}
	uniform->right = (int32_t)tick->width;
	uniform->bottom = (int32_t)tick->height;
	uniform->columns = grid->columns;
	uniform->rows = grid->rows;
	uniform->first = grid->first;
}

/* ---- places ---------------------------------------------------------------- */

NODE_PIXEL int64_t warp_sum_at(const struct warp_sum *sum, int32_t x, int32_t y)
{
	return sum->x * (2 * x + 1) + sum->y * (2 * y + 1) + sum->one;
}

NODE_PIXEL int32_t warp_near(int64_t place)
{
	return place < -WARP_FAR  ? -WARP_FAR
	       : place > WARP_FAR ? WARP_FAR
				  : (int32_t)place;
}

/* Rounded to the nearest, also what is left of or above the picture. */
NODE_PIXEL int32_t warp_quotient(int64_t sum, int64_t by)
{
	sum += by / 2;
	return warp_near(sum / by - (sum % by < 0));
}

/* Pixel (x, y), where `by` is at least so much. */
NODE_PIXEL struct warp_place warp_divided(const struct warp_uniform *uniform,
					  int32_t x, int32_t y, int64_t least)
{
	int64_t by = warp_sum_at(&uniform->by, x, y);
	struct warp_place place = {0, 0, false};

	if (by < least || by <= 0)
		return place;
	place.x = warp_quotient(warp_sum_at(&uniform->x, x, y), by);
	place.y = warp_quotient(warp_sum_at(&uniform->y, x, y), by);
	place.is = true;
	return place;
}

/* A part of the way from one number to another, 1/2^WARP_CELL. */
NODE_PIXEL int64_t warp_part(int64_t from, int64_t to, int64_t part)
{
	return from + (((to - from) * part + (1 << (WARP_CELL - 1))) >>
		       WARP_CELL);
}

/* Between four of the grid's points, of which p is the first; times the picture's
 * side. */
NODE_PIXEL int32_t warp_between(const int32_t *p, uint32_t columns, int64_t x,
				int64_t y, uint32_t side)
{
	int64_t point = warp_part(warp_part(p[0], p[2], x),
				  warp_part(p[2 * columns], p[2 * columns + 2],
					    x),
				  y);

	return warp_near((point * (int64_t)side + (1 << 15)) >> 16);
}

/* The centre of a pixel, in the grid's cells: 1/2^WARP_CELL. */
NODE_PIXEL int64_t warp_cells(int32_t at, uint32_t side, uint32_t points)
{
	return (((2 * (int64_t)at + 1) * (points - 1)) << WARP_CELL) /
	       (2 * side);
}

NODE_PIXEL struct warp_place warp_in_grid(const struct warp_uniform *uniform,
					  int32_t x, int32_t y)
{
	int64_t at_x = warp_cells(x, uniform->frame_width, uniform->columns);
	int64_t at_y = warp_cells(y, uniform->frame_height, uniform->rows);
	int32_t column = window_clamp((int32_t)(at_x >> WARP_CELL),
				      uniform->columns - 1);
	int32_t row = window_clamp((int32_t)(at_y >> WARP_CELL),
				   uniform->rows - 1);
	const int32_t *points = baked_points() + uniform->first +
				2 * (row * (int32_t)uniform->columns + column);
	struct warp_place place;

	at_x -= (int64_t)column << WARP_CELL;
	at_y -= (int64_t)row << WARP_CELL;
	place.x = warp_between(points, uniform->columns, at_x, at_y,
			       uniform->width);
	place.y = warp_between(points + 1, uniform->columns, at_x, at_y,
			       uniform->height);
	place.is = true;
	return place;
}

/* Of a pixel whose x is a multiple of WARP_STEP. Where the graph has no grid but
 * the empty one, there are no points to compile anything for. */
NODE_PIXEL struct warp_place warp_exact(const struct warp_uniform *uniform,
					int32_t x, int32_t y)
{
	if (BAKED_GRIDS > 1 && uniform->columns)
		return warp_in_grid(uniform, x, y);
	return warp_divided(uniform, x, y, uniform->least);
}

/* Of pixel x, between the two next to it that are exact. */
NODE_PIXEL struct warp_place warp_even(const struct warp_uniform *uniform,
				       int32_t x, int32_t y,
				       const struct warp_place *from,
				       const struct warp_place *to)
{
	int32_t part = x % WARP_STEP;
	struct warp_place place = *from;

	if (!from->is || !to->is)
		return warp_divided(uniform, x, y, 1);
	place.x += (to->x - from->x) * part / WARP_STEP;
	place.y += (to->y - from->y) * part / WARP_STEP;
	return place;
}

/* ---- pixels ---------------------------------------------------------------- */

/* What the picture shows there, or margin. */
NODE_PIXEL uint32_t warp_color(const struct warp_uniform *uniform,
			       struct warp_place place,
			       const struct picture *in)
{
	int32_t x = (place.x - 128) >> 8, y = (place.y - 128) >> 8;
	uint32_t down = (uint32_t)(place.y - 128) & 255;

	if (!place.is || place.x < 0 || place.y < 0 ||
	    place.x >> 8 >= (int32_t)in->width ||
	    place.y >> 8 >= (int32_t)in->height)
		return uniform->margin;
	if (uniform->nearest)
		return picture_at(in, place.x >> 8, place.y >> 8);
	return color_blend(color_blend(picture_at(in, x, y),
				       picture_at(in, x, y + 1), down),
			   color_blend(picture_at(in, x + 1, y),
				       picture_at(in, x + 1, y + 1), down),
			   (uint32_t)(place.x - 128) & 255);
}

NODE_PIXEL bool warp_has(const struct warp_uniform *uniform, int32_t x,
			 int32_t y)
{
	return x >= uniform->left && x < uniform->right && y >= uniform->top &&
	       y < uniform->bottom;
}

NODE_PIXEL uint32_t warp_pixel(const struct warp_uniform *uniform, int32_t x,
			       int32_t y, const struct picture *in)
{
	int32_t first = x / WARP_STEP * WARP_STEP;
	struct warp_place from, to;

	if (!warp_has(uniform, x, y))
		return uniform->margin;
	from = warp_exact(uniform, first, y);
	to = warp_exact(uniform, first + WARP_STEP, y);
	return warp_color(uniform, warp_even(uniform, x, y, &from, &to), in);
}

/* The pixels of a run are between the same two. */
NODE_PIXEL void warp_run(const struct warp_uniform *uniform, int32_t x,
			 int32_t y, const struct picture *in, uint32_t *out)
{
	int32_t first = x / WARP_STEP * WARP_STEP, i;
	struct warp_place from, to;

	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++)
		out[i] = uniform->margin;
	if (x + NODE_RUN <= uniform->left || x >= uniform->right ||
	    y < uniform->top || y >= uniform->bottom)
		return;
	from = warp_exact(uniform, first, y);
	to = warp_exact(uniform, first + WARP_STEP, y);
	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++)
		if (warp_has(uniform, x + i, y))
			out[i] = warp_color(
				uniform,
				warp_even(uniform, x + i, y, &from, &to), in);
}

NODE_HOST void warp_span(const struct warp_uniform *uniform, int32_t y,
			 int32_t x0, int32_t x1, struct window *const in[],
			 uint32_t *out)
{
	int32_t x = uniform->left > x0 ? uniform->left : x0;
	int32_t end = uniform->right < x1 ? uniform->right : x1;
	int32_t next = x / WARP_STEP * WARP_STEP;
	struct warp_place from, to;

	row_fill(out, x0, x1, x0, x1, uniform->margin);
	if (y < uniform->top || y >= uniform->bottom || x >= end)
		return;
	to = warp_exact(uniform, next, y);
	for (from = to; x < end; x++) {
		if (x >= next) {
			next += WARP_STEP;
			from = to;
			to = warp_exact(uniform, next, y);
		}
		out[x - x0] = warp_color(
			uniform, warp_even(uniform, x, y, &from, &to),
			in[0]->picture);
	}
}

#endif

/*
 * kernel/shapes.h: a rectangle, a circle or a line with round ends, with smooth
 * edges; a filter.
 *
 * Places are in 1/16 px; the centre of pixel x is at 16 x + 8. Coverage is 0 to
 * 256. That of a rectangle is the exact area; that of what is round is a pixel's
 * distance from the edge, 1 px wide, which is within 1/16 of the area for a
 * radius of 2 px or more.
 */
#ifndef KERNEL_SHAPES_H
#define KERNEL_SHAPES_H

#include <math.h>

#include "kernel/box.h"
#include "kernel/row.h"

#define SHAPES_ONE 16 /* a pixel */

enum shapes_kind { SHAPES_RECTANGLE, SHAPES_CIRCLE, SHAPES_LINE };

struct shapes_params {
	int32_t shape;	  /* enum shapes_kind */
	double from[2], to[2]; /* px */
	double thickness; /* px */
	uint32_t color;
};

/* A disc's edge, or a line's: radius and what makes squares of distances into
 * coverage, see shapes_round. */
struct shapes_edge {
	int64_t radius_squared; /* 1/256 px^2 */
	int64_t slope;
};

struct shapes_uniform {
	struct box box; /* outside of it there is nothing; its color is ours */
	int32_t kind;
	/* rectangle: the edges; else the centre, or where a line begins and how
	 * far it goes */
	int32_t x, y, dx, dy;
	int32_t inset; /* rectangle: the outline's thickness */
	int32_t hollow;
	struct shapes_edge outer, inner;
	int64_t length_squared; /* of a line, 1/256 px^2; at least 1 */
	int64_t across; /* of a line: slope of the distance from it */
	int64_t half;	/* of its thickness, 1/16 px */
};

/* ---- once a tick --------------------------------------------------------- */

NODE_HOST int32_t shapes_fixed(double pixels)
{
	return (int32_t)lround(pixels * SHAPES_ONE);
}

/* Near the edge (r^2 - d^2) / 2r is the distance from it, here in 1/16 px: 16 of
 * them are 256 of coverage. */
NODE_HOST struct shapes_edge shapes_edge(double radius)
{
	struct shapes_edge edge;

	radius = radius < 0.5 ? 0.5 : radius;
	edge.radius_squared = (int64_t)llround(radius * radius);
	edge.slope = (int64_t)llround(8.0 * (1 << 24) / radius);
	return edge;
}

/* Whole pixels around a region given in 1/16 px. */
NODE_HOST void shapes_bound(struct box *box, double left, double top,
			    double right, double bottom)
{
	box->left = (int32_t)floor(left / SHAPES_ONE);
	box->top = (int32_t)floor(top / SHAPES_ONE);
	box->right = (int32_t)ceil(right / SHAPES_ONE);
	box->bottom = (int32_t)ceil(bottom / SHAPES_ONE);
}

NODE_HOST void shapes_set_rectangle(const struct shapes_params *params,
				    struct shapes_uniform *uniform)
{
	int32_t a[2], b[2], i;

	for (i = 0; i < 2; i++) {
		a[i] = shapes_fixed(fmin(params->from[i], params->to[i]));
		b[i] = shapes_fixed(fmax(params->from[i], params->to[i]));
	}
	uniform->x = a[0];
	uniform->y = a[1];
	uniform->dx = b[0] - a[0];
	uniform->dy = b[1] - a[1];
	uniform->inset = shapes_fixed(params->thickness);
	shapes_bound(&uniform->box, a[0], a[1], b[0], b[1]);
}

NODE_HOST void shapes_set_circle(const struct shapes_params *params,
				 struct shapes_uniform *uniform)
{
	double radius = SHAPES_ONE * hypot(params->to[0] - params->from[0],
					   params->to[1] - params->from[1]);
	double inner = radius - SHAPES_ONE * params->thickness;
	double reach = radius + SHAPES_ONE;

	uniform->outer = shapes_edge(radius);
	uniform->inner = shapes_edge(inner);
	if (inner <= 0)
		uniform->hollow = 0;
	shapes_bound(&uniform->box, uniform->x - reach, uniform->y - reach,
		     uniform->x + reach, uniform->y + reach);
}

NODE_HOST void shapes_set_line(const struct shapes_params *params,
			       struct shapes_uniform *uniform)
{
	double width = params->thickness > 0 ? params->thickness : 1;
	double half = SHAPES_ONE * width / 2, reach = half + SHAPES_ONE;
	double dx = uniform->dx, dy = uniform->dy;
	double length = fmax(1, hypot(dx, dy));

	uniform->outer = shapes_edge(half);
	uniform->length_squared = (int64_t)llround(length * length);
	uniform->across = (int64_t)llround((1 << 24) / length);
	uniform->half = (int64_t)llround(half);
	shapes_bound(&uniform->box, uniform->x + fmin(0, dx) - reach,
		     uniform->y + fmin(0, dy) - reach,
		     uniform->x + fmax(0, dx) + reach,
		     uniform->y + fmax(0, dy) + reach);
}

NODE_HOST void shapes_tick(const struct shapes_params *params,
			   const struct tick *tick, void *state,
			   struct shapes_uniform *uniform)
{
	(void)tick;
	(void)state;
	memset(uniform, 0, sizeof(*uniform));
	uniform->kind = params->shape;
	uniform->hollow = params->thickness > 0;
	uniform->x = shapes_fixed(params->from[0]);
	uniform->y = shapes_fixed(params->from[1]);
	uniform->dx = shapes_fixed(params->to[0]) - uniform->x;
	uniform->dy = shapes_fixed(params->to[1]) - uniform->y;
	if (params->shape == SHAPES_RECTANGLE)
		shapes_set_rectangle(params, uniform);
	else if (params->shape == SHAPES_CIRCLE)
		shapes_set_circle(params, uniform);
	else
		shapes_set_line(params, uniform);
	uniform->box.color = params->color;
}

/* ---- each pixel ---------------------------------------------------------- */

NODE_PIXEL int32_t shapes_clamp(int64_t coverage)
{
	return coverage < 0 ? 0 : coverage > 256 ? 256 : (int32_t)coverage;
}

/* How much of pixel `at` lies in [from, from + extent), in 1/16: 0 to 16. */
NODE_PIXEL int32_t shapes_overlap(int32_t at, int32_t from, int32_t extent)
{
	int32_t low = at * SHAPES_ONE, high = low + SHAPES_ONE;

	low = low > from ? low : from;
	high = high < from + extent ? high : from + extent;
	return high > low ? high - low : 0;
}

/* Of a disc, at a square of the distance from its centre. */
NODE_PIXEL int32_t shapes_round(const struct shapes_edge *edge, int64_t squared)
{
	int64_t rest = edge->radius_squared - squared;

	rest = rest > 1 << 24 ? 1 << 24 : rest < -(1 << 24) ? -(1 << 24) : rest;
	return shapes_clamp(128 + (rest * edge->slope >> 24));
}

NODE_PIXEL int32_t shapes_rectangle(const struct shapes_uniform *uniform,
				    int32_t x, int32_t y)
{
	int32_t inset = uniform->inset;
	int32_t whole = shapes_overlap(x, uniform->x, uniform->dx) *
			shapes_overlap(y, uniform->y, uniform->dy);

	if (!uniform->hollow)
		return whole;
	return whole - shapes_overlap(x, uniform->x + inset,
				      uniform->dx - 2 * inset) *
			       shapes_overlap(y, uniform->y + inset,
					      uniform->dy - 2 * inset);
}

NODE_PIXEL int32_t shapes_circle(const struct shapes_uniform *uniform,
				 int64_t dx, int64_t dy)
{
	int32_t disc = shapes_round(&uniform->outer, dx * dx + dy * dy);

	if (!uniform->hollow)
		return disc;
	return shapes_clamp(
		disc - shapes_round(&uniform->inner, dx * dx + dy * dy));
}

NODE_PIXEL int32_t shapes_line(const struct shapes_uniform *uniform, int64_t dx,
			       int64_t dy)
{
	int64_t along = dx * uniform->dx + dy * uniform->dy;
	int64_t aside = dx * uniform->dy - dy * uniform->dx;

	if (along < 0)
		return shapes_round(&uniform->outer, dx * dx + dy * dy);
	if (along > uniform->length_squared) {
		dx -= uniform->dx;
		dy -= uniform->dy;
		return shapes_round(&uniform->outer, dx * dx + dy * dy);
	}
	aside = aside < 0 ? -aside : aside;
	return shapes_clamp(128 + 16 * uniform->half -
			    (aside * uniform->across >> 20));
}

NODE_PIXEL int32_t shapes_coverage(const struct shapes_uniform *uniform,
				   int32_t x, int32_t y)
{
	int64_t dx = (int64_t)x * SHAPES_ONE + SHAPES_ONE / 2 - uniform->x;
	int64_t dy = (int64_t)y * SHAPES_ONE + SHAPES_ONE / 2 - uniform->y;

	if (uniform->kind == SHAPES_RECTANGLE)
		return shapes_rectangle(uniform, x, y);
	if (uniform->kind == SHAPES_CIRCLE)
		return shapes_circle(uniform, dx, dy);
	return shapes_line(uniform, dx, dy);
}

NODE_PIXEL bool shapes_touches(const struct shapes_uniform *uniform, int32_t x,
			       int32_t y)
{
	return box_meets(&uniform->box, x, y);
}

NODE_PIXEL uint32_t shapes_pixel(const struct shapes_uniform *uniform,
				 int32_t x, int32_t y, uint32_t in)
{
	int32_t coverage;

	if (!box_has(&uniform->box, x, y))
		return in;
	coverage = shapes_coverage(uniform, x, y);
	return color_cover(in, uniform->box.color,
			   (uint32_t)(coverage - (coverage >> 8)));
}

/* ---- each row ------------------------------------------------------------ */

NODE_HOST void shapes_span(const struct shapes_uniform *uniform, int32_t y,
			   int32_t x0, int32_t x1, const uint32_t *const in[],
			   uint32_t *out)
{
	const struct box *box = &uniform->box;
	int32_t left = box->left > x0 ? box->left : x0;
	int32_t right = box->right < x1 ? box->right : x1, x;

	row_copy(out, x0, x1, in[0]);
	if (y < box->top || y >= box->bottom)
		return;
	for (x = left; x < right; x++)
		out[x - x0] = shapes_pixel(uniform, x, y, out[x - x0]);
}

#endif

/*
 * kernel/boxes.h: up to 64 rectangles with labels; a filter.
 *
 * What was found in a frame belongs to that frame: with `source` and `sequence`
 * boxes are drawn in the ticks that show this frame of the source, and in no
 * others. Later boxes are over earlier ones. A label stands on its box's color
 * above it, or in it where there is no room above.
 *
 * Boxes that were given together, by a change of `count`, `rects`, `source` or
 * `sequence`, are a set, and each of it is counted once: as drawn, when a tick
 * first draws them; or as missed, when the source shows a later frame, or another
 * set takes their place, before one did.
 */
#ifndef KERNEL_BOXES_H
#define KERNEL_BOXES_H

#include "kernel/box.h"
#include "kernel/line.h"
#include "kernel/row.h"

#define BOXES_MAX	 64
#define BOXES_COLORS	 8
#define BOXES_TEXT	 256 /* bytes of the labels of BOXES_LABELS boxes */
#define BOXES_LABELS	 16
#define BOXES_CHARACTERS 32 /* of a label, that are shown */
#define BOXES_GLYPHS	 1024 /* of all: each is a byte at least */
#define BOXES_PADDING	 4    /* px; left and right of a label */

struct boxes_params {
	int32_t count;
	int32_t rects[4 * BOXES_MAX]; /* px: left, top, width, height */
	int32_t kinds[BOXES_MAX];
	uint32_t colors[BOXES_COLORS];
	char labels[BOXES_TEXT + 1];
	char labels_17[BOXES_TEXT + 1];
	char labels_33[BOXES_TEXT + 1];
	char labels_49[BOXES_TEXT + 1];
	int32_t thickness; /* px */
	int32_t size;	   /* px */
	uint32_t text_color;
	int32_t source;	  /* 1 + index; 0: none */
	int32_t sequence; /* -1: any */
};

enum boxes_counts { BOXES_DRAWN, BOXES_MISSED };

/* The set that is given now; the first one is of tick 0. */
struct boxes_state {
	uint64_t since; /* tick that it was given at */
	uint32_t size;	/* boxes */
	uint32_t counted;
};

/* One box: its outline, and its label's, which is empty where it has none. */
struct boxes_item {
	struct box frame, label;
	uint32_t first; /* of its glyphs */
};

struct boxes_uniform {
	struct box bound; /* nothing is drawn beyond; no colour */
	int32_t count, thickness;
	uint32_t text_color;
	struct boxes_item items[BOXES_MAX];
	struct line lines[BOXES_MAX];
	struct line_glyph glyphs[BOXES_GLYPHS];
};

/* ---- once a tick ----------------------------------------------------------- */

/* Does this tick show the frame that they belong to? */
NODE_HOST bool boxes_are_due(const struct boxes_params *params,
			     const struct tick *tick)
{
	uint32_t index = (uint32_t)params->source - 1;
	const struct tick_source *source;

	if (!params->source)
		return true;
	if (index >= tick->source_count)
		return false;
	source = &tick->source[index];
	return source->shown &&
	       (params->sequence < 0 ||
		(source->sequence & INT32_MAX) == (uint64_t)params->sequence);
}

/* Does this tick show a frame that came after theirs? */
NODE_HOST bool boxes_are_late(const struct boxes_params *params,
			      const struct tick *tick)
{
	uint32_t index = (uint32_t)params->source - 1, ahead;

	if (!params->source || params->sequence < 0 ||
	    index >= tick->source_count || !tick->source[index].shown)
		return false;
	ahead = ((uint32_t)tick->source[index].sequence -
		 (uint32_t)params->sequence) &
		INT32_MAX;
	return ahead && ahead < INT32_MAX / 2;
}

/* The tick that the set was given at; `changed` is in the binding's order. */
NODE_HOST uint64_t boxes_since(const struct tick *tick)
{
	const uint32_t parts[] = {0, 1, 11, 12};
	uint64_t since = 0;
	uint32_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (tick->changed[parts[i]] > since)
			since = tick->changed[parts[i]];
	return since;
}

NODE_HOST bool boxes_has(const struct boxes_params *params, uint32_t i)
{
	return params->rects[4 * i + 2] > 0 && params->rects[4 * i + 3] > 0;
}

NODE_HOST void boxes_count(const struct boxes_params *params,
			   const struct tick *tick, bool due,
			   struct boxes_state *state)
{
	uint64_t since = boxes_since(tick);
	uint32_t i;

	if (since != state->since) {
		if (!state->counted)
			tick->count[BOXES_MISSED] += state->size;
		state->since = since;
		state->counted = false;
	}
	if (state->counted)
		return;
	for (i = state->size = 0; i < (uint32_t)params->count; i++)
		state->size += boxes_has(params, i);
	state->counted = due || boxes_are_late(params, tick);
	if (state->counted)
		tick->count[due ? BOXES_DRAWN : BOXES_MISSED] += state->size;
}

/* The i-th label, up to the next | of its string. */
NODE_HOST void boxes_label(const struct boxes_params *params, uint32_t i,
			   char label[BOXES_TEXT + 1])
{
	const char *strings[BOXES_MAX / BOXES_LABELS];
	const char *text;
	uint32_t nth, n = 0;

	strings[0] = params->labels;
	strings[1] = params->labels_17;
	strings[2] = params->labels_33;
	strings[3] = params->labels_49;
	text = strings[i / BOXES_LABELS];
	for (nth = i % BOXES_LABELS; nth && *text; text++)
		nth -= *text == '|';
	while (*text && *text != '|')
		label[n++] = *text++;
	label[n] = '\0';
}

/* Of box i, above the frame of the item or in it. */
NODE_HOST void boxes_set_label(const struct boxes_params *params,
			       struct boxes_uniform *uniform, uint32_t i,
			       struct boxes_item *item, struct line *line)
{
	struct box *box = &item->label;
	char text[BOXES_TEXT + 1];

	boxes_label(params, i, text);
	line_set(line, uniform->glyphs + item->first, BOXES_CHARACTERS,
		 line_face(params->size), text);
	*box = item->frame;
	if (box->top >= line->rows)
		box->top -= line->rows;
	box->bottom = box->top + line->rows;
	box->right = box->left;
	if (line->count)
		box->right += line->width + 2 * BOXES_PADDING;
	line->x = box->left + BOXES_PADDING;
	line->y = box->top;
}

/* Box i as the next item; without width or height it is not there. */
NODE_HOST void boxes_add(const struct boxes_params *params,
			 struct boxes_uniform *uniform, uint32_t i,
			 uint32_t *glyphs)
{
	const int32_t *rect = &params->rects[4 * i];
	struct boxes_item *item = &uniform->items[uniform->count];
	struct line *line = &uniform->lines[uniform->count];

	if (!boxes_has(params, i))
		return;
	item->frame.left = rect[0];
	item->frame.top = rect[1];
	item->frame.right = rect[0] + rect[2];
	item->frame.bottom = rect[1] + rect[3];
	item->frame.color = params->colors[params->kinds[i]];
	item->first = *glyphs;
	boxes_set_label(params, uniform, i, item, line);
	*glyphs += line->count;
	uniform->count++;
}

NODE_HOST void boxes_bound(struct box *bound, const struct box *box)
{
	if (box->left >= box->right)
		return;
	bound->left = box->left < bound->left ? box->left : bound->left;
	bound->top = box->top < bound->top ? box->top : bound->top;
	bound->right = box->right > bound->right ? box->right : bound->right;
	bound->bottom =
		box->bottom > bound->bottom ? box->bottom : bound->bottom;
}

NODE_HOST void boxes_tick(const struct boxes_params *params,
			  const struct tick *tick, void *state,
			  struct boxes_uniform *uniform)
{
	uint32_t i, glyphs = 0;
	bool due = boxes_are_due(params, tick);
	uint32_t count = due ? (uint32_t)params->count : 0;
	struct box nowhere = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN, 0};

	boxes_count(params, tick, due, (struct boxes_state *)state);
	uniform->count = 0;
	uniform->thickness = params->thickness;
	uniform->text_color = params->text_color;
	for (i = 0; i < count; i++)
		boxes_add(params, uniform, i, &glyphs);
	uniform->bound = nowhere;
	for (i = 0; i < (uint32_t)uniform->count; i++) {
		boxes_bound(&uniform->bound, &uniform->items[i].frame);
		boxes_bound(&uniform->bound, &uniform->items[i].label);
	}
}

/* ---- each pixel ------------------------------------------------------------ */

NODE_PIXEL bool boxes_on_edge(const struct box *frame, int32_t thickness,
			      int32_t x, int32_t y)
{
	return box_has(frame, x, y) & ((x < frame->left + thickness) |
				       (x >= frame->right - thickness) |
				       (y < frame->top + thickness) |
				       (y >= frame->bottom - thickness));
}

/* Without branches but the text's: a compiler for old GPUs spills what many
 * nested ones take. */
NODE_PIXEL uint32_t boxes_draw(const struct boxes_uniform *uniform, int32_t i,
			       int32_t x, int32_t y, uint32_t pixel)
{
	const struct boxes_item *item = &uniform->items[i];
	bool edge = boxes_on_edge(&item->frame, uniform->thickness, x, y);
	bool label = box_has(&item->label, x, y);

	pixel = color_cover(pixel, item->frame.color, edge ? 255 : 0);
	pixel = color_cover(pixel, item->frame.color, label ? 255 : 0);
	return color_cover(pixel, uniform->text_color,
			   line_coverage(&uniform->lines[i],
					 uniform->glyphs + item->first, x, y));
}

NODE_PIXEL bool boxes_touches(const struct boxes_uniform *uniform, int32_t x,
			      int32_t y)
{
	int32_t i;

	if (!uniform->count || !box_meets(&uniform->bound, x, y))
		return false;
	for (i = 0; i < uniform->count; i++)
		if (box_meets(&uniform->items[i].frame, x, y) ||
		    box_meets(&uniform->items[i].label, x, y))
			return true;
	return false;
}

NODE_PIXEL uint32_t boxes_pixel(const struct boxes_uniform *uniform, int32_t x,
				int32_t y, uint32_t in)
{
	int32_t i;

	for (i = 0; i < uniform->count; i++)
		in = boxes_draw(uniform, i, x, y, in);
	return in;
}

/* ---- each row -------------------------------------------------------------- */

/* Columns [from, to) in a colour. */
NODE_HOST void boxes_run(uint32_t color, int32_t from, int32_t to, int32_t x0,
			 int32_t x1, uint32_t *out)
{
	int32_t i = (from > x0 ? from : x0) - x0;
	int32_t end = (to < x1 ? to : x1) - x0;

	if (i < end)
		blend_color(color, end - i, out + i);
}

NODE_HOST void boxes_frame_row(const struct box *frame, int32_t thickness,
			       int32_t y, int32_t x0, int32_t x1, uint32_t *out)
{
	int32_t left = frame->left + thickness;
	int32_t right = frame->right - thickness;

	if (y < frame->top || y >= frame->bottom)
		return;
	if (y < frame->top + thickness || y >= frame->bottom - thickness ||
	    left >= right) {
		boxes_run(frame->color, frame->left, frame->right, x0, x1, out);
		return;
	}
	boxes_run(frame->color, frame->left, left, x0, x1, out);
	boxes_run(frame->color, right, frame->right, x0, x1, out);
}

NODE_HOST void boxes_span(const struct boxes_uniform *uniform, int32_t y,
			  int32_t x0, int32_t x1, const uint32_t *const in[],
			  uint32_t *out)
{
	const struct boxes_item *item;
	int32_t i;

	row_copy(out, x0, x1, in[0]);
	if (y < uniform->bound.top || y >= uniform->bound.bottom)
		return;
	for (i = 0; i < uniform->count; i++) {
		item = &uniform->items[i];
		boxes_frame_row(&item->frame, uniform->thickness, y, x0, x1,
				out);
		if (item->label.left == item->label.right)
			continue;
		box_row(&item->label, y, x0, x1, out);
		line_row(&uniform->lines[i], uniform->glyphs + item->first,
			 uniform->text_color, y, x0, x1, out);
	}
}

#endif

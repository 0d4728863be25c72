/*
 * graph/format.h: the formats that pixels have at a graph's edges, in sources
 * and in displays' slots. Between nodes there is XRGB8888 only.
 *
 * One table. To add a format: a row of GRAPH_FORMATS, and three functions for
 * it, which are what the table cannot say:
 *
 *   graph_NAME_pixel(picture, x, y)	 one pixel, as a device loads it; the
 *					 definition of the conversion
 *   graph_NAME_row_load(picture, y, row)  a row, as the CPU loads it
 *   graph_NAME_row_store(picture, y, row) a row, as the CPU stores it
 *
 * A packed format is one unsigned integer a pixel: it gives the conversion of
 * that integer both ways, and GRAPH_PACKED_ makes the three of it.
 *
 * Everything is inline, and generated code passes a constant: the switch over
 * formats folds away and the loops are compiled for each instruction set.
 */
#ifndef GRAPH_FORMAT_H
#define GRAPH_FORMAT_H

#include <string.h>

#include "kernel/color.h"
#include "kernel/picture.h"

#define GRAPH_PITCH_ALIGN 64 /* bytes, of the rows that graph_picture lays out */

/*
 * X(NAME, fourcc, planes, {a plane}...), a plane being {bytes, across, down}:
 * so many bytes for each `across` by `down` pixels. The four characters are
 * DRM's, little endian, as <drm_fourcc.h> has them; V4L2 has the same number
 * for what is not RGB, and names of its own for RGB565 (RGBP).
 */
/* clang-format off */
#define GRAPH_FORMATS(X) \
	X(XRGB8888, "XR24", 1, {4, 1, 1}) \
	X(XBGR8888, "XB24", 1, {4, 1, 1}) \
	X(RGB565,   "RG16", 1, {2, 1, 1})
/* clang-format on */

enum graph_format {
#define GRAPH_FORMAT_ENUM(name, ...) GRAPH_FORMAT_##name,
	GRAPH_FORMATS(GRAPH_FORMAT_ENUM)
#undef GRAPH_FORMAT_ENUM
	GRAPH_FORMAT_COUNT
};

struct graph_plane {
	uint32_t bytes, across, down;
};

struct graph_format_row {
	const char *name;     /* "XRGB8888" */
	const char fourcc[5]; /* "XR24" */
	uint32_t planes;
	struct graph_plane plane[PICTURE_PLANES_MAX];
};

/* ---- the formats --------------------------------------------------------- */

/* The loads of a packed format, out of graph_NAME_unpack: unit -> XRGB8888. A
 * row's address and width are read once: a store could change them, for all the
 * compiler knows, and the loop would not be vectorized. */
#define GRAPH_PACKED_LOAD(name, unit)                                          \
	NODE_PIXEL uint32_t graph_##name##_pixel(                              \
		const struct picture *picture, int32_t x, int32_t y)           \
	{                                                                      \
		const unit *row =                                              \
			(const unit *)picture_row(picture, 0, (uint32_t)y);    \
                                                                               \
		return graph_##name##_unpack(row[x]);                          \
	}                                                                      \
	NODE_HOST void graph_##name##_row_load(const struct picture *picture,  \
					       uint32_t y, uint32_t *row)      \
	{                                                                      \
		const unit *from = (const unit *)picture_row(picture, 0, y);   \
		const uint32_t width = picture->width;                         \
		uint32_t x;                                                    \
                                                                               \
		for (x = 0; x < width; x++)                                    \
			row[x] = graph_##name##_unpack(from[x]);               \
	}

/* Its store, out of graph_NAME_pack: XRGB8888 -> unit. */
#define GRAPH_PACKED_STORE(name, unit)                                         \
	NODE_HOST void graph_##name##_row_store(const struct picture *picture, \
						uint32_t y,                    \
						const uint32_t *row)           \
	{                                                                      \
		unit *to = (unit *)picture_row(picture, 0, y);                 \
		const uint32_t width = picture->width;                         \
		uint32_t x;                                                    \
                                                                               \
		for (x = 0; x < width; x++)                                    \
			to[x] = (unit)graph_##name##_pack(row[x]);             \
	}

/* What a camera leaves in X is not known; a node's pixels have 0xFF there. */
NODE_PIXEL uint32_t graph_XRGB8888_unpack(uint32_t value)
{
	return COLOR_X | value;
}

GRAPH_PACKED_LOAD(XRGB8888, uint32_t)

NODE_HOST void graph_XRGB8888_row_store(const struct picture *picture,
					uint32_t y, const uint32_t *row)
{
	memcpy(picture_row(picture, 0, y), row,
	       (size_t)picture->width * sizeof(*row));
}

NODE_PIXEL uint32_t graph_XBGR8888_unpack(uint32_t value)
{
	return color_rgb(value & 0xff, value >> 8 & 0xff, value >> 16 & 0xff);
}

NODE_PIXEL uint32_t graph_XBGR8888_pack(uint32_t pixel)
{
	return color_rgb(pixel & 0xff, pixel >> 8 & 0xff, pixel >> 16 & 0xff);
}
GRAPH_PACKED_LOAD(XBGR8888, uint32_t)
GRAPH_PACKED_STORE(XBGR8888, uint32_t)

/* The highest bits again below the others: 0 and the largest stay the ends. */
NODE_PIXEL uint32_t graph_RGB565_unpack(uint32_t value)
{
	uint32_t red = value >> 11 & 31, green = value >> 5 & 63;
	uint32_t blue = value & 31;

	return color_rgb(red << 3 | red >> 2, green << 2 | green >> 4,
			 blue << 3 | blue >> 2);
}

/* Each channel's highest bits, the rest cut off. */
NODE_PIXEL uint32_t graph_RGB565_pack(uint32_t pixel)
{
	return (pixel >> 8 & 0xf800) | (pixel >> 5 & 0x07e0) |
	       (pixel >> 3 & 0x001f);
}
GRAPH_PACKED_LOAD(RGB565, uint16_t)
GRAPH_PACKED_STORE(RGB565, uint16_t)

/* ---- by format ----------------------------------------------------------- */

/* The pixel at (x, y), inside the picture; X = 0xFF. */
NODE_PIXEL uint32_t graph_pixel_load(enum graph_format format,
				     const struct picture *picture, int32_t x,
				     int32_t y)
{
#define GRAPH_FORMAT_CASE(name, ...)                                           \
	case GRAPH_FORMAT_##name:                                              \
		return graph_##name##_pixel(picture, x, y);

	switch (format) {
		GRAPH_FORMATS(GRAPH_FORMAT_CASE)
	default:
		return 0;
	}
#undef GRAPH_FORMAT_CASE
}

/* Row y of the picture as XRGB8888, X = 0xFF: picture->width pixels. */
NODE_HOST void graph_row_load(enum graph_format format,
			      const struct picture *picture, uint32_t y,
			      uint32_t *row)
{
#define GRAPH_FORMAT_CASE(name, ...)                                           \
	case GRAPH_FORMAT_##name:                                              \
		graph_##name##_row_load(picture, y, row);                      \
		break;

	switch (format) {
		GRAPH_FORMATS(GRAPH_FORMAT_CASE)
	default:
		break;
	}
#undef GRAPH_FORMAT_CASE
}

/* A row of XRGB8888 into row y of the picture, each byte stored once. */
NODE_HOST void graph_row_store(enum graph_format format,
			       const struct picture *picture, uint32_t y,
			       const uint32_t *row)
{
#define GRAPH_FORMAT_CASE(name, ...)                                           \
	case GRAPH_FORMAT_##name:                                              \
		graph_##name##_row_store(picture, y, row);                     \
		break;

	switch (format) {
		GRAPH_FORMATS(GRAPH_FORMAT_CASE)
	default:
		break;
	}
#undef GRAPH_FORMAT_CASE
}

#ifndef __CUDACC__ /* what a device needs stands above */

/* ---- the table ----------------------------------------------------------- */

static inline const struct graph_format_row *
graph_format_row(enum graph_format format)
{
	static const struct graph_format_row rows[GRAPH_FORMAT_COUNT] = {
#define GRAPH_FORMAT_ROW(name, fourcc, planes, ...)                            \
	[GRAPH_FORMAT_##name] = {#name, fourcc, planes, {__VA_ARGS__}},
		GRAPH_FORMATS(GRAPH_FORMAT_ROW)
#undef GRAPH_FORMAT_ROW
	};

	return &rows[format];
}

static inline const char *graph_format_name(enum graph_format format)
{
	return graph_format_row(format)->name;
}

/* GRAPH_FORMAT_COUNT: there is none of that name. */
static inline enum graph_format graph_format_find(const char *name)
{
	uint32_t i;

	for (i = 0; i < GRAPH_FORMAT_COUNT; i++)
		if (!strcmp(graph_format_name((enum graph_format)i), name))
			break;
	return (enum graph_format)i;
}

/* DRM's number, and V4L2's where it has the same characters. */
static inline uint32_t graph_format_fourcc(enum graph_format format)
{
	const char *fourcc = graph_format_row(format)->fourcc;

	return (uint32_t)fourcc[0] | (uint32_t)fourcc[1] << 8 |
	       (uint32_t)fourcc[2] << 16 | (uint32_t)fourcc[3] << 24;
}

/* Bytes of one row of a plane of a picture `width` pixels wide. */
static inline uint32_t graph_plane_row_bytes(enum graph_format format,
					     uint32_t plane, uint32_t width)
{
	const struct graph_plane *row =
		&graph_format_row(format)->plane[plane];

	return (width + row->across - 1) / row->across * row->bytes;
}

/* Rows of a plane of a picture `height` pixels high. */
static inline uint32_t graph_plane_rows(enum graph_format format,
					uint32_t plane, uint32_t height)
{
	uint32_t down = graph_format_row(format)->plane[plane].down;

	return (height + down - 1) / down;
}

/*
 * A picture of that size at `base`, plane after plane, each row and plane
 * GRAPH_PITCH_ALIGN bytes aligned as base is. Returns the bytes of it all; base
 * may be NULL to learn only those and the pitches.
 */
static inline size_t graph_picture(struct picture *picture,
				   enum graph_format format, uint32_t width,
				   uint32_t height, unsigned char *base)
{
	size_t pitch, bytes = 0;
	uint32_t i;

	*picture = (struct picture){.width = width, .height = height};
	for (i = 0; i < graph_format_row(format)->planes; i++) {
		pitch = graph_plane_row_bytes(format, i, width);
		pitch = (pitch + GRAPH_PITCH_ALIGN - 1) / GRAPH_PITCH_ALIGN *
			GRAPH_PITCH_ALIGN;
		picture->plane[i] = base ? base + bytes : NULL;
		picture->pitch[i] = pitch;
		bytes += pitch * graph_plane_rows(format, i, height);
	}
	return bytes;
}

#endif

#endif

/*
 * kernel/format.h: the formats that pixels have at a graph's edges, in sources
 * and in displays' slots. Between nodes there is XRGB8888 only.
 *
 * One table. To add a format: a row of GRAPH_FORMATS, and three functions for
 * it, which are what the table cannot say:
 *
 *   graph_NAME_pixel(picture, x, y)	 one pixel, as a device loads it; the
 *					 definition of the conversion
 *   graph_NAME_row_load(picture, y, x0, x1, row)
 *					 a part of a row, as the CPU loads it
 *   graph_NAME_row_store(picture, y, row) a row, as the CPU stores it
 *
 * A packed format is one unsigned integer a pixel: it gives the conversion of
 * that integer both ways, and GRAPH_PACKED_ makes the three of it. Those of
 * Y'CbCr are converted by the picture's matrix (kernel/ycbcr.h); a chroma sample
 * is that of all pixels it is there for (nearest), whatever its siting. A source
 * may ask for more: kernel/chroma.h.
 *
 * Everything is inline, and generated code passes a constant: the switch over
 * formats folds away and the loops are compiled for each instruction set.
 */
#ifndef KERNEL_FORMAT_H
#define KERNEL_FORMAT_H

#include <string.h>

#include "kernel/picture.h"

#define GRAPH_PITCH_ALIGN 64 /* bytes, of the rows that graph_picture lays out */

/*
 * X(NAME, fourcc, planes, {a plane}...), a plane being {bytes, across, down}:
 * so many bytes for each `across` by `down` pixels. The four characters are
 * DRM's, little endian, as <drm_fourcc.h> has them; V4L2 has the same number
 * for what is not RGB, and names of its own for others (drivers/source/v4l2).
 * ARGB8888 is premultiplied. GREY, which is Y alone, and those after it are
 * Y'CbCr.
 */
/* clang-format off */
#define GRAPH_FORMATS(X) \
	X(XRGB8888, "XR24", 1, {4, 1, 1}) \
	X(XBGR8888, "XB24", 1, {4, 1, 1}) \
	X(RGB565,   "RG16", 1, {2, 1, 1}) \
	X(ARGB8888, "AR24", 1, {4, 1, 1}) \
	X(RGB888,   "RG24", 1, {3, 1, 1}) \
	X(BGR888,   "BG24", 1, {3, 1, 1}) \
	X(GREY,     "R8  ", 1, {1, 1, 1}) \
	X(NV12,     "NV12", 2, {1, 1, 1}, {2, 2, 2}) \
	X(I420,     "YU12", 3, {1, 1, 1}, {1, 2, 2}, {1, 2, 2}) \
	X(YUYV,     "YUYV", 1, {4, 2, 1}) \
	X(UYVY,     "UYVY", 1, {4, 2, 1})
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
 * row's address is read once: a store could change it, for all the compiler
 * knows, and the loop would not be vectorized. */
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
					       uint32_t y, uint32_t x0,        \
					       uint32_t x1, uint32_t *row)     \
	{                                                                      \
		const unit *from =                                             \
			(const unit *)picture_row(picture, 0, y) + x0;         \
		uint32_t x;                                                    \
                                                                               \
		for (x = 0; x < x1 - x0; x++)                                  \
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

/* Over black, which is what a premultiplied colour is without its alpha. */
NODE_PIXEL uint32_t graph_ARGB8888_unpack(uint32_t value)
{
	return COLOR_X | value;
}

NODE_PIXEL uint32_t graph_ARGB8888_pack(uint32_t pixel)
{
	return pixel;
}
GRAPH_PACKED_LOAD(ARGB8888, uint32_t)
GRAPH_PACKED_STORE(ARGB8888, uint32_t)

/* Three bytes a pixel. */
struct graph_three {
	uint8_t byte[3];
};

NODE_PIXEL uint32_t graph_RGB888_unpack(struct graph_three value)
{
	return color_rgb(value.byte[2], value.byte[1], value.byte[0]);
}

NODE_PIXEL uint32_t graph_BGR888_unpack(struct graph_three value)
{
	return color_rgb(value.byte[0], value.byte[1], value.byte[2]);
}

NODE_PIXEL struct graph_three graph_RGB888_pack(uint32_t pixel)
{
	const struct graph_three value = {{(uint8_t)pixel, (uint8_t)(pixel >> 8),
					   (uint8_t)(pixel >> 16)}};

	return value;
}

NODE_PIXEL struct graph_three graph_BGR888_pack(uint32_t pixel)
{
	const struct graph_three value = {{(uint8_t)(pixel >> 16),
					   (uint8_t)(pixel >> 8),
					   (uint8_t)pixel}};

	return value;
}
GRAPH_PACKED_LOAD(RGB888, struct graph_three)
GRAPH_PACKED_STORE(RGB888, struct graph_three)
GRAPH_PACKED_LOAD(BGR888, struct graph_three)
GRAPH_PACKED_STORE(BGR888, struct graph_three)

/* ---- Y'CbCr: a pixel by its three bytes, a row by runs of them ------------- */

#define GRAPH_YCBCR_PIXEL(name, luma, cb, cr)                                  \
	NODE_PIXEL uint32_t graph_##name##_pixel(                              \
		const struct picture *picture, int32_t x, int32_t y)           \
	{                                                                      \
		return ycbcr_pixel(&picture->ycbcr, luma, cb, cr);             \
	}

/* A byte of a plane. */
NODE_PIXEL uint32_t graph_byte(const struct picture *picture, uint32_t plane,
			       int32_t at, int32_t y)
{
	/* 32 bits: beside a base that all threads share a GPU adds them for nothing */
	return picture->plane[plane][(uint32_t)y *
					     (uint32_t)picture->pitch[plane] +
				     (uint32_t)at];
}

/* Coordinates are not negative: shifts, where a GPU would correct the sign. */
GRAPH_YCBCR_PIXEL(GREY, graph_byte(picture, 0, x, y), 128, 128)
GRAPH_YCBCR_PIXEL(NV12, graph_byte(picture, 0, x, y),
		  graph_byte(picture, 1, x & ~1, y >> 1),
		  graph_byte(picture, 1, x | 1, y >> 1))
GRAPH_YCBCR_PIXEL(I420, graph_byte(picture, 0, x, y),
		  graph_byte(picture, 1, x >> 1, y >> 1),
		  graph_byte(picture, 2, x >> 1, y >> 1))
GRAPH_YCBCR_PIXEL(YUYV, graph_byte(picture, 0, 2 * x, y),
		  graph_byte(picture, 0, (x >> 1 << 2) + 1, y),
		  graph_byte(picture, 0, (x >> 1 << 2) + 3, y))
GRAPH_YCBCR_PIXEL(UYVY, graph_byte(picture, 0, 2 * x + 1, y),
		  graph_byte(picture, 0, x >> 1 << 2, y),
		  graph_byte(picture, 0, (x >> 1 << 2) + 2, y))

/* YCBCR_RUN pixels from x on, which is even, straight out of the planes: a copy
 * of them in halves, as compilers make it for AVX2, is slow to load whole. */
NODE_HOST void graph_GREY_run(const struct picture *picture,
			      const struct ycbcr *matrix, uint32_t y,
			      uint32_t x, uint32_t *row)
{
	static const uint8_t grey[YCBCR_RUN] = {
		128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
		128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
		128, 128, 128, 128, 128, 128, 128, 128, 128, 128};

	ycbcr_run(matrix, (uint8_t *)picture_row(picture, 0, y) + x, grey, row);
}

NODE_HOST void graph_NV12_run(const struct picture *picture,
			      const struct ycbcr *matrix, uint32_t y,
			      uint32_t x, uint32_t *row)
{
	ycbcr_run(matrix, (uint8_t *)picture_row(picture, 0, y) + x,
		  (uint8_t *)picture_row(picture, 1, y / 2) + x, row);
}

NODE_HOST void graph_I420_run(const struct picture *picture,
			      const struct ycbcr *matrix, uint32_t y,
			      uint32_t x, uint32_t *row)
{
	ycbcr_run_planes(matrix, (uint8_t *)picture_row(picture, 0, y) + x,
			 (uint8_t *)picture_row(picture, 1, y / 2) + x / 2,
			 (uint8_t *)picture_row(picture, 2, y / 2) + x / 2,
			 row);
}

NODE_HOST void graph_YUYV_run(const struct picture *picture,
			      const struct ycbcr *matrix, uint32_t y,
			      uint32_t x, uint32_t *row)
{
	ycbcr_run_packed(matrix,
			 (uint8_t *)picture_row(picture, 0, y) + 2 * (size_t)x,
			 0, row);
}

NODE_HOST void graph_UYVY_run(const struct picture *picture,
			      const struct ycbcr *matrix, uint32_t y,
			      uint32_t x, uint32_t *row)
{
	ycbcr_run_packed(matrix,
			 (uint8_t *)picture_row(picture, 0, y) + 2 * (size_t)x,
			 1, row);
}

/* An odd first pixel by itself, then runs, and what is left by itself again. */
#define GRAPH_YCBCR_LOAD(name)                                                 \
	NODE_HOST void graph_##name##_row_load(const struct picture *picture,  \
					       uint32_t y, uint32_t x0,        \
					       uint32_t x1, uint32_t *row)     \
	{                                                                      \
		const struct ycbcr matrix = picture->ycbcr;                    \
                                                                               \
		if (x0 & 1 && x0 < x1)                                         \
			*row++ = graph_##name##_pixel(picture, (int32_t)x0++,  \
						      (int32_t)y);             \
		for (; x0 < x1 && x1 - x0 >= YCBCR_RUN; x0 += YCBCR_RUN) {     \
			graph_##name##_run(picture, &matrix, y, x0, row);      \
			row += YCBCR_RUN;                                      \
		}                                                              \
		for (; x0 < x1; x0++)                                          \
			*row++ = graph_##name##_pixel(picture, (int32_t)x0,    \
						      (int32_t)y);             \
	}

GRAPH_YCBCR_LOAD(GREY)
GRAPH_YCBCR_LOAD(NV12)
GRAPH_YCBCR_LOAD(I420)
GRAPH_YCBCR_LOAD(YUYV)
GRAPH_YCBCR_LOAD(UYVY)

/*
 * Stores, for test pictures, cards and blanks. A chroma sample is that of the
 * first pixel it is there for: the other pixels' own is not stored.
 */
#define GRAPH_YCBCR_STORE(name, luma, has_chroma, cb_at, cr_at)                \
	NODE_HOST void graph_##name##_row_store(const struct picture *picture, \
						uint32_t y,                    \
						const uint32_t *row)           \
	{                                                                      \
		const struct ycbcr_sums sums = ycbcr_sums(&picture->ycbcr);    \
		uint32_t x;                                                    \
                                                                               \
		for (x = 0; x < picture->width; x++) {                         \
			*(luma) = ycbcr_sum(sums.y, sums.black, row[x]);       \
			if (!(has_chroma))                                     \
				continue;                                      \
			*(cb_at) = ycbcr_sum(sums.cb, sums.middle, row[x]);    \
			*(cr_at) = ycbcr_sum(sums.cr, sums.middle, row[x]);    \
		}                                                              \
	}

/* Where a byte of a plane is. */
NODE_HOST uint8_t *graph_place(const struct picture *picture, uint32_t plane,
			       uint32_t at, uint32_t y)
{
	return (uint8_t *)picture_row(picture, plane, y) + at;
}

GRAPH_YCBCR_STORE(NV12, graph_place(picture, 0, x, y), !(x & 1) && !(y & 1),
		  graph_place(picture, 1, x, y / 2),
		  graph_place(picture, 1, x + 1, y / 2))
GRAPH_YCBCR_STORE(I420, graph_place(picture, 0, x, y), !(x & 1) && !(y & 1),
		  graph_place(picture, 1, x / 2, y / 2),
		  graph_place(picture, 2, x / 2, y / 2))
GRAPH_YCBCR_STORE(YUYV, graph_place(picture, 0, 2 * x, y), !(x & 1),
		  graph_place(picture, 0, 2 * x + 1, y),
		  graph_place(picture, 0, 2 * x + 3, y))
GRAPH_YCBCR_STORE(UYVY, graph_place(picture, 0, 2 * x + 1, y), !(x & 1),
		  graph_place(picture, 0, 2 * x, y),
		  graph_place(picture, 0, 2 * x + 2, y))

NODE_HOST void graph_GREY_row_store(const struct picture *picture, uint32_t y,
				    const uint32_t *row)
{
	const struct ycbcr_sums sums = ycbcr_sums(&picture->ycbcr);
	uint32_t x;

	for (x = 0; x < picture->width; x++)
		*graph_place(picture, 0, x, y) =
			ycbcr_sum(sums.y, sums.black, row[x]);
}

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

/* Y, Cb, Cr of NODE_RUN pixels in two words, as NV12 has them. */
NODE_PIXEL void graph_run_ycbcr(const struct ycbcr *matrix, uint32_t luma,
				uint32_t chroma, uint32_t *run)
{
	int32_t i;

	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++)
		run[i] = ycbcr_pixel(matrix, luma >> 8 * i & 0xff,
				     chroma >> 16 * (i / 2) & 0xff,
				     chroma >> (16 * (i / 2) + 8) & 0xff);
}

/* The NODE_RUN pixels from (x, y) on, all inside the picture. Of NV12 those that
 * begin at a multiple of that are two words. */
NODE_PIXEL void graph_run_load(enum graph_format format,
			       const struct picture *picture, int32_t x,
			       int32_t y, uint32_t *run)
{
	int32_t i;

	if (format == GRAPH_FORMAT_NV12 && x % NODE_RUN == 0) {
		const unsigned char *luma =
			(const unsigned char *)picture_row(picture, 0,
							   (uint32_t)y);
		const unsigned char *chroma =
			(const unsigned char *)picture_row(picture, 1,
							   (uint32_t)y / 2);

		graph_run_ycbcr(&picture->ycbcr,
				*(const uint32_t *)(const void *)(luma + x),
				*(const uint32_t *)(const void *)(chroma + x),
				run);
		return;
	}
	NODE_UNROLL
	for (i = 0; i < NODE_RUN; i++)
		run[i] = graph_pixel_load(format, picture, x + i, y);
}

/* Pixels x0 up to x1 of row y as XRGB8888, X = 0xFF; row[0] is x0's. */
NODE_HOST void graph_row_load(enum graph_format format,
			      const struct picture *picture, uint32_t y,
			      uint32_t x0, uint32_t x1, uint32_t *row)
{
#define GRAPH_FORMAT_CASE(name, ...)                                           \
	case GRAPH_FORMAT_##name:                                              \
		graph_##name##_row_load(picture, y, x0, x1, row);                      \
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

/* Has it Y, Cb and Cr, and so a matrix of its own? */
static inline bool graph_format_is_ycbcr(enum graph_format format)
{
	return format >= GRAPH_FORMAT_GREY;
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
	picture->format = format;
	picture->ycbcr = ycbcr_matrix(COLOR_ENCODING_AUTO, COLOR_RANGE_AUTO);
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

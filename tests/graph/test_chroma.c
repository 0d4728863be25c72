/*
 * tests/graph/test_chroma.c: kernel/chroma.h: chroma between its samples, of
 * each format that has some to share, sited each way, by pixel and by row,
 * against tests/reference: the exact number within 1, and the very pixel.
 */
#include <stdlib.h>

#include "kernel/chroma.h"
#include "tests/kernel/random.h"
#include "tests/kernel/suite.h"
#include "tests/reference/ycbcr.h"

#define ROUNDS 1200

static uint64_t seed;

static const enum graph_format formats[] = {
	GRAPH_FORMAT_NV12, GRAPH_FORMAT_I420, GRAPH_FORMAT_YUYV,
	GRAPH_FORMAT_UYVY};
#define FORMATS 4

static const enum reference_siting sitings[COLOR_SITING_COUNT] = {
	[COLOR_LEFT] = REFERENCE_LEFT,
	[COLOR_CENTRE] = REFERENCE_CENTRE,
	[COLOR_TOP_LEFT] = REFERENCE_TOP_LEFT,
};

static const enum reference_matrix matrices[COLOR_ENCODING_COUNT] = {
	[COLOR_BT601] = REFERENCE_BT601,
	[COLOR_BT709] = REFERENCE_BT709,
	[COLOR_BT2020] = REFERENCE_BT2020,
};

/* The last plane ends with the memory, as it is given: under ASan a read beyond
 * it is found. */
static unsigned char *new_picture(struct random *random,
				  enum graph_format format, uint32_t width,
				  uint32_t height, struct picture *picture)
{
	uint32_t plane, planes = graph_format_row(format)->planes;
	unsigned char *memory;
	size_t i, bytes = 0;

	graph_picture(picture, format, width, height, NULL);
	for (plane = 0; plane < planes; plane++) {
		picture->pitch[plane] =
			graph_plane_row_bytes(format, plane, width) +
			16 * random_below(random, 2);
		bytes += picture->pitch[plane] *
			 graph_plane_rows(format, plane, height);
	}
	memory = malloc(bytes);
	ck_assert_ptr_nonnull(memory);
	for (i = 0; i < bytes; i++)
		memory[i] = (unsigned char)random_next(random);
	for (plane = 0, bytes = 0; plane < planes; plane++) {
		picture->plane[plane] = memory + bytes;
		bytes += picture->pitch[plane] *
			 graph_plane_rows(format, plane, height);
	}
	picture->ycbcr = ycbcr_matrix(
		(enum color_encoding)random_below(random, COLOR_ENCODING_COUNT),
		(enum color_range)random_below(random, COLOR_RANGE_COUNT));
	picture->ycbcr.siting =
		(uint8_t)(1 + random_below(random, COLOR_SITING_COUNT - 1));
	picture->chroma = PICTURE_BILINEAR;
	return memory;
}

static size_t bytes_of(const struct picture *picture)
{
	enum graph_format format = (enum graph_format)picture->format;
	uint32_t last = graph_format_row(format)->planes - 1;

	return (size_t)(picture->plane[last] - picture->plane[0]) +
	       picture->pitch[last] *
		       graph_plane_rows(format, last, picture->height);
}

/* Y and, in 1/16, Cb and Cr of a pixel. */
static void find(const struct picture *p, int x, int y, int *luma, int *cb,
		 int *cr)
{
	const int width = (int)p->width, height = (int)p->height;
	const int pitch = (int)p->pitch[0];
	const enum reference_siting siting = sitings[p->ycbcr.siting];
	const unsigned char *first = p->plane[0] + y * pitch;
	bool yuyv = p->format == GRAPH_FORMAT_YUYV;

	switch (p->format) {
	case GRAPH_FORMAT_NV12:
		*luma = first[x];
		*cb = reference_chroma_16(p->plane[1], 2, (int)p->pitch[1],
					  width, height, true, siting, x, y);
		*cr = reference_chroma_16(p->plane[1] + 1, 2, (int)p->pitch[1],
					  width, height, true, siting, x, y);
		return;
	case GRAPH_FORMAT_I420:
		*luma = first[x];
		*cb = reference_chroma_16(p->plane[1], 1, (int)p->pitch[1],
					  width, height, true, siting, x, y);
		*cr = reference_chroma_16(p->plane[2], 1, (int)p->pitch[2],
					  width, height, true, siting, x, y);
		return;
	default:
		*luma = first[2 * x + !yuyv];
		*cb = reference_chroma_16(p->plane[0] + yuyv, 4, pitch, width,
					  height, false, siting, x, y);
		*cr = reference_chroma_16(p->plane[0] + 2 + yuyv, 4, pitch,
					  width, height, false, siting, x, y);
	}
}

static void check_pixel(const struct picture *picture, int x, int y,
			uint32_t pixel)
{
	const enum reference_matrix matrix = matrices[picture->ycbcr.encoding];
	bool full = picture->ycbcr.range == COLOR_FULL;
	int luma, cb, cr;

	find(picture, x, y, &luma, &cb, &cr);
	ck_assert_msg(
		reference_is_near_16(matrix, full, luma, cb, cr, pixel) &&
			reference_pixel_16(matrix, full, luma, cb, cr) == pixel,
		"SEED=%llu: %s %ux%u sited %u: %d,%d is %08x; of %d %d/16 "
		"%d/16: %08x",
		(unsigned long long)seed,
		graph_format_name((enum graph_format)picture->format),
		picture->width, picture->height, picture->ycbcr.siting, x, y,
		pixel, luma, cb, cr,
		reference_pixel_16(matrix, full, luma, cb, cr));
}

/* A part of a row, each pixel of it by itself, and in the runs of a GPU. */
static void check_row(struct random *random, const struct picture *picture,
		      uint32_t y)
{
	uint32_t x0 = random_below(random, picture->width), x, run[NODE_RUN];
	uint32_t x1 = x0 + random_below(random, picture->width - x0 + 1);
	struct guarded row;
	uint32_t *pixel;

	if (random_below(random, 2))
		x0 = 0, x1 = picture->width;
	row = guarded_new((size_t)(x1 - x0) * 4, 0);
	pixel = (uint32_t *)(void *)row.base;
	picture_row_load(picture, y, x0, x1, pixel);
	ck_assert(guarded_intact(&row));
	for (x = x0; x < x1; x++) {
		check_pixel(picture, (int)x, (int)y, pixel[x - x0]);
		ck_assert_uint_eq(picture_load(picture, (int32_t)x, (int32_t)y),
				  pixel[x - x0]);
	}
	for (x = x0; x + NODE_RUN <= x1; x += NODE_RUN) {
		picture_run_load(picture, (int32_t)x, (int32_t)y, run);
		ck_assert_mem_eq(run, pixel + (x - x0), sizeof(run));
	}
	guarded_free(&row);
}

START_TEST(chroma_is_between_its_samples)
{
	struct random random = random_init(seed, 1);
	uint32_t i, y;

	for (i = 0; i < ROUNDS; i++) {
		struct picture picture;
		unsigned char *memory =
			new_picture(&random, formats[i % FORMATS],
				    1 + random_below(&random, i % 3 ? 70 : 200),
				    1 + random_below(&random, 7), &picture);

		for (y = 0; y < picture.height; y++)
			check_row(&random, &picture, y);
		free(memory);
	}
}
END_TEST

/* Where all samples are the same, and where nobody asked, it is nearest. */
START_TEST(even_chroma_is_the_nearest)
{
	struct random random = random_init(seed, 2);
	uint32_t i, x, y;

	for (i = 0; i < 60; i++) {
		enum graph_format format = formats[i % FORMATS];
		uint32_t same[70], other[70];
		struct picture picture;
		unsigned char *memory =
			new_picture(&random, format, 70, 4, &picture);

		picture.chroma = PICTURE_NEAREST;
		for (y = 0; y < 4; y++) {
			picture_row_load(&picture, y, 0, 70, same);
			graph_row_load(format, &picture, y, 0, 70, other);
			ck_assert_mem_eq(same, other, sizeof(same));
		}
		memset(memory, 77, bytes_of(&picture));
		for (y = 0; y < 4; y++) {
			chroma_row(format, &picture, y, 0, 70, same);
			for (x = 0; x < 70; x++)
				ck_assert_uint_eq(same[x],
						  graph_pixel_load(format,
								   &picture,
								   (int32_t)x,
								   (int32_t)y));
		}
		free(memory);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		chroma_is_between_its_samples,
		even_chroma_is_the_nearest,
		NULL,
	};

	seed = random_start();
	return suite_main("chroma", tests);
}

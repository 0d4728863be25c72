/*
 * tests/graph/test_format.c: kernel/format.h, every row of the table: the facts
 * against libdrm's numbers, and the loads and the store against a conversion
 * written here, on random pictures with random pitches.
 */
#include <drm_fourcc.h>
#include <stdlib.h>

#include "kernel/format.h"
#include "tests/kernel/random.h"
#include "tests/kernel/suite.h"

#define ROUNDS 200
#ifndef STEP_OF_Y
#define STEP_OF_Y 1 /* that the definition is asked of: all of them */
#endif

static uint64_t seed;

/* What a pixel's bytes mean, and which bits of a pixel a format can hold; or
 * which bytes are its Y, Cb and Cr. */
struct wanted {
	const char *name;
	uint32_t fourcc, bits; /* of a pixel, at most */
	uint32_t (*load)(const unsigned char *bytes);
	void (*find)(const struct picture *picture, uint32_t x, uint32_t y,
		     const unsigned char *place[3]);
};

static uint32_t load_xrgb(const unsigned char *b)
{
	return 0xff000000 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

static uint32_t load_xbgr(const unsigned char *b)
{
	return 0xff000000 | (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2];
}

static const unsigned char neutral = 128;

static void find_grey(const struct picture *p, uint32_t x, uint32_t y,
		      const unsigned char *place[3])
{
	place[0] = p->plane[0] + y * p->pitch[0] + x;
	place[1] = place[2] = &neutral;
}

static void find_nv12(const struct picture *p, uint32_t x, uint32_t y,
		      const unsigned char *place[3])
{
	place[0] = p->plane[0] + y * p->pitch[0] + x;
	place[1] = p->plane[1] + y / 2 * p->pitch[1] + (x & ~1u);
	place[2] = place[1] + 1;
}

static void find_i420(const struct picture *p, uint32_t x, uint32_t y,
		      const unsigned char *place[3])
{
	place[0] = p->plane[0] + y * p->pitch[0] + x;
	place[1] = p->plane[1] + y / 2 * p->pitch[1] + x / 2;
	place[2] = p->plane[2] + y / 2 * p->pitch[2] + x / 2;
}

static void find_yuyv(const struct picture *p, uint32_t x, uint32_t y,
		      const unsigned char *place[3])
{
	const unsigned char *four = p->plane[0] + y * p->pitch[0] + x / 2 * 4;

	place[0] = four + (x & 1 ? 2 : 0);
	place[1] = four + 1;
	place[2] = four + 3;
}

static void find_uyvy(const struct picture *p, uint32_t x, uint32_t y,
		      const unsigned char *place[3])
{
	const unsigned char *four = p->plane[0] + y * p->pitch[0] + x / 2 * 4;

	place[0] = four + (x & 1 ? 3 : 1);
	place[1] = four;
	place[2] = four + 2;
}

/* The nearest of 256 levels, rounded down, is what repeating the bits gives. */
static uint32_t load_565(const unsigned char *b)
{
	uint32_t value = (uint32_t)b[0] | (uint32_t)b[1] << 8;
	uint32_t r = value / 2048, g = value / 32 % 64, c = value % 32;

	return 0xff000000 | (r * 8 + r / 4) << 16 | (g * 4 + g / 16) << 8 |
	       (c * 8 + c / 4);
}

static const struct wanted wanted[] = {
	{"XRGB8888", DRM_FORMAT_XRGB8888, 0xffffff, load_xrgb, NULL},
	{"XBGR8888", DRM_FORMAT_XBGR8888, 0xffffff, load_xbgr, NULL},
	{"RGB565", DRM_FORMAT_RGB565, 0xf8fcf8, load_565, NULL},
	{"ARGB8888", DRM_FORMAT_ARGB8888, 0xffffff, load_xrgb, NULL},
	{"RGB888", DRM_FORMAT_RGB888, 0xffffff, load_xrgb, NULL},
	{"BGR888", DRM_FORMAT_BGR888, 0xffffff, load_xbgr, NULL},
	{"GREY", DRM_FORMAT_R8, 0, NULL, find_grey},
	{"NV12", DRM_FORMAT_NV12, 0, NULL, find_nv12},
	{"I420", DRM_FORMAT_YUV420, 0, NULL, find_i420},
	{"YUYV", DRM_FORMAT_YUYV, 0, NULL, find_yuyv},
	{"UYVY", DRM_FORMAT_UYVY, 0, NULL, find_uyvy},
};
#define WANTED (sizeof(wanted) / sizeof(wanted[0]))

static const struct wanted *wanted_of(enum graph_format format)
{
	size_t i;

	for (i = 0; i < WANTED; i++)
		if (!strcmp(wanted[i].name, graph_format_name(format)))
			return &wanted[i];
	ck_abort_msg("%s is not tested here: add a row",
		     graph_format_name(format));
}

START_TEST(names_and_numbers_are_those_of_drm)
{
	enum graph_format format;

	for (format = 0; format < GRAPH_FORMAT_COUNT; format++) {
		const struct wanted *want = wanted_of(format);

		ck_assert_uint_eq(graph_format_fourcc(format), want->fourcc);
		ck_assert_int_eq(graph_format_find(want->name), format);
	}
	ck_assert_int_eq(graph_format_find("NV21"), GRAPH_FORMAT_COUNT);
	ck_assert_int_eq(graph_format_find(""), GRAPH_FORMAT_COUNT);
}
END_TEST

/* ---- Y'CbCr in real numbers, as the standards write it ---------------------- */

struct real {
	double red, blue; /* of red and of blue in luma */
	double black, luma, chroma; /* 0..255 -> 0..1, -0.5..0.5 */
};

static struct real real_of(uint32_t encoding, uint32_t range)
{
	struct real real = {0.299, 0.114, 0, 255, 255};

	if (encoding == COLOR_BT709) {
		real.red = 0.2126;
		real.blue = 0.0722;
	} else if (encoding == COLOR_BT2020) {
		real.red = 0.2627;
		real.blue = 0.0593;
	}
	if (range == COLOR_LIMITED) {
		real.black = 16;
		real.luma = 219;
		real.chroma = 224;
	}
	return real;
}

/* The channel's distance from the exact value, that being clipped. */
static double miss(double exact, uint32_t channel)
{
	exact = fmin(fmax(exact * 255, 0), 255);
	return fabs(exact - channel);
}

/* The largest of a pixel's three. */
static double misses(const struct real *real, int y, int cb, int cr,
		     uint32_t pixel)
{
	double luma = (y - real->black) / real->luma;
	double u = (cb - 128) / real->chroma, v = (cr - 128) / real->chroma;
	double red = luma + 2 * (1 - real->red) * v;
	double blue = luma + 2 * (1 - real->blue) * u;
	double green = (luma - real->red * red - real->blue * blue) /
		       (1 - real->red - real->blue);

	return fmax(fmax(miss(red, pixel >> 16 & 255),
			 miss(green, pixel >> 8 & 255)),
		    miss(blue, pixel & 255));
}

/* Every encoding and range with each of the 2^24 inputs. */
START_TEST(ycbcr_is_within_one_of_the_exact_number)
{
	const int step = STEP_OF_Y;
	uint32_t encoding, range;
	int y, cb, cr;

	for (encoding = COLOR_BT601; encoding < COLOR_ENCODING_COUNT;
	     encoding++)
		for (range = COLOR_LIMITED; range < COLOR_RANGE_COUNT;
		     range++) {
			const struct ycbcr matrix = ycbcr_matrix(
				(enum color_encoding)encoding,
				(enum color_range)range);
			const struct real real = real_of(encoding, range);
			double worst = 0;

			for (y = 0; y < 256; y += step)
				for (cb = 0; cb < 256; cb++)
					for (cr = 0; cr < 256; cr++)
						worst = fmax(
							worst,
							misses(&real, y, cb, cr,
							       ycbcr_pixel(
								       &matrix,
								       (uint32_t)y,
								       (uint32_t)cb,
								       (uint32_t)cr)));
			ck_assert_msg(worst < 1, "matrix %u, range %u: %g",
				      encoding, range, worst);
		}
}
END_TEST

/* ---- pictures --------------------------------------------------------------- */

/* A picture with random bytes, its rows further apart than need be, or in a
 * memory that ends with it. */
static struct guarded random_picture(struct random *random,
				     enum graph_format format, uint32_t width,
				     uint32_t height, struct picture *picture)
{
	struct guarded memory;
	size_t i, bytes = 0;
	uint32_t plane;

	graph_picture(picture, format, width, height, NULL);
	picture->ycbcr = ycbcr_matrix(
		(enum color_encoding)random_below(random, COLOR_ENCODING_COUNT),
		(enum color_range)random_below(random, COLOR_RANGE_COUNT));
	for (plane = 0; plane < graph_format_row(format)->planes; plane++) {
		if (random_below(random, 2))
			picture->pitch[plane] += 16 * random_below(random, 4);
		else
			picture->pitch[plane] =
				graph_plane_row_bytes(format, plane, width);
		bytes += picture->pitch[plane] *
			 graph_plane_rows(format, plane, height);
	}
	memory = guarded_new(bytes, 0);
	for (i = 0; i < bytes; i++)
		memory.base[i] = (unsigned char)random_next(random);
	for (plane = 0, bytes = 0; plane < graph_format_row(format)->planes;
	     plane++) {
		picture->plane[plane] = memory.base + bytes;
		bytes += picture->pitch[plane] *
			 graph_plane_rows(format, plane, height);
	}
	return memory;
}

static bool is_wanted(const struct wanted *want, const struct picture *picture,
		      uint32_t x, uint32_t y, uint32_t pixel)
{
	const struct real real =
		real_of(picture->ycbcr.encoding, picture->ycbcr.range);
	const unsigned char *place[3];

	if (want->load)
		return pixel == want->load(picture->plane[0] +
					   y * picture->pitch[0] +
					   x * graph_format_row(picture->format)
							->plane[0]
							.bytes);
	want->find(picture, x, y, place);
	return pixel >> 24 == 255 &&
	       misses(&real, *place[0], *place[1], *place[2], pixel) < 1;
}

/* By row, whole or a part of it, and by pixel. */
static void check_loads(struct random *random, enum graph_format format,
			const struct picture *picture)
{
	uint32_t x0 = random_below(random, picture->width), x, y;
	uint32_t x1 = x0 + random_below(random, picture->width - x0 + 1);
	struct guarded row, part;
	uint32_t *pixel, *of_part;

	row = guarded_new((size_t)picture->width * 4, 0);
	part = guarded_new((size_t)(x1 - x0) * 4, 0);
	pixel = (uint32_t *)(void *)row.base;
	of_part = (uint32_t *)(void *)part.base;
	for (y = 0; y < picture->height; y++) {
		graph_row_load(format, picture, y, 0, picture->width, pixel);
		graph_row_load(format, picture, y, x0, x1, of_part);
		ck_assert(guarded_intact(&row) && guarded_intact(&part));
		ck_assert_mem_eq(of_part, pixel + x0, (x1 - x0) * 4);
		for (x = 0; x < picture->width; x++)
			ck_assert_msg(
				is_wanted(wanted_of(format), picture, x, y,
					  pixel[x]) &&
					graph_pixel_load(format, picture,
							 (int32_t)x,
							 (int32_t)y) ==
						pixel[x],
				"SEED=%llu: %s %u,%u: row %08x",
				(unsigned long long)seed,
				graph_format_name(format), x, y, pixel[x]);
	}
	guarded_free(&row);
	guarded_free(&part);
}

/* What was stored and is loaded again: of Y'CbCr, greys, since colours are those
 * of the first pixel that a sample is there for. */
static void check_stored(enum graph_format format,
			 const struct picture *picture, uint32_t y,
			 const uint32_t *pixel)
{
	uint32_t bits = wanted_of(format)->bits, x, got;

	for (x = 0; x < picture->width; x++) {
		got = graph_pixel_load(format, picture, (int32_t)x, (int32_t)y);
		if (wanted_of(format)->load)
			ck_assert_uint_eq(got & bits, pixel[x] & bits);
		else if (y % 2 == 0 && x % 2 == 0)
			ck_assert_int_le(abs((int)(got & 255) -
					     (int)(pixel[x] & 255)),
					 2);
	}
}

/* No byte changes that is not of that row. */
static void check_untouched(enum graph_format format,
			    const struct picture *picture, uint32_t y,
			    const struct guarded *memory,
			    const unsigned char *before)
{
	size_t at;
	uint32_t plane;

	for (at = 0; at < memory->bytes; at++) {
		bool of_row = false;

		for (plane = 0; plane < graph_format_row(format)->planes;
		     plane++) {
			uint32_t down = graph_format_row(format)
						->plane[plane]
						.down;
			size_t from = (size_t)(picture->plane[plane] -
					       memory->base) +
				      y / down * picture->pitch[plane];

			of_row |= at >= from &&
				  at < from + graph_plane_row_bytes(
						      format, plane,
						      picture->width);
		}
		ck_assert(of_row || memory->base[at] == before[at]);
	}
	ck_assert(guarded_intact(memory));
}

static void check_store(struct random *random, enum graph_format format,
			const struct picture *picture,
			const struct guarded *memory)
{
	struct guarded kept = guarded_new(memory->bytes, 0);
	struct guarded row = guarded_new((size_t)picture->width * 4, 0);
	uint32_t y = random_below(random, picture->height), x;
	uint32_t *pixel = (uint32_t *)(void *)row.base;

	memcpy(kept.base, memory->base, memory->bytes);
	for (x = 0; x < picture->width; x++) {
		pixel[x] = 0xff000000 | (uint32_t)random_next(random);
		if (!wanted_of(format)->load)
			pixel[x] = color_rgb(pixel[x] & 255, pixel[x] & 255,
					     pixel[x] & 255);
	}
	graph_row_store(format, picture, y, pixel);
	check_stored(format, picture, y, pixel);
	check_untouched(format, picture, y, memory, kept.base);
	guarded_free(&kept);
	guarded_free(&row);
}

/* What is stored of a colour is the nearest that eight bits can say. */
START_TEST(colours_survive_a_store)
{
	struct random random = random_init(seed, 2);
	uint32_t format, i;

	for (format = GRAPH_FORMAT_NV12; format < GRAPH_FORMAT_COUNT; format++)
		for (i = 0; i < ROUNDS; i++) {
			uint32_t pixel = 0xff000000 |
					 (uint32_t)random_next(&random), got;
			struct picture picture;
			struct guarded memory = random_picture(
				&random, (enum graph_format)format, 1, 1,
				&picture);

			graph_row_store((enum graph_format)format, &picture, 0,
					&pixel);
			graph_row_load((enum graph_format)format, &picture, 0,
				       0, 1, &got);
			for (int shift = 0; shift < 24; shift += 8)
				ck_assert_int_le(
					abs((int)(got >> shift & 255) -
					    (int)(pixel >> shift & 255)),
					3);
			guarded_free(&memory);
		}
}
END_TEST

START_TEST(loads_and_stores)
{
	struct random random = random_init(seed, 1);
	uint32_t i;

	for (i = 0; i < ROUNDS; i++) {
		enum graph_format format =
			(enum graph_format)(i % GRAPH_FORMAT_COUNT);
		struct picture picture;
		struct guarded memory = random_picture(
			&random, format, 1 + random_below(&random, 199),
			1 + random_below(&random, 9), &picture);

		check_loads(&random, format, &picture);
		check_store(&random, format, &picture, &memory);
		guarded_free(&memory);
	}
}
END_TEST

START_TEST(a_store_of_the_loaded_row_changes_no_bit_that_counts)
{
	uint32_t value, row;
	uint16_t cell, back;
	struct picture from = {.plane = {(unsigned char *)&cell},
			       .width = 1,
			       .height = 1};
	struct picture to = from;

	to.plane[0] = (unsigned char *)&back;
	for (value = 0; value < 65536; value++) {
		cell = (uint16_t)value;
		graph_row_load(GRAPH_FORMAT_RGB565, &from, 0, 0, 1, &row);
		graph_row_store(GRAPH_FORMAT_RGB565, &to, 0, &row);
		ck_assert_uint_eq(back, value);
	}
}
END_TEST

START_TEST(pictures_are_laid_out_in_aligned_rows)
{
	enum graph_format format;
	unsigned char base[1];
	struct picture picture;

	for (format = 0; format < GRAPH_FORMAT_COUNT; format++) {
		uint32_t plane, planes = graph_format_row(format)->planes;
		size_t bytes = graph_picture(&picture, format, 33, 17, base);
		size_t end = 0;

		for (plane = 0; plane < planes; plane++) {
			ck_assert(picture.plane[plane] == base + end);
			ck_assert_uint_eq(picture.pitch[plane] % 64, 0);
			ck_assert_uint_ge(
				picture.pitch[plane],
				graph_plane_row_bytes(format, plane, 33));
			end += picture.pitch[plane] *
			       graph_plane_rows(format, plane, 17);
		}
		ck_assert_uint_eq(bytes, end);
		ck_assert_uint_eq(bytes, graph_picture(&picture, format, 33, 17,
						       NULL));
		ck_assert_ptr_null(picture.plane[0]);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		names_and_numbers_are_those_of_drm,
		ycbcr_is_within_one_of_the_exact_number,
		colours_survive_a_store,
		loads_and_stores,
		a_store_of_the_loaded_row_changes_no_bit_that_counts,
		pictures_are_laid_out_in_aligned_rows,
		NULL,
	};

	seed = random_start();
	return suite_main("format", tests);
}

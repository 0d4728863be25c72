/*
 * tests/graph/test_format.c: graph/format.h, every row of the table: the facts
 * against libdrm's numbers, and the loads and the store against a conversion
 * written here, on random pictures with random pitches.
 */
#include <drm_fourcc.h>

#include "graph/format.h"
#include "tests/kernel/random.h"
#include "tests/kernel/suite.h"

#define ROUNDS 200

static uint64_t seed;

/* What a pixel's bytes mean, and which bits of a pixel a format can hold. */
struct wanted {
	const char *name;
	uint32_t fourcc, bits; /* of a pixel, at most */
	uint32_t (*load)(const unsigned char *bytes);
};

static uint32_t load_xrgb(const unsigned char *b)
{
	return 0xff000000 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

static uint32_t load_xbgr(const unsigned char *b)
{
	return 0xff000000 | (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2];
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
	{"XRGB8888", DRM_FORMAT_XRGB8888, 0xffffff, load_xrgb},
	{"XBGR8888", DRM_FORMAT_XBGR8888, 0xffffff, load_xbgr},
	{"RGB565", DRM_FORMAT_RGB565, 0xf8fcf8, load_565},
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

/* A picture with random bytes, its rows further apart than need be. */
static struct guarded random_picture(struct random *random,
				     enum graph_format format, uint32_t width,
				     uint32_t height, struct picture *picture)
{
	size_t i, bytes = graph_picture(picture, format, width, height, NULL);
	struct guarded memory;

	picture->pitch[0] += 16 * random_below(random, 4);
	bytes = picture->pitch[0] * height;
	memory = guarded_new(bytes, 0);
	for (i = 0; i < bytes; i++)
		memory.base[i] = (unsigned char)random_next(random);
	picture->plane[0] = memory.base;
	return memory;
}

static void check_loads(enum graph_format format, const struct picture *picture)
{
	struct guarded row = guarded_new((size_t)picture->width * 4, 0);
	uint32_t bytes = graph_format_row(format)->plane[0].bytes, x, y;
	uint32_t *pixel = (uint32_t *)(void *)row.base;

	for (y = 0; y < picture->height; y++) {
		const unsigned char *from = picture_row(picture, 0, y);

		graph_row_load(format, picture, y, pixel);
		ck_assert(guarded_intact(&row));
		for (x = 0; x < picture->width; x++) {
			uint32_t want =
				wanted_of(format)->load(from + x * bytes);

			ck_assert_msg(
				pixel[x] == want &&
					graph_pixel_load(format, picture,
							 (int32_t)x,
							 (int32_t)y) == want,
				"SEED=%llu: %s %u,%u: row %08x, want %08x",
				(unsigned long long)seed,
				graph_format_name(format), x, y, pixel[x],
				want);
		}
	}
	guarded_free(&row);
}

/* Stored and loaded again: the bits that the format has room for, and no byte
 * beside them. */
static void check_store(struct random *random, enum graph_format format,
			const struct picture *picture,
			const struct guarded *memory)
{
	struct guarded kept = guarded_new(memory->bytes, 0);
	struct guarded row = guarded_new((size_t)picture->width * 4, 0);
	uint32_t bits = wanted_of(format)->bits, x;
	uint32_t y = random_below(random, picture->height);
	uint32_t *pixel = (uint32_t *)(void *)row.base;
	size_t at, from = y * picture->pitch[0];
	size_t end = from + graph_plane_row_bytes(format, 0, picture->width);

	memcpy(kept.base, memory->base, memory->bytes);
	for (x = 0; x < picture->width; x++)
		pixel[x] = 0xff000000 | (uint32_t)random_next(random);
	graph_row_store(format, picture, y, pixel);
	for (x = 0; x < picture->width; x++)
		ck_assert_uint_eq(graph_pixel_load(format, picture, (int32_t)x,
						   (int32_t)y) &
					  bits,
				  pixel[x] & bits);
	for (at = 0; at < memory->bytes; at++)
		ck_assert(memory->base[at] == kept.base[at] ||
			  (at >= from && at < end));
	ck_assert(guarded_intact(memory));
	guarded_free(&kept);
	guarded_free(&row);
}

START_TEST(loads_and_stores)
{
	struct random random = random_init(seed, 1);
	uint32_t i;

	for (i = 0; i < ROUNDS; i++) {
		enum graph_format format =
			(enum graph_format)(i % GRAPH_FORMAT_COUNT);
		struct picture picture;
		struct guarded memory = random_picture(
			&random, format, 1 + random_below(&random, 99),
			1 + random_below(&random, 9), &picture);

		check_loads(format, &picture);
		check_store(&random, format, &picture, &memory);
		guarded_free(&memory);
	}
}
END_TEST

START_TEST(a_store_of_the_loaded_row_changes_no_bit_that_counts)
{
	uint32_t value, row;
	uint16_t cell, back;
	struct picture from = {{(unsigned char *)&cell}, {2}, 1, 1};
	struct picture to = {{(unsigned char *)&back}, {2}, 1, 1};

	for (value = 0; value < 65536; value++) {
		cell = (uint16_t)value;
		graph_row_load(GRAPH_FORMAT_RGB565, &from, 0, &row);
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
		loads_and_stores,
		a_store_of_the_loaded_row_changes_no_bit_that_counts,
		pictures_are_laid_out_in_aligned_rows,
		NULL,
	};

	seed = random_start();
	return suite_main("format", tests);
}

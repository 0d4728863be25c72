/*
 * tests/drivers/test_file_still.c: PNGs of every kind as the file source has
 * them, against what is written here; and PNGs that are cut, changed or made to
 * do harm: refused with one line. More of the last: tests/drivers/fuzz_file.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <png.h>
#include <string.h>

#include "tests/drivers/file_rig.h"
#include "tests/runtime/run_suite.h"

#define WIDTH  19
#define HEIGHT 9

struct kind {
	int color, depth, interlace;
	bool key; /* tRNS: of a palette, else one colour that is clear */
};

/* clang-format off */
static const struct kind kinds[] = {
	{PNG_COLOR_TYPE_GRAY, 1, 0, false}, {PNG_COLOR_TYPE_GRAY, 2, 1, false},
	{PNG_COLOR_TYPE_GRAY, 4, 0, true}, {PNG_COLOR_TYPE_GRAY, 8, 1, true},
	{PNG_COLOR_TYPE_GRAY, 16, 1, false},
	{PNG_COLOR_TYPE_PALETTE, 1, 0, false}, {PNG_COLOR_TYPE_PALETTE, 2, 1, true},
	{PNG_COLOR_TYPE_PALETTE, 4, 1, false}, {PNG_COLOR_TYPE_PALETTE, 8, 0, true},
	{PNG_COLOR_TYPE_RGB, 8, 0, false}, {PNG_COLOR_TYPE_RGB, 8, 1, true},
	{PNG_COLOR_TYPE_RGB, 16, 0, false}, {PNG_COLOR_TYPE_RGB, 16, 1, true},
	{PNG_COLOR_TYPE_GRAY_ALPHA, 8, 1, false}, {PNG_COLOR_TYPE_GRAY_ALPHA, 16, 0, false},
	{PNG_COLOR_TYPE_RGB_ALPHA, 8, 0, false}, {PNG_COLOR_TYPE_RGB_ALPHA, 16, 1, false},
};
#define KINDS (int)(sizeof(kinds) / sizeof(kinds[0]))
static const char *const formats[] = {"XRGB8888", "XBGR8888", "RGB565",
	"ARGB8888", "RGB888", "BGR888"};
#define FORMATS (int)(sizeof(formats) / sizeof(formats[0]))
/* clang-format on */

static uint32_t channels_of(const struct kind *kind)
{
	return kind->color == PNG_COLOR_TYPE_RGB_ALPHA	  ? 4
	       : kind->color == PNG_COLOR_TYPE_RGB	  ? 3
	       : kind->color == PNG_COLOR_TYPE_GRAY_ALPHA ? 2
							  : 1;
}

/* Sample c of pixel (x, y), of the kind's depth. */
static uint32_t sample(const struct kind *kind, uint32_t x, uint32_t y,
		       uint32_t c)
{
	uint64_t mixed = ((y * 8191ull + x) * 7 + c + 1) * 0x9e3779b97f4a7c15u;

	return (uint32_t)(mixed >> 40) & ((1u << kind->depth) - 1);
}

/* Colour i of the palette; the alpha of its first eight. */
static uint32_t palette(uint32_t i, uint32_t channel)
{
	return channel == 3 ? (i < 8 ? i * 36 : 255) : (i * 89 + channel * 50) & 255;
}

/* The clear colour is that of pixel (3, 2). */
static bool is_clear(const struct kind *kind, uint32_t x, uint32_t y)
{
	uint32_t c;

	for (c = 0; c < channels_of(kind); c++)
		if (sample(kind, x, y, c) != sample(kind, 3, 2, c))
			return false;
	return kind->key && kind->color != PNG_COLOR_TYPE_PALETTE;
}

/* In 8 bits: the nearest. */
static uint32_t eight(const struct kind *kind, uint32_t value)
{
	uint32_t most = (1u << kind->depth) - 1;

	return (value * 255 * 2 + most) / (2 * most);
}

/* R, G, B, A as the file says. */
static uint32_t channel(const struct kind *kind, uint32_t x, uint32_t y,
			uint32_t c)
{
	bool grey = !(kind->color & PNG_COLOR_MASK_COLOR);

	if (kind->color == PNG_COLOR_TYPE_PALETTE)
		return c < 3 || kind->key ? palette(sample(kind, x, y, 0), c)
					  : 255;
	if (c == 3 && !(kind->color & PNG_COLOR_MASK_ALPHA))
		return is_clear(kind, x, y) ? 0 : 255;
	if (grey)
		return eight(kind, sample(kind, x, y, c == 3 ? 1 : 0));
	return eight(kind, sample(kind, x, y, c));
}

/* 0xAARRGGBB, colours times alpha. */
static uint32_t pixel(const struct kind *kind, uint32_t x, uint32_t y)
{
	uint32_t c, alpha = channel(kind, x, y, 3), value = alpha;

	for (c = 0; c < 3; c++)
		value = value << 8 |
			(uint32_t)(channel(kind, x, y, c) * alpha / 255.0 + 0.5);
	return value;
}

/* ---- a file --------------------------------------------------------------------- */

static void put_bits(unsigned char *row, uint32_t at, int depth, uint32_t value)
{
	if (depth == 16) {
		row[2 * at] = (unsigned char)(value >> 8);
		row[2 * at + 1] = (unsigned char)value;
	} else {
		uint32_t bit = at * (uint32_t)depth;

		row[bit / 8] |= (unsigned char)(value
						<< (8 - depth - (int)(bit % 8)));
	}
}

static void set_palette(png_structp png, png_infop info,
			const struct kind *kind)
{
	png_color colors[256];
	unsigned char alpha[256];
	uint32_t i, count = 1u << kind->depth;

	for (i = 0; i < count; i++) {
		colors[i].red = (png_byte)palette(i, 0);
		colors[i].green = (png_byte)palette(i, 1);
		colors[i].blue = (png_byte)palette(i, 2);
		alpha[i] = (unsigned char)palette(i, 3);
	}
	png_set_PLTE(png, info, colors, (int)count);
	if (kind->key)
		png_set_tRNS(png, info, alpha, (int)count, NULL);
}

static void set_key(png_structp png, png_infop info, const struct kind *kind)
{
	png_color_16 key = {
		.red = (png_uint_16)sample(kind, 3, 2, 0),
		.green = (png_uint_16)sample(kind, 3, 2, 1),
		.blue = (png_uint_16)sample(kind, 3, 2, 2),
		.gray = (png_uint_16)sample(kind, 3, 2, 0),
	};

	png_set_tRNS(png, info, NULL, 0, &key);
}

static void write_png(const struct kind *kind)
{
	static unsigned char rows[HEIGHT][WIDTH * 8];
	unsigned char *row[HEIGHT];
	uint32_t x, y, c, channels = channels_of(kind);
	FILE *file = fopen(rig_path("a.png"), "wb");
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL,
						  NULL, NULL);
	png_infop info = png_create_info_struct(png);

	memset(rows, 0, sizeof(rows));
	for (y = 0; y < HEIGHT; y++) {
		row[y] = rows[y];
		for (x = 0; x < WIDTH; x++)
			for (c = 0; c < channels; c++)
				put_bits(rows[y], x * channels + c, kind->depth,
					 sample(kind, x, y, c));
	}
	png_init_io(png, file);
	png_set_IHDR(png, info, WIDTH, HEIGHT, kind->depth, kind->color,
		     kind->interlace, PNG_COMPRESSION_TYPE_DEFAULT,
		     PNG_FILTER_TYPE_DEFAULT);
	if (kind->color == PNG_COLOR_TYPE_PALETTE)
		set_palette(png, info, kind);
	else if (kind->key)
		set_key(png, info, kind);
	png_set_rows(png, info, row);
	png_write_png(png, info, PNG_TRANSFORM_IDENTITY, NULL);
	png_destroy_write_struct(&png, &info);
	ck_assert_int_eq(fclose(file), 0);
}

/* ---- right ones -------------------------------------------------------------------- */

static uint32_t loaded(const struct picture *picture, uint32_t x, uint32_t y)
{
	const uint32_t *row = picture_row(picture, 0, y);

	if (rig_graph.format == GRAPH_FORMAT_ARGB8888)
		return row[x];
	return graph_pixel_load(rig_graph.format, picture, (int32_t)x,
				(int32_t)y);
}

/* The lowest bits of RGB565 are not there. */
static uint32_t wanted(const struct kind *kind, uint32_t x, uint32_t y)
{
	uint32_t value = pixel(kind, x, y);

	if (rig_graph.format == GRAPH_FORMAT_ARGB8888)
		return value;
	if (rig_graph.format == GRAPH_FORMAT_RGB565)
		return graph_RGB565_unpack(graph_RGB565_pack(value));
	return 0xff000000 | value;
}

static void check_picture(const struct kind *kind, uint32_t frame)
{
	const struct picture *picture = &rig_source.frame[frame];
	uint32_t x, y;

	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++)
			if (loaded(picture, x, y) != wanted(kind, x, y))
				ck_abort_msg("colour type %d, %d bits, %s, (%u, "
					     "%u): %08x, not %08x",
					     kind->color, kind->depth,
					     graph_format_name(rig_graph.format),
					     x, y, loaded(picture, x, y),
					     wanted(kind, x, y));
}

/* One frame, once, without a stamp: then the source has ended. */
START_TEST(every_kind)
{
	const struct kind *kind = &kinds[_i];
	uint32_t frame;
	int i;

	write_png(kind);
	for (i = 0; i < FORMATS; i++) {
		ck_assert_msg(!rig_open("a.png", i % 2 ? ",loop" : "",
					formats[i], WIDTH, HEIGHT),
			      "%s", rig_refusal);
		ck_assert_int_eq(file_source.start(&rig_source), 0);
		ck_assert(source_next(&rig_source, &frame));
		check_picture(kind, frame);
		ck_assert(rig_source.facts[frame].stamp_ns == SOURCE_STAMP_NONE);
		ck_assert_int_eq(rig_source.health.state, SOURCE_ENDED);
		source_return(&rig_source, frame);
		ck_assert(!source_next(&rig_source, &frame));
		file_source.stop(&rig_source);
		file_source.close(&rig_source);
	}
}
END_TEST

/* ---- wrong ones -------------------------------------------------------------------- */

static unsigned char png[4096];
static size_t png_bytes;

static void load_png(const struct kind *kind)
{
	FILE *file;

	write_png(kind);
	file = fopen(rig_path("a.png"), "rb");
	png_bytes = fread(png, 1, sizeof(png), file);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_uint_lt(png_bytes, sizeof(png));
}

static int open_changed(size_t bytes)
{
	int error;

	rig_write("a.png", png, bytes);
	error = rig_open("a.png", "", "XRGB8888", WIDTH, HEIGHT);
	if (error) {
		ck_assert_int_eq(error, -EINVAL);
		ck_assert_msg(strstr(rig_refusal, "/a.png: "), "%s",
			      rig_refusal);
	} else {
		file_source.close(&rig_source);
	}
	return error;
}

/* Small ones: grey and interlaced; a palette with alpha. */
static const int small[] = {1, 6};

START_TEST(cut_at_every_byte)
{
	size_t bytes;

	load_png(&kinds[small[_i]]);
	for (bytes = 1; bytes < png_bytes; bytes++)
		ck_assert_msg(open_changed(bytes), "%zu of %zu bytes", bytes,
			      png_bytes);
	ck_assert_int_eq(open_changed(png_bytes), 0);
}
END_TEST

/* A bit of every byte: refused, or taken where nobody looks at it. */
START_TEST(changed_in_every_byte)
{
	size_t i, refused = 0;

	load_png(&kinds[small[_i]]);
	for (i = 0; i < png_bytes; i++) {
		png[i] ^= (unsigned char)(1u << i * 5 % 8);
		refused += open_changed(png_bytes) != 0;
		png[i] ^= (unsigned char)(1u << i * 5 % 8);
	}
	ck_assert_uint_gt(refused, png_bytes / 2);
}
END_TEST

/* Of a chunk, as PNG has it. */
static uint32_t crc_of(const unsigned char *bytes, size_t count)
{
	uint32_t crc = 0xffffffff;
	int bit;

	for (; count--; bytes++) {
		crc ^= *bytes;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void put_u32(unsigned char *at, uint32_t value)
{
	int i;

	for (i = 0; i < 4; i++)
		at[i] = (unsigned char)(value >> (24 - 8 * i));
}

static void claim(uint32_t width, uint32_t height)
{
	put_u32(png + 16, width);
	put_u32(png + 20, height);
	put_u32(png + 29, crc_of(png + 12, 17));
}

/* A size that is claimed costs nothing: it is compared before it is believed. */
START_TEST(a_claim_of_another_size)
{
	static const struct {
		uint32_t width, height;
		const char *why;
	} rows[] = {
		{WIDTH + 1, HEIGHT, "is 20x9, the graph's source 19x9: scale the "
				    "picture or say size: 20x9 there"},
		{WIDTH, 1, "is 19x1"},
		{2147483647, 2147483647, "is 2147483647x2147483647, the graph's "
					 "source 19x9: scale the picture"},
		{0, HEIGHT, "damaged PNG"},
		{WIDTH, 0xffffffff, "damaged PNG"},
	};
	size_t i;

	load_png(&kinds[9]);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		claim(rows[i].width, rows[i].height);
		ck_assert_int_eq(open_changed(png_bytes), -EINVAL);
		ck_assert_msg(strstr(rig_refusal, rows[i].why), "%s",
			      rig_refusal);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_checked_fixture(tests, rig_setup, rig_teardown);
	tcase_add_loop_test(tests, every_kind, 0, KINDS);
	tcase_add_loop_test(tests, cut_at_every_byte, 0, 2);
	tcase_add_loop_test(tests, changed_in_every_byte, 0, 2);
	tcase_add_test(tests, a_claim_of_another_size);
}

int main(void)
{
	return run_suite("stills of the file source", add);
}

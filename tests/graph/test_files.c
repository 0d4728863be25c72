/*
 * tests/graph/test_files.c: what graphc reads of files that parameters name:
 * PNGs of every kind, against the numbers that they were written from, damaged
 * ones at every byte, and grids. Bad ones that graphc refuses by name are in
 * tests/graph/bad.
 */
#include <check.h>
#include <math.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/graph/fixture.h"
#include "tools/graphc/baked.h"

#define WIDTH  11
#define HEIGHT 9

static struct fixture f;

static void setup(void)
{
	static const char *const folders[] = {"tests/graph/nodes", NULL};

	fixture_init(&f, folders);
}

static void teardown(void)
{
	fixture_finish(&f);
}

/* ---- PNGs, written by libpng ------------------------------------------------- */

struct kind {
	int type, depth;
	bool interlaced, trns; /* a transparent colour, or alpha of the palette */
};

struct memory {
	char bytes[65536];
	size_t count;
};

static void on_write(png_structp png, png_bytep from, size_t bytes)
{
	struct memory *memory = png_get_io_ptr(png);

	ck_assert_uint_le(memory->count + bytes, sizeof(memory->bytes));
	memcpy(memory->bytes + memory->count, from, bytes);
	memory->count += bytes;
}

static uint32_t channels_of(int type)
{
	bool palette = type & PNG_COLOR_MASK_PALETTE;
	bool color = type & PNG_COLOR_MASK_COLOR && !palette;
	uint32_t alpha = type & PNG_COLOR_MASK_ALPHA ? 1 : 0;

	return alpha + (color ? 3 : 1);
}

/* A channel's number, as deep as the file is: every value of up to 4 bits, and
 * both ends of more. */
static uint32_t sample(const struct kind *kind, uint32_t x, uint32_t y,
		       uint32_t channel)
{
	uint32_t most = (1u << kind->depth) - 1;
	uint32_t number = (x + WIDTH * y) * (2 * channel + 1) * 2654435761u;

	if ((x + y) % 7 == channel)
		return channel % 2 ? 0 : most;
	return (number >> 8) & most;
}

static void pack_row(const struct kind *kind, uint32_t y, unsigned char *row)
{
	uint32_t x, c, bit = 0, channels = channels_of(kind->type);
	uint32_t depth = (uint32_t)kind->depth, i;

	memset(row, 0, WIDTH * 8);
	for (x = 0; x < WIDTH; x++)
		for (c = 0; c < channels; c++)
			for (i = depth; i-- > 0; bit++)
				row[bit / 8] |= (unsigned char)(
					(sample(kind, x, y, c) >> i & 1)
					<< (7 - bit % 8));
}

static void set_palette(const struct kind *kind, png_structp png,
			png_infop info)
{
	png_color colors[256];
	png_byte alpha[256];
	int i;

	for (i = 0; i < 256; i++) {
		colors[i] = (png_color){(png_byte)(i * 3), (png_byte)(255 - i),
					(png_byte)(i * 7)};
		alpha[i] = (png_byte)(i * 5);
	}
	png_set_PLTE(png, info, colors, 1 << kind->depth);
	if (kind->trns)
		png_set_tRNS(png, info, alpha, 1 << kind->depth, NULL);
}

/* The colour of the pixel at 3, 4 is the transparent one. */
static void set_transparent(const struct kind *kind, png_structp png,
			    png_infop info)
{
	png_color_16 color = {0};

	color.gray = color.red = (png_uint_16)sample(kind, 3, 4, 0);
	color.green = (png_uint_16)sample(kind, 3, 4, 1);
	color.blue = (png_uint_16)sample(kind, 3, 4, 2);
	png_set_tRNS(png, info, NULL, 0, &color);
}

static void write_png(const struct kind *kind, struct memory *memory)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL,
						  NULL, NULL);
	png_infop info = png_create_info_struct(png);
	unsigned char rows[HEIGHT][WIDTH * 8];
	png_bytep row[HEIGHT];
	uint32_t y;

	memory->count = 0;
	if (setjmp(png_jmpbuf(png)))
		ck_abort_msg("libpng cannot write this kind");
	png_set_write_fn(png, memory, on_write, NULL);
	png_set_IHDR(png, info, WIDTH, HEIGHT, kind->depth, kind->type,
		     kind->interlaced ? PNG_INTERLACE_ADAM7
				      : PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	if (kind->type == PNG_COLOR_TYPE_PALETTE)
		set_palette(kind, png, info);
	else if (kind->trns)
		set_transparent(kind, png, info);
	png_set_gAMA(png, info, 1.0); /* is not looked at */
	for (y = 0; y < HEIGHT; y++) {
		pack_row(kind, y, rows[y]);
		row[y] = rows[y];
	}
	png_write_info(png, info);
	png_write_image(png, row);
	png_write_end(png, NULL);
	png_destroy_write_struct(&png, &info);
}

/* ---- what a pixel has to be --------------------------------------------------- */

static bool is_transparent(const struct kind *kind, uint32_t x, uint32_t y)
{
	uint32_t c;

	if (!kind->trns)
		return false;
	for (c = 0; c < channels_of(kind->type); c++)
		if (sample(kind, x, y, c) != sample(kind, 3, 4, c))
			return false;
	return true;
}

static double eight(const struct kind *kind, uint32_t number)
{
	return round(number * 255.0 / ((1 << kind->depth) - 1));
}

/* Red, green, blue, alpha, 0 to 255. */
static void colors_of(const struct kind *kind, uint32_t x, uint32_t y,
		      double color[4])
{
	uint32_t c, channels = channels_of(kind->type);
	bool alpha = kind->type & PNG_COLOR_MASK_ALPHA;
	uint32_t index = sample(kind, x, y, 0);

	color[3] = 255;
	if (kind->type == PNG_COLOR_TYPE_PALETTE) {
		color[0] = index * 3 & 0xff;
		color[1] = 255 - index;
		color[2] = index * 7 & 0xff;
		if (kind->trns)
			color[3] = index * 5 & 0xff;
		return;
	}
	for (c = 0; c < 3; c++)
		color[c] = eight(kind, sample(kind, x, y,
					      channels < 3 ? 0 : c));
	if (alpha)
		color[3] = eight(kind, sample(kind, x, y, channels - 1));
	else if (is_transparent(kind, x, y))
		color[3] = 0;
}

static uint32_t wanted(const struct kind *kind, uint32_t x, uint32_t y)
{
	double color[4];
	uint32_t pixel, c;

	colors_of(kind, x, y, color);
	pixel = (uint32_t)color[3] << 24;
	for (c = 0; c < 3; c++)
		pixel |= (uint32_t)round(color[c] * color[3] / 255)
			 << (16 - 8 * c);
	return pixel;
}

static void try_kind(const struct kind *kind)
{
	static struct memory memory;
	struct source source;
	struct ir_file file = {0};
	char why[192];
	uint32_t x, y;

	write_png(kind, &memory);
	source = (struct source){memory.bytes, memory.count};
	ck_assert_msg(!baked_image(&file, &source, WIDTH * HEIGHT, &f.arena,
				   why, sizeof(why)),
		      "type %d, %d bits: %s", kind->type, kind->depth, why);
	ck_assert_uint_eq(file.width, WIDTH);
	ck_assert_uint_eq(file.height, HEIGHT);
	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++)
			ck_assert_msg(file.pixels[y * WIDTH + x] ==
					      wanted(kind, x, y),
				      "type %d, %d bits, interlaced %d, trns "
				      "%d: %u,%u is %08x, not %08x",
				      kind->type, kind->depth, kind->interlaced,
				      kind->trns, x, y,
				      file.pixels[y * WIDTH + x],
				      wanted(kind, x, y));
}

START_TEST(every_kind_of_png)
{
	static const struct {
		int type, least, most;
		bool trns;
	} types[] = {
		{PNG_COLOR_TYPE_GRAY, 1, 16, false},
		{PNG_COLOR_TYPE_GRAY, 1, 16, true},
		{PNG_COLOR_TYPE_GRAY_ALPHA, 8, 16, false},
		{PNG_COLOR_TYPE_PALETTE, 1, 8, false},
		{PNG_COLOR_TYPE_PALETTE, 1, 8, true},
		{PNG_COLOR_TYPE_RGB, 8, 16, false},
		{PNG_COLOR_TYPE_RGB, 8, 16, true},
		{PNG_COLOR_TYPE_RGB_ALPHA, 8, 16, false},
	};
	struct kind kind;
	uint32_t i, tried = 0;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		for (kind.depth = types[i].least; kind.depth <= types[i].most;
		     kind.depth *= 2) {
			kind.type = types[i].type;
			kind.trns = types[i].trns;
			kind.interlaced = false;
			try_kind(&kind);
			kind.interlaced = true;
			try_kind(&kind);
			tried += 2;
		}
	ck_assert_uint_eq(tried, 2 * (5 + 5 + 2 + 4 + 4 + 2 + 2 + 2));
}
END_TEST

/* ---- damaged ones ----------------------------------------------------------- */

static int try_bytes(const char *bytes, size_t count, char *why, size_t size)
{
	char *exact = malloc(count + 1); /* so that ASan sees its end */
	const struct source source = {exact, count};
	struct ir_file file = {0};
	int result;

	memcpy(exact, bytes, count);
	why[0] = '\0';
	arena_reset(&f.arena);
	result = baked_image(&file, &source, 10000, &f.arena, why, size);
	ck_assert_msg(!result == !why[0] || !strncmp(why, "no memory", 9),
		      "%d '%s'", result, why);
	free(exact);
	return result;
}

START_TEST(a_png_cut_anywhere)
{
	static const struct kind kind = {PNG_COLOR_TYPE_RGB_ALPHA, 16, true, 0};
	static struct memory memory;
	char why[192];
	size_t i;

	write_png(&kind, &memory);
	for (i = 0; i < memory.count; i++) {
		ck_assert_int_eq(try_bytes(memory.bytes, i, why, sizeof(why)),
				 -1);
		ck_assert_msg(i < 8 ? !strncmp(why, "no PNG", 6)
				    : !strncmp(why, "a damaged PNG (", 15),
			      "%zu bytes: %s", i, why);
	}
}
END_TEST

/* Refused, or it was nothing that matters; the sanitizers see the rest. */
START_TEST(a_png_with_a_wrong_byte)
{
	static const struct kind kind = {PNG_COLOR_TYPE_PALETTE, 4, true, true};
	static struct memory memory;
	uint32_t refused = 0;
	char why[192];
	size_t i;

	write_png(&kind, &memory);
	for (i = 0; i < memory.count; i++) {
		memory.bytes[i] ^= 0x41;
		refused += try_bytes(memory.bytes, memory.count, why,
				     sizeof(why)) != 0;
		memory.bytes[i] ^= 0x41;
	}
	ck_assert_uint_gt(refused, memory.count / 2);
}
END_TEST

/* ---- grids ------------------------------------------------------------------ */

static int try_grid(const char *text, struct ir_file *file)
{
	const struct source source = {text, strlen(text)};

	diag_init(&f.diag);
	f.diag.file = "x.grid";
	file->node = "n";
	file->param = "p";
	return baked_grid(file, &source, &f.arena, &f.diag);
}

START_TEST(a_grid_by_hand)
{
	static const int32_t points[] = {
		0,	  -(1 << 24), 1 << 23, 3 << 22, 16 << 24, -(16 << 24),
		1677722, 1,	      0,       0,	-1,	  1 << 24};
	struct ir_file file = {0};

	ck_assert_msg(!try_grid("# left\r\n\t3x2#wide\r\n0 -1 .5\n75e-2 16 "
				"-16#\n\n0.1 6e-8 0e9 -0\n -6e-8 1.000",
				&file),
		      "%s", fixture_message(&f));
	ck_assert_uint_eq(file.width, 3);
	ck_assert_uint_eq(file.height, 2);
	ck_assert_mem_eq(file.points, points, sizeof(points));
}
END_TEST

START_TEST(the_largest_grid)
{
	static char text[200000];
	struct ir_file file = {0};
	size_t used;
	uint32_t i;

	used = (size_t)snprintf(text, sizeof(text), "129x129\n");
	for (i = 0; i < 129 * 129; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%u 0\n", i % 16);
	ck_assert_int_eq(try_grid(text, &file), 0);
	for (i = 0; i < 129 * 129; i++)
		ck_assert_int_eq(file.points[2 * i], (int32_t)(i % 16) << 24);
	text[used - 3] = '\0';
	ck_assert_int_eq(try_grid(text, &file), -1);
	ck_assert_str_eq(fixture_message(&f),
			 "x.grid:16642:2: error: file-grid: 'n.p': y of point "
			 "129 in row 129 is a number from -16 to 16, not the "
			 "end\n");
}
END_TEST

/* ---- what a graph makes of them ---------------------------------------------- */

#define GRAPH(nodes)                                                           \
	"graph: g\nsize: 16x16\nrate: 60\nnodes:\n  a: {type: solid}\n" nodes   \
	"  s: {type: headless}\n"

/* A file is there once, by path and kind, whoever names it. */
START_TEST(a_file_is_baked_once)
{
	ck_assert_msg(
		!fixture_compile_text(
			&f,
			GRAPH("  b: {type: atlas, first: files/dot.png, second: "
			      "files/sample.png, map: files/sample.grid}\n"
			      "  c: {type: logo, image: files/sample.png}\n")
			"links: [a -> b -> c -> s]\n"),
		"%s", fixture_message(&f));
	ck_assert_uint_eq(f.ir.file_count, 3);
	ck_assert_ptr_nonnull(strstr(
		f.output.source.bytes,
		".b_params = {.first = 1, .map = 1, .second = 2, .of = 0}"));
	ck_assert_ptr_nonnull(
		strstr(f.output.source.bytes, ".c_params = {.image = 2,"));
	ck_assert_ptr_nonnull(
		strstr(f.output.source.bytes,
		       "{\"-\", \"files/dot.png\", \"files/sample.png\", "
		       "NULL}"));
	ck_assert_ptr_nonnull(strstr(f.output.header.bytes,
				     "\t{1, 1, 0}, /* b.first */\n"
				     "\t{13, 7, 1}, /* b.second */\n"));
	ck_assert_ptr_nonnull(strstr(f.output.header.bytes,
				     "\t{3, 3, 0}, /* b.map */\n"));
	ck_assert_ptr_nonnull(
		strstr(f.output.cuda.bytes, "enum { BAKED_IMAGES = 3 };"));
	ck_assert_ptr_nonnull(
		strstr(f.output.cuda.bytes, "enum { BAKED_GRIDS = 2 };"));
}
END_TEST

START_TEST(sources_are_counted_as_declared)
{
	ck_assert_msg(
		!fixture_compile_text(
			&f, GRAPH("  b: {type: atlas, of: late}\n"
				  "  early: {type: source, format: GREY, size: "
				  "16x16}\n"
				  "  late: {type: source, format: GREY, size: "
				  "16x16}\n"
				  "  j: {type: join3}\n")
			    "links: [a -> b -> j.a, early -> j.b, late -> j.c, "
			    "j -> s]\n"),
		"%s", fixture_message(&f));
	ck_assert_ptr_nonnull(strstr(f.output.source.bytes, ".of = 2}"));
	ck_assert_ptr_nonnull(strstr(f.output.source.bytes,
				     "{\"-\", \"early\", \"late\", NULL}"));
}
END_TEST

/* Text that nobody vouches for, such as the fuzzer's, opens no file. */
START_TEST(without_a_folder_no_file_is_read)
{
	static const char text[] =
		GRAPH("  b: {type: logo, image: /etc/passwd}\n")
		"links: [a -> b -> s]\n";
	const struct source source = {text, sizeof(text) - 1};
	const struct compile job = {.library = &f.library,
				    .board = &f.board,
				    .arena = &f.arena,
				    .diag = &f.diag,
				    .file = "x.yaml"};

	diag_init(&f.diag);
	ck_assert_int_eq(compile(&job, &source, &f.ir, &f.output), -1);
	ck_assert_int_eq(f.diag.rule, RULE_PARAM_FILE);
	ck_assert_str_eq(f.diag.text, "'b.image': /etc/passwd: this text may "
				      "name no files");
}
END_TEST

/* The most that may be, of the longest bytes that there are in a literal. */
START_TEST(the_largest_image)
{
	static struct binding binding = {.param_count = 1};
	struct ir_node node = {.binding = &binding};
	struct ir_file file = {0};
	static struct ir ir;
	uint32_t *pixels = malloc(sizeof(*pixels) * LIMIT_PIXELS);
	struct text text;
	uint32_t i;

	for (i = 0; i < LIMIT_PIXELS; i++)
		pixels[i] = 0x01010101;
	file.kind = REFERENCE_IMAGE;
	file.node = file.param = "x";
	file.pixels = pixels;
	file.width = file.height = 1024;
	binding.params[0].reference = REFERENCE_IMAGE;
	ir.nodes = &node;
	ir.node_count = 1;
	ir.files = &file;
	ir.file_count = 1;
	for (i = 0; i < 2; i++) { /* NAME.h and NAME.cu */
		text_init(&text, &f.arena);
		emit_baked(&ir, &text);
		ck_assert_uint_gt(text.used, 16u * LIMIT_PIXELS);
	}
	free(pixels);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("graphc: files");
	TCase *tcase = tcase_create("files");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, every_kind_of_png);
	tcase_add_test(tcase, a_png_cut_anywhere);
	tcase_add_test(tcase, a_png_with_a_wrong_byte);
	tcase_add_test(tcase, a_grid_by_hand);
	tcase_add_test(tcase, the_largest_grid);
	tcase_add_test(tcase, a_file_is_baked_once);
	tcase_add_test(tcase, sources_are_counted_as_declared);
	tcase_add_test(tcase, without_a_folder_no_file_is_read);
	tcase_add_test(tcase, the_largest_image);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}

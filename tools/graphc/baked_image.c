/*
 * tools/graphc/baked_image.c: a PNG's pixels; see baked.h. libpng reports errors
 * with longjmp: all of its calls are in decode, whose caller owns what must be
 * given back.
 */
#include <png.h>
#include <stdio.h>
#include <string.h>

#include "tools/graphc/baked.h"

#define CHUNK_BYTES_MAX 1000000 /* of text, profiles: what nobody looks at */
#define CHUNKS_MAX	100

struct image_reader {
	png_structp png;
	png_infop info;
	const struct source *source;
	size_t at; /* byte */
	struct ir_file *file;
	uint32_t limit; /* pixels */
	struct arena *arena;
	unsigned char *bytes; /* R, G, B, A, rows without a gap */
	png_bytep *rows;
	bool failed;
	char *why;
	size_t why_bytes;
};

static void on_error(png_structp png, png_const_charp message)
{
	struct image_reader *reader = png_get_error_ptr(png);

	reader->failed = true;
	snprintf(reader->why, reader->why_bytes,
		 "a damaged PNG (%.60s): make it again", message);
	png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
	(void)png;
	(void)message;
}

static void on_read(png_structp png, png_bytep to, size_t bytes)
{
	struct image_reader *reader = png_get_io_ptr(png);

	if (bytes > reader->source->bytes - reader->at)
		png_error(png, "it ends too early");
	memcpy(to, reader->source->text + reader->at, bytes);
	reader->at += bytes;
}

static bool is_small_enough(struct image_reader *reader)
{
	uint32_t width = png_get_image_width(reader->png, reader->info);
	uint32_t height = png_get_image_height(reader->png, reader->info);

	if (width > LIMIT_SIDE_MAX || height > LIMIT_SIDE_MAX) {
		snprintf(reader->why, reader->why_bytes,
			 "%ux%u; the limit is %d on a side: scale it down",
			 width, height, LIMIT_SIDE_MAX);
		return false;
	}
	if ((uint64_t)width * height > reader->limit) {
		snprintf(reader->why, reader->why_bytes,
			 "%ux%u, %u pixels; the limit is %u for all images "
			 "of a graph%s: scale it down",
			 width, height, width * height, LIMIT_PIXELS,
			 reader->limit < LIMIT_PIXELS ? " together" : "");
		return false;
	}
	reader->file->width = width;
	reader->file->height = height;
	return true;
}

static void make_room(struct image_reader *reader)
{
	size_t pitch = (size_t)reader->file->width * 4;
	uint32_t y, height = reader->file->height;

	reader->bytes = arena_alloc(reader->arena, height, pitch);
	reader->rows =
		arena_alloc(reader->arena, height, sizeof(*reader->rows));
	for (y = 0; y < height; y++)
		reader->rows[y] = reader->bytes + y * pitch;
}

/* Whatever it is, R, G, B, A come out of it. */
static void decode(struct image_reader *reader)
{
	png_structp png = reader->png;

	if (setjmp(png_jmpbuf(png)))
		return;
	png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
	png_set_chunk_malloc_max(png, CHUNK_BYTES_MAX);
	png_set_chunk_cache_max(png, CHUNKS_MAX);
	png_set_read_fn(png, reader, on_read);
	png_read_info(png, reader->info);
	reader->failed = !is_small_enough(reader);
	if (reader->failed)
		return;
	make_room(reader);
	png_set_expand(png);
	png_set_scale_16(png);
	png_set_gray_to_rgb(png);
	png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
	png_set_interlace_handling(png);
	png_read_update_info(png, reader->info);
	if (png_get_rowbytes(png, reader->info) !=
	    (size_t)reader->file->width * 4)
		png_error(png, "pixels of another size");
	png_read_image(png, reader->rows);
	png_read_end(png, NULL);
}

static uint32_t times_alpha(uint32_t value, uint32_t alpha)
{
	return (value * alpha + 127) / 255;
}

static void premultiply(struct image_reader *reader)
{
	struct ir_file *file = reader->file;
	size_t i, count = (size_t)file->width * file->height;
	uint32_t *pixels = arena_alloc(reader->arena, count, sizeof(*pixels));
	const unsigned char *from = reader->bytes;

	for (i = 0; i < count; i++, from += 4)
		pixels[i] = (uint32_t)from[3] << 24 |
			    times_alpha(from[0], from[3]) << 16 |
			    times_alpha(from[1], from[3]) << 8 |
			    times_alpha(from[2], from[3]);
	file->pixels = pixels;
}

int baked_image(struct ir_file *file, const struct source *png, uint32_t pixels,
		struct arena *arena, char *why, size_t why_bytes)
{
	struct image_reader reader = {.source = png,
				      .file = file,
				      .limit = pixels,
				      .arena = arena,
				      .failed = true,
				      .why = why,
				      .why_bytes = why_bytes};

	if (png->bytes < 8 ||
	    png_sig_cmp((png_const_bytep)png->text, 0, 8)) {
		snprintf(why, why_bytes, "no PNG: convert it to one");
		return -1;
	}
	snprintf(why, why_bytes, "no memory to read it");
	reader.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader,
					    on_error, on_warning);
	if (reader.png)
		reader.info = png_create_info_struct(reader.png);
	if (reader.info)
		decode(&reader);
	if (!reader.failed)
		premultiply(&reader);
	png_destroy_read_struct(&reader.png, &reader.info, NULL);
	return reader.failed ? -1 : 0;
}

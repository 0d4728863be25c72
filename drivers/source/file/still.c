/*
 * drivers/source/file/still.c: see drivers/source/file/still.h. libpng reports
 * errors with longjmp: all of its calls are in still_decode, whose caller owns
 * everything that must be given back.
 */
#include "drivers/source/file/still.h"

#include <errno.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/text.h"

#define STILL_SIDE_MAX	8192 /* pixels, of a source: tools/graphc/limits.h */
#define CHUNK_BYTES_MAX 1000000 /* of text, profiles: what nobody looks at */
#define CHUNKS_MAX	100

struct still {
	FILE *file;
	const struct graph_source *graph;
	png_structp png;
	png_infop info;
	unsigned char *pixels; /* R, G, B, A, rows without a gap */
	png_bytep *rows;
	int error;
	char *why;
	size_t why_bytes;
};

static void still_fail(struct still *still, int error, const char *why)
{
	still->error = error;
	snprintf(still->why, still->why_bytes, "%s", why);
}

/* The first error is the reason; errors of memory are not the file's fault. */
static void still_on_error(png_structp png, png_const_charp message)
{
	struct still *still = png_get_error_ptr(png);

	still->error = -EINVAL;
	snprintf(still->why, still->why_bytes,
		 "is a damaged PNG (%.60s): make it again", message);
	png_longjmp(png, 1);
}

static void still_on_warning(png_structp png, png_const_charp message)
{
	(void)png;
	(void)message;
}

static bool still_has_size(struct still *still)
{
	uint32_t width = png_get_image_width(still->png, still->info);
	uint32_t height = png_get_image_height(still->png, still->info);

	if (width == still->graph->width && height == still->graph->height)
		return true;
	still->error = -EINVAL;
	snprintf(still->why, still->why_bytes,
		 "is %ux%u, the graph's source %ux%u: scale the picture", width,
		 height, still->graph->width, still->graph->height);
	if (width <= STILL_SIDE_MAX && height <= STILL_SIDE_MAX)
		text_append(still->why, still->why_bytes,
			    " or say size: %ux%u there", width, height);
	return false;
}

/* Whatever it is, R, G, B, A come out of it. */
static void still_transform(struct still *still)
{
	png_set_expand(still->png);
	png_set_scale_16(still->png);
	png_set_gray_to_rgb(still->png);
	png_set_add_alpha(still->png, 0xff, PNG_FILLER_AFTER);
	png_set_interlace_handling(still->png);
	png_read_update_info(still->png, still->info);
}

static bool still_make_room(struct still *still)
{
	size_t pitch = (size_t)still->graph->width * 4;
	uint32_t y;

	still->pixels = calloc(still->graph->height, pitch);
	still->rows = calloc(still->graph->height, sizeof(*still->rows));
	if (!still->pixels || !still->rows) {
		still_fail(still, -ENOMEM, "no memory to read it");
		return false;
	}
	for (y = 0; y < still->graph->height; y++)
		still->rows[y] = still->pixels + y * pitch;
	return true;
}

static void still_decode(struct still *still)
{
	if (setjmp(png_jmpbuf(still->png)))
		return;
	png_set_user_limits(still->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
	png_set_chunk_malloc_max(still->png, CHUNK_BYTES_MAX);
	png_set_chunk_cache_max(still->png, CHUNKS_MAX);
	png_init_io(still->png, still->file);
	png_read_info(still->png, still->info);
	if (!still_has_size(still) || !still_make_room(still))
		return;
	still_transform(still);
	if (png_get_rowbytes(still->png, still->info) !=
	    (size_t)still->graph->width * 4)
		png_error(still->png, "pixels of another size");
	png_read_image(still->png, still->rows);
	png_read_end(still->png, NULL);
}

static uint32_t still_times(uint32_t value, uint32_t alpha)
{
	return (value * alpha + 127) / 255;
}

static void still_store(const struct still *still, const struct picture *to,
			uint32_t *row)
{
	const struct graph_source *graph = still->graph;
	bool alpha = graph->format == GRAPH_FORMAT_ARGB8888;
	uint32_t x, y;

	for (y = 0; y < graph->height; y++) {
		const unsigned char *from = still->rows[y];

		for (x = 0; x < graph->width; x++, from += 4)
			row[x] = (alpha ? from[3] : 0xffu) << 24 |
				 still_times(from[0], from[3]) << 16 |
				 still_times(from[1], from[3]) << 8 |
				 still_times(from[2], from[3]);
		graph_row_store(graph->format, to, y, row);
	}
}

int still_read(FILE *file, const struct graph_source *graph,
	       const struct picture *to, char *why, size_t why_bytes)
{
	struct still still = {
		.file = file,
		.graph = graph,
		.why = why,
		.why_bytes = why_bytes,
	};
	uint32_t *row = calloc(graph->width, sizeof(*row));

	still.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &still,
					   still_on_error, still_on_warning);
	if (still.png)
		still.info = png_create_info_struct(still.png);
	if (row && still.info)
		still_decode(&still);
	else
		still_fail(&still, -ENOMEM, "no memory to read it");
	if (!still.error)
		still_store(&still, to, row);
	png_destroy_read_struct(&still.png, &still.info, NULL);
	free(still.rows);
	free(still.pixels);
	free(row);
	return still.error;
}

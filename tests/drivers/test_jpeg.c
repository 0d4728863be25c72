/*
 * tests/drivers/test_jpeg.c: MJPG into Y'CbCr. The JPEGs are made here, of noise,
 * in each sampling and in sizes that come out even and that do not; what is in
 * them the library says, and where it goes is said here again, pixel by pixel.
 */
#include "drivers/source/v4l2/jpeg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/runtime/run_suite.h"

#ifdef V4L2_TURBOJPEG

#include <turbojpeg.h>

#define SIDE_MAX  80
#define PLANE_MAX (SIDE_MAX * SIDE_MAX)
#define GUARD	  0x5a

static const struct {
	int width, height;
} sizes[] = {{64, 48}, {63, 47}, {62, 46}, {1, 1}, {2, 1}, {1, 3}, {33, 18},
	     {17, 35}, {5, 5}};
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static const enum graph_format formats[] = {
	GRAPH_FORMAT_NV12, GRAPH_FORMAT_I420, GRAPH_FORMAT_YUYV,
	GRAPH_FORMAT_UYVY};

static unsigned char *jpeg;
static unsigned long jpeg_bytes;
static unsigned char planes[3][PLANE_MAX]; /* as the library reads them */
static int pitches[3];
static unsigned char memory[PLANE_MAX * 8];
static struct picture picture;

static void compress_as(int width, int height, int sampling)
{
	static unsigned char noise[PLANE_MAX * 3];
	tjhandle handle = tjInitCompress();
	size_t i;

	for (i = 0; i < sizeof(noise); i++)
		noise[i] = (unsigned char)random();
	jpeg = NULL;
	jpeg_bytes = 0;
	ck_assert_int_eq(tjCompress2(handle, noise, width, 3 * width, height,
				     TJPF_RGB, &jpeg, &jpeg_bytes, sampling, 90,
				     0),
			 0);
	tjDestroy(handle);
}

static void read_planes(int width, int sampling)
{
	unsigned char *to[3] = {planes[0], planes[1], planes[2]};
	tjhandle handle = tjInitDecompress();

	memset(planes, 128, sizeof(planes));
	pitches[0] = tjPlaneWidth(0, width, sampling);
	pitches[1] = pitches[2] =
		sampling == TJSAMP_GRAY ? 0 : tjPlaneWidth(1, width, sampling);
	ck_assert_int_eq(tjDecompressToYUVPlanes(handle, jpeg, jpeg_bytes, to,
						 0, pitches, 0, 0),
			 0);
	tjDestroy(handle);
}

/* The mean of Cb or Cr over the format's sample, of each of the JPEG's samples
 * in it once. */
static int chroma_of(int plane, int x, int y, int down, int sampling)
{
	int across = sampling == TJSAMP_GRAY ? 2 : tjMCUWidth[sampling] / 8;
	int high = sampling == TJSAMP_GRAY ? 2 : tjMCUHeight[sampling] / 8;
	int sum = 0, count = 0, last = -1;

	if (sampling == TJSAMP_GRAY)
		return 128;
	for (int py = y * down; py < (y + 1) * down; py++) {
		for (int px = 2 * x; px < 2 * x + 2; px++) {
			int at;

			if (px >= (int)picture.width ||
			    py >= (int)picture.height)
				continue;
			at = py / high * pitches[plane] + px / across;
			if (at <= last)
				continue;
			last = at;
			sum += planes[plane][at];
			count++;
		}
	}
	return (sum + count / 2) / count;
}

static int luma_of(int x, int y)
{
	return planes[0][y * pitches[0] + x];
}

static int got_luma(enum graph_format format, int x, int y)
{
	const unsigned char *row = picture.plane[0] + (size_t)y * picture.pitch[0];

	if (format == GRAPH_FORMAT_YUYV || format == GRAPH_FORMAT_UYVY)
		return row[2 * x + (format == GRAPH_FORMAT_UYVY)];
	return row[x];
}

static int got_chroma(enum graph_format format, int plane, int x, int y)
{
	const unsigned char *row = picture.plane[0] + (size_t)y * picture.pitch[0];

	if (format == GRAPH_FORMAT_YUYV || format == GRAPH_FORMAT_UYVY)
		return row[4 * x + 2 * (plane - 1) +
			   (format == GRAPH_FORMAT_YUYV)];
	if (format == GRAPH_FORMAT_I420)
		return picture.plane[plane]
				    [(size_t)y * picture.pitch[plane] + (size_t)x];
	return picture.plane[1][(size_t)y * picture.pitch[1] + 2 * (size_t)x +
				(size_t)plane - 1];
}

static void check_picture(enum graph_format format, int sampling)
{
	bool packed = format == GRAPH_FORMAT_YUYV || format == GRAPH_FORMAT_UYVY;
	int width = (int)picture.width, height = (int)picture.height;
	int down = packed ? 1 : 2, x, y, plane;

	for (y = 0; y < height; y++)
		for (x = 0; x < width; x++)
			ck_assert_int_eq(got_luma(format, x, y), luma_of(x, y));
	/* the pair of an odd width has its Y twice */
	for (y = 0; packed && width % 2 && y < height; y++)
		ck_assert_int_eq(got_luma(format, width, y),
				 luma_of(width - 1, y));
	for (plane = 1; plane < 3; plane++)
		for (y = 0; y < (height + down - 1) / down; y++)
			for (x = 0; x < (width + 1) / 2; x++)
				ck_assert_msg(
					got_chroma(format, plane, x, y) ==
						chroma_of(plane, x, y, down,
							  sampling),
					"format %d sampling %d, %dx%d: plane "
					"%d %d,%d is %d, not %d",
					format, sampling, width, height, plane,
					x, y, got_chroma(format, plane, x, y),
					chroma_of(plane, x, y, down, sampling));
}

static void check_size(enum graph_format format, int sampling, int width,
		       int height)
{
	struct v4l2_jpeg decoder;
	size_t bytes;

	compress_as(width, height, sampling);
	read_planes(width, sampling);
	bytes = graph_picture(&picture, format, (uint32_t)width,
			      (uint32_t)height, memory);
	memset(memory, GUARD, sizeof(memory));
	ck_assert_int_eq(v4l2_jpeg_init(&decoder, format, (uint32_t)width,
					(uint32_t)height),
			 0);
	ck_assert(v4l2_jpeg_decode(&decoder, jpeg, jpeg_bytes, &picture));
	check_picture(format, sampling);
	ck_assert_uint_eq(memory[bytes], GUARD);
	/* cut off it is none, and the next one is decoded */
	ck_assert(!v4l2_jpeg_decode(&decoder, jpeg, jpeg_bytes / 2, &picture));
	ck_assert(v4l2_jpeg_decode(&decoder, jpeg, jpeg_bytes, &picture));
	check_picture(format, sampling);
	v4l2_jpeg_finish(&decoder);
	tjFree(jpeg);
}

START_TEST(each_sampling_in_each_format)
{
	int sampling;

	for (sampling = 0; sampling < TJ_NUMSAMP; sampling++)
		check_size(formats[_i % 4], sampling, sizes[_i / 4].width,
			   sizes[_i / 4].height);
}
END_TEST

/* Four colours, or RGB as it is: no Y'CbCr, and none is made of it. */
START_TEST(other_colors_are_passed_over)
{
	static unsigned char noise[4 * 16 * 16];
	tjhandle handle = tjInitCompress();
	struct v4l2_jpeg decoder;

	jpeg = NULL;
	jpeg_bytes = 0;
	ck_assert_int_eq(tjCompress2(handle, noise, 16, 64, 16, TJPF_CMYK,
				     &jpeg, &jpeg_bytes, TJSAMP_444, 90, 0), 0);
	tjDestroy(handle);
	graph_picture(&picture, GRAPH_FORMAT_NV12, 16, 16, memory);
	ck_assert_int_eq(v4l2_jpeg_init(&decoder, GRAPH_FORMAT_NV12, 16, 16),
			 0);
	ck_assert(!v4l2_jpeg_decode(&decoder, jpeg, jpeg_bytes, &picture));
	v4l2_jpeg_finish(&decoder);
	tjFree(jpeg);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, each_sampling_in_each_format, 0,
			    4 * (int)SIZES);
	tcase_add_test(tests, other_colors_are_passed_over);
}

#else

/* What test_v4l2 shows of the driver then: a refusal that says so. */
START_TEST(nothing_can_be_decoded)
{
	struct v4l2_jpeg decoder = {.decoder = NULL};

	printf("# skipped: without TurboJPEG there is nothing to decode with\n");
	ck_assert(!v4l2_jpeg_can(GRAPH_FORMAT_NV12));
	ck_assert_int_ne(v4l2_jpeg_init(&decoder, GRAPH_FORMAT_NV12, 16, 16),
			 0);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, nothing_can_be_decoded);
}

#endif

int main(void)
{
	return run_suite("MJPG", add);
}

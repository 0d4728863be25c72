/*
 * drivers/source/v4l2/jpeg.c: see jpeg.h. Two bodies, by libs.mk: with the
 * library and without.
 */
#include "drivers/source/v4l2/jpeg.h"

#include <errno.h>

#ifdef V4L2_TURBOJPEG

#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "runtime/base/seal.h"

#define JPEG_GREY 128 /* Cb and Cr */
#define JPEG_PAD  32  /* more than the widest sample has pixels */

const char v4l2_jpeg_why[] = "is decoded to XRGB8888, XBGR8888, RGB888, "
			     "BGR888, GREY, NV12, I420, YUYV and UYVY only";

/* TurboJPEG's name of the format; -1: it is none of pixels. */
static int jpeg_pixels(enum graph_format format)
{
	switch (format) {
	case GRAPH_FORMAT_XRGB8888:
		return TJPF_BGRX;
	case GRAPH_FORMAT_XBGR8888:
		return TJPF_RGBX;
	case GRAPH_FORMAT_RGB888:
		return TJPF_BGR;
	case GRAPH_FORMAT_BGR888:
		return TJPF_RGB;
	case GRAPH_FORMAT_GREY:
		return TJPF_GRAY;
	default:
		return -1;
	}
}

static bool jpeg_is_ycbcr(enum graph_format format)
{
	return format == GRAPH_FORMAT_NV12 || format == GRAPH_FORMAT_I420 ||
	       format == GRAPH_FORMAT_YUYV || format == GRAPH_FORMAT_UYVY;
}

bool v4l2_jpeg_can(enum graph_format format)
{
	return jpeg_pixels(format) >= 0 || jpeg_is_ycbcr(format);
}

/* Three planes of the size of the first, the most there are, and two rows. */
static int jpeg_alloc(struct v4l2_jpeg *jpeg, uint32_t width, uint32_t height)
{
	jpeg->pitch = (width + 2 * JPEG_PAD - 1) / JPEG_PAD * JPEG_PAD;
	jpeg->plane_bytes = (size_t)jpeg->pitch * (height + JPEG_PAD);
	jpeg->planes = malloc(3 * jpeg->plane_bytes + 2 * (size_t)jpeg->pitch);
	if (!jpeg->planes)
		return -ENOMEM;
	jpeg->chroma[0] = jpeg->planes + 3 * jpeg->plane_bytes;
	jpeg->chroma[1] = jpeg->chroma[0] + jpeg->pitch;
	return 0;
}

int v4l2_jpeg_init(struct v4l2_jpeg *jpeg, enum graph_format format,
		   uint32_t width, uint32_t height)
{
	*jpeg = (struct v4l2_jpeg){tjInitDecompress(), format, .planes = NULL};
	if (jpeg->decoder &&
	    (!jpeg_is_ycbcr(format) || !jpeg_alloc(jpeg, width, height)))
		return 0;
	v4l2_jpeg_finish(jpeg);
	return -ENOMEM;
}

static void jpeg_drop_decoder(struct v4l2_jpeg *jpeg)
{
	if (jpeg->decoder)
		tjDestroy(jpeg->decoder);
	jpeg->decoder = NULL;
}

void v4l2_jpeg_finish(struct v4l2_jpeg *jpeg)
{
	jpeg_drop_decoder(jpeg);
	free(jpeg->planes);
	jpeg->planes = NULL;
}

/* ---- Y'CbCr --------------------------------------------------------------------- */

/* How the JPEG samples Cb and Cr: pixels of a sample, and samples of a plane. */
struct jpeg_sampling {
	uint32_t across, down, width, height;
};

/* A row of samples of two pixels each: of each the mean of those in two rows (the
 * same one twice: of one) that lie over it. */
static void jpeg_means(unsigned char *to, uint32_t count,
		       const unsigned char *above, const unsigned char *below,
		       const struct jpeg_sampling *is)
{
	uint32_t i, left, right, last = is->width - 1;

	if (is->across == 2) {
		for (i = 0; i < count; i++)
			to[i] = (unsigned char)((above[i] + below[i] + 1) / 2);
		return;
	}
	for (i = 0; i < count; i++) {
		left = is->across == 1 ? 2 * i : i / 2;
		right = is->across == 1 && left < last ? left + 1 : left;
		to[i] = (unsigned char)((above[left] + above[right] +
					 below[left] + below[right] + 2) / 4);
	}
}

/* Row y of the format's Cb and Cr, whose samples are `down` pixels high, into
 * jpeg->chroma. */
static void jpeg_chroma_row(const struct v4l2_jpeg *jpeg, uint32_t y,
			    uint32_t down, uint32_t count,
			    const struct jpeg_sampling *is)
{
	uint32_t above = y * down / is->down, below = above, i;
	const unsigned char *plane;

	if (down > is->down && above + 1 < is->height)
		below = above + 1;
	for (i = 0; i < 2; i++) {
		plane = jpeg->planes + (1 + i) * jpeg->plane_bytes;
		jpeg_means(jpeg->chroma[i], count, plane + above * jpeg->pitch,
			   plane + below * jpeg->pitch, is);
	}
}

/* Y at this place in a pair of pixels, Cb and Cr in the others. */
static void jpeg_pack(const struct v4l2_jpeg *jpeg, const unsigned char *y,
		      uint32_t width, unsigned char *to, uint32_t y_at)
{
	uint32_t i, right;

	for (i = 0; i < (width + 1) / 2; i++) {
		right = 2 * i + 1 < width ? 2 * i + 1 : 2 * i;
		to[4 * i + y_at] = y[2 * i];
		to[4 * i + y_at + 2] = y[right];
		to[4 * i + 1 - y_at] = jpeg->chroma[0][i];
		to[4 * i + 3 - y_at] = jpeg->chroma[1][i];
	}
}

static void jpeg_place_packed(const struct v4l2_jpeg *jpeg,
			      const struct jpeg_sampling *is,
			      const struct picture *to)
{
	uint32_t y, count = (to->width + 1) / 2;

	for (y = 0; y < to->height; y++) {
		jpeg_chroma_row(jpeg, y, 1, count, is);
		jpeg_pack(jpeg, jpeg->planes + y * jpeg->pitch, to->width,
			  to->plane[0] + y * to->pitch[0],
			  jpeg->format == GRAPH_FORMAT_UYVY);
	}
}

static void jpeg_place_planar(const struct v4l2_jpeg *jpeg,
			      const struct jpeg_sampling *is,
			      const struct picture *to)
{
	uint32_t y, i, count = (to->width + 1) / 2;
	unsigned char *row;

	for (y = 0; y < to->height; y++)
		memcpy(to->plane[0] + y * to->pitch[0],
		       jpeg->planes + y * jpeg->pitch, to->width);
	for (y = 0; y < (to->height + 1) / 2; y++) {
		jpeg_chroma_row(jpeg, y, 2, count, is);
		row = to->plane[1] + y * to->pitch[1];
		if (jpeg->format == GRAPH_FORMAT_I420) {
			memcpy(row, jpeg->chroma[0], count);
			memcpy(to->plane[2] + y * to->pitch[2],
			       jpeg->chroma[1], count);
			continue;
		}
		for (i = 0; i < count; i++) {
			row[2 * i] = jpeg->chroma[0][i];
			row[2 * i + 1] = jpeg->chroma[1][i];
		}
	}
}

/* What the planes are. False: neither Y'CbCr nor grey, or sampled in a way that
 * is not known. */
static bool jpeg_sampling_of(int sampling, int colors,
			     const struct picture *picture,
			     struct jpeg_sampling *is)
{
	if (sampling < 0 || sampling >= TJ_NUMSAMP ||
	    (colors != TJCS_YCbCr && colors != TJCS_GRAY))
		return false;
	*is = (struct jpeg_sampling){2, 2, (picture->width + 1) / 2,
				     (picture->height + 1) / 2};
	if (sampling == TJSAMP_GRAY)
		return true;
	is->across = (uint32_t)tjMCUWidth[sampling] / 8;
	is->down = (uint32_t)tjMCUHeight[sampling] / 8;
	is->width = (uint32_t)tjPlaneWidth(1, (int)picture->width, sampling);
	is->height = (uint32_t)tjPlaneHeight(1, (int)picture->height, sampling);
	return is->across <= 4 && is->down <= 2;
}

/* ---- a frame -------------------------------------------------------------------- */

/* Cameras leave rubbish between markers, which spoils nothing; a frame that is
 * cut off is half grey. */
static bool jpeg_is_whole(tjhandle decoder)
{
	return tjGetErrorCode(decoder) == TJERR_WARNING &&
	       strstr(tjGetErrorStr2(decoder), "extraneous bytes");
}

static bool jpeg_decode_pixels(const struct v4l2_jpeg *jpeg,
			       const unsigned char *data, size_t bytes,
			       const struct picture *to)
{
	return !tjDecompress2(jpeg->decoder, data, bytes, to->plane[0],
			      (int)to->width, (int)to->pitch[0],
			      (int)to->height, jpeg_pixels(jpeg->format), 0) ||
	       jpeg_is_whole(jpeg->decoder);
}

static bool jpeg_decode_planes(const struct v4l2_jpeg *jpeg,
			       const unsigned char *data, size_t bytes,
			       const struct jpeg_sampling *is, bool grey,
			       const struct picture *to)
{
	unsigned char *planes[3] = {jpeg->planes,
				    jpeg->planes + jpeg->plane_bytes,
				    jpeg->planes + 2 * jpeg->plane_bytes};
	int pitches[3] = {(int)jpeg->pitch, (int)jpeg->pitch,
			  (int)jpeg->pitch};

	if (tjDecompressToYUVPlanes(jpeg->decoder, data, bytes, planes, 0,
				    pitches, 0, 0) &&
	    !jpeg_is_whole(jpeg->decoder))
		return false;
	if (grey)
		memset(planes[1], JPEG_GREY, 2 * jpeg->plane_bytes);
	if (graph_format_row(jpeg->format)->planes > 1)
		jpeg_place_planar(jpeg, is, to);
	else
		jpeg_place_packed(jpeg, is, to);
	return true;
}

static bool jpeg_decode(const struct v4l2_jpeg *jpeg,
			const unsigned char *data, size_t bytes,
			const struct picture *picture)
{
	int width, height, sampling, colors;
	struct jpeg_sampling is;

	if (tjDecompressHeader3(jpeg->decoder, data, bytes, &width, &height,
				&sampling, &colors) ||
	    (uint32_t)width != picture->width ||
	    (uint32_t)height != picture->height)
		return false;
	if (!jpeg->planes)
		return jpeg_decode_pixels(jpeg, data, bytes, picture);
	return jpeg_sampling_of(sampling, colors, picture, &is) &&
	       jpeg_decode_planes(jpeg, data, bytes, &is,
				  sampling == TJSAMP_GRAY, picture);
}

/* A decoder that has seen a broken header may refuse all that follow (2.1.5:
 * "Bogus DHT index"): after a failure there is a new one. */
bool v4l2_jpeg_decode(struct v4l2_jpeg *jpeg, const unsigned char *data,
		      size_t bytes, const struct picture *picture)
{
	bool sealed = seal_is_on, done;

	seal_is_on = false;
	done = jpeg->decoder && jpeg_decode(jpeg, data, bytes, picture);
	if (!done) {
		jpeg_drop_decoder(jpeg);
		jpeg->decoder = tjInitDecompress();
	}
	seal_is_on = sealed;
	return done;
}

#else

const char v4l2_jpeg_why[] = "cannot be decoded: this program was built "
			     "without TurboJPEG (libturbojpeg0-dev)";

bool v4l2_jpeg_can(enum graph_format format)
{
	(void)format;
	return false;
}

int v4l2_jpeg_init(struct v4l2_jpeg *jpeg, enum graph_format format,
		   uint32_t width, uint32_t height)
{
	(void)jpeg;
	(void)format;
	(void)width;
	(void)height;
	return -ENOTSUP;
}

void v4l2_jpeg_finish(struct v4l2_jpeg *jpeg)
{
	(void)jpeg;
}

bool v4l2_jpeg_decode(struct v4l2_jpeg *jpeg, const unsigned char *data,
		      size_t bytes, const struct picture *picture)
{
	(void)jpeg;
	(void)data;
	(void)bytes;
	(void)picture;
	return false;
}

#endif

/*
 * drivers/source/v4l2/jpeg.c: see jpeg.h. Two bodies, by libs.mk: with the
 * library and without.
 */
#include "drivers/source/v4l2/jpeg.h"

#include <errno.h>

#ifdef V4L2_TURBOJPEG

#include <string.h>
#include <turbojpeg.h>

#include "runtime/base/seal.h"

const char v4l2_jpeg_why[] = "is decoded to XRGB8888, XBGR8888, RGB888, BGR888 "
			     "and GREY only";

/* TurboJPEG's name of the format; -1: none. */
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

bool v4l2_jpeg_can(enum graph_format format)
{
	return jpeg_pixels(format) >= 0;
}

int v4l2_jpeg_init(struct v4l2_jpeg *jpeg, enum graph_format format)
{
	*jpeg = (struct v4l2_jpeg){tjInitDecompress(), format};
	return jpeg->decoder ? 0 : -ENOMEM;
}

void v4l2_jpeg_finish(struct v4l2_jpeg *jpeg)
{
	if (jpeg->decoder)
		tjDestroy(jpeg->decoder);
	jpeg->decoder = NULL;
}

/* Cameras leave rubbish between markers, which spoils nothing; a frame that is
 * cut off is half grey. */
static bool jpeg_is_whole(tjhandle decoder)
{
	return tjGetErrorCode(decoder) == TJERR_WARNING &&
	       strstr(tjGetErrorStr2(decoder), "extraneous bytes");
}

static bool jpeg_decode(const struct v4l2_jpeg *jpeg,
			const unsigned char *data, size_t bytes,
			const struct picture *picture)
{
	tjhandle decoder = jpeg->decoder;
	int width, height, sampling, colors;

	if (tjDecompressHeader3(decoder, data, bytes, &width, &height,
				&sampling, &colors) ||
	    (uint32_t)width != picture->width ||
	    (uint32_t)height != picture->height)
		return false;
	return !tjDecompress2(decoder, data, bytes, picture->plane[0], width,
			      (int)picture->pitch[0], height,
			      jpeg_pixels(jpeg->format), 0) ||
	       jpeg_is_whole(decoder);
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
		v4l2_jpeg_finish(jpeg);
		v4l2_jpeg_init(jpeg, jpeg->format);
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

int v4l2_jpeg_init(struct v4l2_jpeg *jpeg, enum graph_format format)
{
	(void)jpeg;
	(void)format;
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

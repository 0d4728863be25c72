/*
 * kernel/adjust.h: brightness, contrast, saturation and hue.
 *
 * All four are one affine map of red, green and blue, which foo_tick makes: twelve
 * integers, 12 bits of fraction. The luma that saturation and hue leave alone is
 * BT.709's.
 */
#ifndef KERNEL_ADJUST_H
#define KERNEL_ADJUST_H

#include "kernel/color.h"

struct adjust_params {
	double brightness, contrast, saturation, hue;
};

/* A channel is (sum of factor * channel + offset) >> 12, clipped. */
struct adjust_uniform {
	int32_t factor[3][3], offset[3];
	int32_t identity; /* the map is none: pixels stay as they are */
};

/* Turn and stretch of what is not grey, as factors of red, green and blue: grey
 * has luma in all channels, and the turn is round that axis. */
NODE_HOST void adjust_matrix(double saturation, double hue,
			     double matrix[3][3])
{
	static const double luma[3] = {0.2126, 0.7152, 0.0722};
	const double third = 1 / 3.0, root = sqrt(third);
	double cosine = cos(hue) * saturation, sine = sin(hue) * saturation;
	int i, j;

	for (i = 0; i < 3; i++)
		for (j = 0; j < 3; j++) {
			double turned = i == j ? cosine + (1 - cosine) * third
					: (j - i + 3) % 3 == 1
						? (1 - cosine) * third -
							  sine * root
						: (1 - cosine) * third +
							  sine * root;

			matrix[i][j] = turned;
		}
	/* what the turn changed of the luma is given back to all channels */
	for (j = 0; j < 3; j++) {
		double lost = luma[j];

		for (i = 0; i < 3; i++)
			lost -= luma[i] * matrix[i][j];
		for (i = 0; i < 3; i++)
			matrix[i][j] += lost;
	}
}

NODE_HOST void adjust_tick(const struct adjust_params *params,
			   const struct tick *tick, void *state,
			   struct adjust_uniform *uniform)
{
	double matrix[3][3], middle = 127.5, contrast = params->contrast;
	int i, j;

	(void)tick;
	(void)state;
	adjust_matrix(params->saturation, params->hue * 3.14159265358979 / 180,
		      matrix);
	for (i = 0; i < 3; i++) {
		for (j = 0; j < 3; j++)
			uniform->factor[i][j] =
				(int32_t)lround(matrix[i][j] * contrast * 4096);
		uniform->offset[i] = (int32_t)lround(
			(middle - middle * contrast +
			 params->brightness * 255) * 4096 + 2048);
	}
	uniform->identity = params->brightness == 0 && contrast == 1 &&
			    params->saturation == 1 && params->hue == 0;
}

NODE_PIXEL uint32_t adjust_channel(const int32_t factor[3], int32_t offset,
				   int32_t red, int32_t green, int32_t blue)
{
	int32_t value = (factor[0] * red + factor[1] * green +
			 factor[2] * blue + offset) >> 12;

	return value < 0 ? 0 : value > 255 ? 255 : (uint32_t)value;
}

NODE_PIXEL uint32_t adjust_pixel(const struct adjust_uniform *uniform,
				 int32_t x, int32_t y, uint32_t in)
{
	int32_t red = (int32_t)(in >> 16 & 255), blue = (int32_t)(in & 255);
	int32_t green = (int32_t)(in >> 8 & 255);

	(void)x;
	(void)y;
	if (uniform->identity)
		return in;
	return color_rgb(adjust_channel(uniform->factor[0], uniform->offset[0],
					red, green, blue),
			 adjust_channel(uniform->factor[1], uniform->offset[1],
					red, green, blue),
			 adjust_channel(uniform->factor[2], uniform->offset[2],
					red, green, blue));
}

NODE_HOST void adjust_span(const struct adjust_uniform *uniform, int32_t y,
			   int32_t x0, int32_t x1, const uint32_t *const in[],
			   uint32_t *out)
{
	const struct adjust_uniform own = *uniform;
	const uint32_t *from = in[0];
	int32_t i;

	(void)y;
	for (i = 0; i < x1 - x0; i++)
		out[i] = adjust_pixel(&own, 0, 0, from[i]);
}

#endif

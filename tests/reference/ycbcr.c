/*
 * tests/reference/ycbcr.c: see ycbcr.h. With Kr and Kb, the shares of red and
 * blue in luma, and Kg what is left,
 *
 *   L = Y - 16 over 219, or Y over 255 in full range
 *   U, V = Cb, Cr - 128 over 224, or over 255
 *   R = L + 2 (1 - Kr) V
 *   B = L + 2 (1 - Kb) U
 *   G = L - 2 Kb (1 - Kb) / Kg U - 2 Kr (1 - Kr) / Kg V
 *
 * and each times 255.
 */
#include "tests/reference/ycbcr.h"

#include <math.h>

/* Kr and Kb in 1/10000. */
static const struct {
	int64_t red, blue;
} shares[] = {
	[REFERENCE_BT601] = {2990, 1140},
	[REFERENCE_BT709] = {2126, 722},
	[REFERENCE_BT2020] = {2627, 593},
};

/* Is `value` at most 1 off over / under, clipped? under > 0 */
static bool is_near(int64_t value, int64_t over, int64_t under)
{
	if (over < 0)
		over = 0;
	if (over > 255 * under)
		over = 255 * under;
	return value * under - over <= under && over - value * under <= under;
}

bool reference_is_near(enum reference_matrix matrix, bool full, int y, int cb,
		       int cr, uint32_t pixel)
{
	return reference_is_near_16(matrix, full, y, 16 * cb, 16 * cr, pixel);
}

bool reference_is_near_16(enum reference_matrix matrix, bool full, int y,
			  int cb, int cr, uint32_t pixel)
{
	const int64_t one = 10000, red = shares[matrix].red;
	const int64_t blue = shares[matrix].blue, green = one - red - blue;
	const int64_t luma = full ? 255 : 219, chroma = full ? 255 : 224;
	const int64_t under = luma * chroma * one * green * 16;
	const int64_t l = (y - (full ? 0 : 16)) * chroma * one * green * 16;
	const int64_t u = (cb - 128 * 16) * luma, v = (cr - 128 * 16) * luma;

	return is_near(pixel >> 16 & 255,
		       255 * (l + 2 * (one - red) * green * v), under) &&
	       is_near(pixel >> 8 & 255,
		       255 * (l - 2 * blue * (one - blue) * u -
			      2 * red * (one - red) * v),
		       under) &&
	       is_near(pixel & 255,
		       255 * (l + 2 * (one - blue) * green * u), under);
}

/* ---- as it is rounded ------------------------------------------------------------ */

/* The nearest integer to a factor in 1/8192. */
static int64_t factor(double value)
{
	return (int64_t)(value < 0 ? -floor(-value * 8192 + 0.5)
				   : floor(value * 8192 + 0.5));
}

/* floor(a / 256 * b): what is over 128 or over 0 is taken 256 times. */
static int64_t product(int64_t a, int64_t b)
{
	return (int64_t)floor((double)(a * b) / 256);
}

static uint32_t clipped(int64_t sum)
{
	int64_t value = (int64_t)floor((double)sum / 32);

	return value < 0 ? 0 : value > 255 ? 255 : (uint32_t)value;
}

uint32_t reference_pixel(enum reference_matrix matrix, bool full, int y, int cb,
			 int cr)
{
	return reference_pixel_16(matrix, full, y, 16 * cb, 16 * cr);
}

/* floor(a / 4096 * b): what is over 128 is taken 256 times, in sixteenths. */
static int64_t product_16(int64_t a, int64_t b)
{
	return (int64_t)floor((double)(a * b) / 4096);
}

uint32_t reference_pixel_16(enum reference_matrix matrix, bool full, int y,
			    int cb, int cr)
{
	const double red = (double)shares[matrix].red / 10000;
	const double blue = (double)shares[matrix].blue / 10000;
	const double green = 1 - red - blue;
	const double luma = full ? 1 : 255 / 219.0;
	const double chroma = full ? 1 : 255 / 224.0;
	const int64_t offset = (int64_t)floor(16 - (full ? 0 : 16 * 32 * luma) +
					      0.5);
	int64_t l = product(y, factor(luma)) + offset, u = cb - 128 * 16;
	int64_t v = cr - 128 * 16;

	return 0xff000000u |
	       clipped(l + product_16(v, factor(2 * (1 - red) * chroma))) << 16 |
	       clipped(l +
		       product_16(u, factor(-2 * blue * (1 - blue) / green *
					 chroma)) +
		       product_16(v, factor(-2 * red * (1 - red) / green *
					 chroma)))
		       << 8 |
	       clipped(l + product_16(u, factor(2 * (1 - blue) * chroma)));
}

/* ---- chroma between its samples --------------------------------------------------- */

/* Sample n lies at pixel 2 n + offset. Those on either side of pixel `at`, and
 * how much of the way to the right one it is; those at the ends go on for ever. */
struct place {
	int left, right;
	double part;
};

static struct place place_of(int at, double offset, int count)
{
	double place = (at - offset) / 2;
	int left = (int)floor(place), right = left + 1;
	struct place of = {left, right, place - left};

	if (left < 0)
		of.left = 0;
	if (right < 0)
		of.right = 0;
	if (left > count - 1)
		of.left = count - 1;
	if (right > count - 1)
		of.right = count - 1;
	return of;
}

static double mean(double left, double right, double part)
{
	return left * (1 - part) + right * part;
}

int reference_chroma_16(const unsigned char *sample, int step, int pitch,
			int width, int height, bool is_420,
			enum reference_siting siting, int x, int y)
{
	struct place across = place_of(x, siting == REFERENCE_CENTRE ? 0.5 : 0,
				       (width + 1) / 2);
	struct place down = place_of(y, siting == REFERENCE_TOP_LEFT ? 0 : 0.5,
				     (height + 1) / 2);
	const struct place own = {y, y, 0};
	const unsigned char *top, *bottom;

	if (!is_420)
		down = own;
	top = sample + down.left * pitch;
	bottom = sample + down.right * pitch;
	return (int)(16 * mean(mean(top[across.left * step],
				    bottom[across.left * step], down.part),
			       mean(top[across.right * step],
				    bottom[across.right * step], down.part),
			       across.part));
}

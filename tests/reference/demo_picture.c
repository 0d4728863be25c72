/*
 * tests/reference/demo_picture.c: the demo picture from its description.
 *
 * What is drawn, for tick n of a W x H frame at num/den ticks a second, origin
 * top left, x right, y down, 8 bits a channel, with t = n * den / num seconds:
 *
 *  1. A background hsv(fmod(30 t, 180) / 180, 0.5, 0.8), and a ball of radius
 *     40 that starts in the middle (integer halves of W and H), moves by
 *     (400, 300) pixels a second and is reflected so that it stays whole. Its
 *     centre is rounded to 1/16 pixel by floor(16 c + 0.5); a pixel is ball
 *     where 16 times its distance to that is at most 16 * 40. The ball is
 *     hsv(fmod(120 t, 180) / 180, 1, 1).
 *  2. With pulse = (int)(128 + 127 sin(3 t)): a 30 x 30 square in each corner,
 *     (255, pulse, 0); over them a 5 px frame all around, (128, 255 - pulse,
 *     pulse).
 *  3. A yellow wave: in every fourth column x = 0, 4, 8 ... five pixels high,
 *     y - 2 to y + 2 with y = (int)(H/2 + 50 sin((x + 100 t) 0.02)), where y is
 *     kept within [2, H - 3].
 *  4. Text, only inside x < 640 and (y < 160 or y >= H - 64).
 *
 * hsv truncates: channel = (int)((value + m) * 255). All of it in double, with
 * fmod, sin and floor of the C library, in the order written here.
 */
#include "tests/reference/demo_picture.h"

#include <math.h>

enum {
	BALL_RADIUS = 40,
	SQUARE = 30,
	BORDER = 5,
	WAVE_STEP = 4,
	WAVE_HALF = 2,
	TEXT_WIDTH = 640,
	TEXT_TOP = 160,
	TEXT_BOTTOM = 64,
};

static uint32_t rgb(int r, int g, int b)
{
	return 0xFF000000u | (uint32_t)r << 16 | (uint32_t)g << 8 | (uint32_t)b;
}

static uint32_t hsv(double h, double s, double v)
{
	double c = v * s;
	double x = c * (1 - fabs(fmod(6 * h, 2) - 1));
	double m = v - c;
	int sector = (int)(6 * h) < 5 ? (int)(6 * h) : 5;
	const double table[6][3] = {{c, x, 0}, {x, c, 0}, {0, c, x},
				    {0, x, c}, {x, 0, c}, {c, 0, x}};
	const double *value = table[sector];

	return rgb((int)((value[0] + m) * 255), (int)((value[1] + m) * 255),
		   (int)((value[2] + m) * 255));
}

/* Reflects p into [low, high], as a ball between two walls. */
static double fold(double p, double low, double high)
{
	double span = high - low;
	double q = fmod(p - low, 2 * span);

	if (q < 0)
		q += 2 * span;
	return q > span ? high - (q - span) : low + q;
}

static int32_t wave_middle(const struct demo_picture *picture, int32_t x,
			   double t)
{
	int32_t half = picture->height / 2;
	int32_t y = (int32_t)(half + 50 * sin((x + 100 * t) * 0.02));

	if (y < WAVE_HALF)
		return WAVE_HALF;
	if (y > picture->height - 1 - WAVE_HALF)
		return picture->height - 1 - WAVE_HALF;
	return y;
}

void demo_picture_set(struct demo_picture *picture, int32_t width,
		      int32_t height, uint64_t n, uint32_t num, uint32_t den)
{
	double t = (double)(n * den) / (double)num;
	double ball_x =
		fold(width / 2 + 400 * t, BALL_RADIUS, width - BALL_RADIUS);
	double ball_y =
		fold(height / 2 + 300 * t, BALL_RADIUS, height - BALL_RADIUS);
	int pulse = (int)(128 + 127 * sin(3 * t));
	int32_t x;

	picture->width = width;
	picture->height = height;
	picture->background = hsv(fmod(30 * t, 180) / 180, 0.5, 0.8);
	picture->ball = hsv(fmod(120 * t, 180) / 180, 1, 1);
	picture->ball_x16 = (int64_t)floor(16 * ball_x + 0.5);
	picture->ball_y16 = (int64_t)floor(16 * ball_y + 0.5);
	picture->square = rgb(255, pulse, 0);
	picture->border = rgb(128, 255 - pulse, pulse);
	for (x = 0; x < width; x += WAVE_STEP)
		picture->wave_y[x / WAVE_STEP] = wave_middle(picture, x, t);
}

static bool on_wave(const struct demo_picture *picture, int32_t x, int32_t y)
{
	int32_t middle;

	if (x % WAVE_STEP != 0)
		return false;
	middle = picture->wave_y[x / WAVE_STEP];
	return y >= middle - WAVE_HALF && y <= middle + WAVE_HALF;
}

static bool near_edge(int32_t p, int32_t size, int32_t distance)
{
	return p < distance || p >= size - distance;
}

static bool in_ball(const struct demo_picture *picture, int32_t x, int32_t y)
{
	int64_t dx = 16 * (int64_t)x - picture->ball_x16;
	int64_t dy = 16 * (int64_t)y - picture->ball_y16;

	return dx * dx + dy * dy <= 16 * BALL_RADIUS * 16 * BALL_RADIUS;
}

uint32_t demo_picture_pixel(const struct demo_picture *picture, int32_t x,
			    int32_t y)
{
	if (on_wave(picture, x, y))
		return rgb(255, 255, 0);
	if (near_edge(x, picture->width, BORDER) ||
	    near_edge(y, picture->height, BORDER))
		return picture->border;
	if (near_edge(x, picture->width, SQUARE) &&
	    near_edge(y, picture->height, SQUARE))
		return picture->square;
	if (in_ball(picture, x, y))
		return picture->ball;
	return picture->background;
}

bool demo_picture_in_text_box(const struct demo_picture *picture, int32_t x,
			      int32_t y)
{
	return x < TEXT_WIDTH &&
	       (y < TEXT_TOP || y >= picture->height - TEXT_BOTTOM);
}

static uint32_t load_little_endian(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
	       (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

bool demo_picture_equals(const struct demo_picture *picture,
			 const unsigned char *frame,
			 struct demo_difference *first)
{
	int32_t x, y;

	for (y = 0; y < picture->height; y++) {
		for (x = 0; x < picture->width; x++, frame += 4) {
			uint32_t expected = demo_picture_pixel(picture, x, y);
			uint32_t got = load_little_endian(frame);

			if (got == expected ||
			    demo_picture_in_text_box(picture, x, y))
				continue;
			*first = (struct demo_difference){x, y, expected, got};
			return false;
		}
	}
	return true;
}

void demo_picture_draw(const struct demo_picture *picture, unsigned char *frame)
{
	int32_t x, y;

	for (y = 0; y < picture->height; y++) {
		for (x = 0; x < picture->width; x++, frame += 4) {
			uint32_t pixel = demo_picture_pixel(picture, x, y);

			frame[0] = (unsigned char)pixel;
			frame[1] = (unsigned char)(pixel >> 8);
			frame[2] = (unsigned char)(pixel >> 16);
			frame[3] = (unsigned char)(pixel >> 24);
		}
	}
}

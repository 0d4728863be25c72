/*
 * tests/kernel/test_overlays.c: markers and waveform, against counts and rows
 * worked out by hand.
 */
#include "kernel/markers.h"
#include "kernel/waveform.h"
#include "tests/kernel/random.h"
#include "tests/kernel/suite.h"

#define IN 0xff123456u

static uint64_t seed;

static struct markers_uniform markers(uint32_t width, uint32_t height,
				      double seconds)
{
	const struct tick tick = {
		.seconds = seconds, .width = width, .height = height};
	struct markers_uniform uniform;

	markers_tick(NULL, &tick, NULL, &uniform);
	return uniform;
}

static int32_t markers_count(const struct markers_uniform *uniform,
			     uint32_t color)
{
	int32_t x, y, count = 0;

	for (y = 0; y < uniform->height; y++)
		for (x = 0; x < uniform->width; x++)
			count += markers_pixel(uniform, x, y, IN) == color;
	return count;
}

/* sin 0: pulse 128. */
START_TEST(markers_border_over_squares)
{
	const struct markers_uniform uniform = markers(100, 80, 0);
	const uint32_t square = 0xffff8000, border = 0xff807f80;

	ck_assert_int_eq(markers_count(&uniform, border), 100 * 80 - 90 * 70);
	ck_assert_int_eq(markers_count(&uniform, square), 4 * 25 * 25);
	ck_assert_int_eq(markers_count(&uniform, IN), 90 * 70 - 4 * 25 * 25);
	ck_assert_uint_eq(markers_pixel(&uniform, 4, 29, IN), border);
	ck_assert_uint_eq(markers_pixel(&uniform, 5, 29, IN), square);
	ck_assert_uint_eq(markers_pixel(&uniform, 29, 29, IN), square);
	ck_assert_uint_eq(markers_pixel(&uniform, 30, 29, IN), IN);
	ck_assert_uint_eq(markers_pixel(&uniform, 70, 50, IN), square);
	ck_assert_uint_eq(markers_pixel(&uniform, 69, 50, IN), IN);
	ck_assert_uint_eq(markers_pixel(&uniform, 70, 49, IN), IN);
	ck_assert_uint_eq(markers_pixel(&uniform, 95, 50, IN), border);
}
END_TEST

/* 3 t = pi / 2 and 3 pi / 2: pulse 255 and 1. */
START_TEST(markers_pulse)
{
	const struct markers_uniform high = markers(64, 64, M_PI / 6);
	const struct markers_uniform low = markers(64, 64, M_PI / 2);

	ck_assert_uint_eq(high.square, 0xffffff00);
	ck_assert_uint_eq(high.border, 0xff8000ff);
	ck_assert_uint_eq(low.square, 0xffff0100);
	ck_assert_uint_eq(low.border, 0xff80fe01);
}
END_TEST

START_TEST(markers_in_the_smallest_frame)
{
	const struct markers_uniform uniform = markers(16, 16, 0);

	ck_assert_int_eq(markers_count(&uniform, 0xffff8000), 6 * 6);
	ck_assert_int_eq(markers_count(&uniform, 0xff807f80), 16 * 16 - 6 * 6);
}
END_TEST

/* The node's bytes for frames up to 640 px wide. */
union wave {
	struct waveform_uniform uniform;
	unsigned char bytes[148 + 4 * 160];
};

static void wave_tick(union wave *wave, uint32_t width, uint32_t height,
		      double amplitude, double seconds)
{
	const struct waveform_params params = {amplitude, 100, 0xffffff00};
	const struct tick tick = {
		.seconds = seconds, .width = width, .height = height};

	waveform_tick(&params, &tick, NULL, &wave->uniform);
}

static int32_t wave_count(const union wave *wave, int32_t width, int32_t height)
{
	int32_t x, y, count = 0;

	for (y = 0; y < height; y++)
		for (x = 0; x < width; x++)
			count += waveform_pixel(&wave->uniform, x, y, IN) ==
				 0xffffff00;
	return count;
}

START_TEST(wave_by_hand)
{
	/* 240 + 50 sin(0.02 x), cut: sin 0, sin 1.6, sin 3.2, sin 4.72 */
	static const int32_t rows[][2] = {
		{0, 240}, {80, 289}, {160, 237}, {236, 190}};
	union wave wave;
	size_t i;
	int32_t dy;

	wave_tick(&wave, 640, 480, 50, 0);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (dy = -3; dy <= 3; dy++) {
			uint32_t want = dy >= -2 && dy <= 2 ? 0xffffff00 : IN;
			int32_t x = rows[i][0], y = rows[i][1] + dy;

			ck_assert_uint_eq(
				waveform_pixel(&wave.uniform, x, y, IN), want);
			ck_assert_uint_eq(
				waveform_pixel(&wave.uniform, x + 1, y, IN),
				IN);
		}
	ck_assert_int_eq(wave_count(&wave, 640, 480), 160 * 5);
}
END_TEST

/* 0.8 s at 100 px/s: what was at x = 80 is at x = 0. */
START_TEST(wave_runs_left)
{
	union wave wave;

	wave_tick(&wave, 640, 480, 50, 0.8);
	ck_assert_uint_eq(waveform_pixel(&wave.uniform, 0, 291, IN),
			  0xffffff00);
	ck_assert_uint_eq(waveform_pixel(&wave.uniform, 0, 286, IN), IN);
}
END_TEST

/* Clamped to [2, height - 3], marks stay whole, in the first and last rows. */
START_TEST(wave_is_clamped)
{
	union wave wave;

	wave_tick(&wave, 637, 99, 4096, 0);
	ck_assert_int_eq(wave_count(&wave, 637, 99), 160 * 5);
	ck_assert_uint_eq(waveform_pixel(&wave.uniform, 80, 98, IN),
			  0xffffff00);
	ck_assert_uint_eq(waveform_pixel(&wave.uniform, 80, 94, IN),
			  0xffffff00);
	ck_assert_uint_eq(waveform_pixel(&wave.uniform, 80, 93, IN), IN);
	ck_assert_uint_eq(waveform_pixel(&wave.uniform, 236, 0, IN),
			  0xffffff00);
	ck_assert_uint_eq(waveform_pixel(&wave.uniform, 236, 5, IN), IN);
}
END_TEST

/* The definition, a sine for each mark, at random times and amplitudes. */
START_TEST(wave_rows_are_the_sines)
{
	struct random random = random_init(seed, 1);
	union wave wave;
	int32_t i, round;

	for (round = 0; round < 20000; round++) {
		double amplitude = round % 4 ? 50 : random_unit(&random) * 4096;
		double t = round % 2 ? random_below(&random, 1000000) / 60.0
				     : random_unit(&random) * 1e12;

		if (round % 1000 == 0)
			amplitude = 0;
		wave_tick(&wave, 640, 480, amplitude, t);
		for (i = 0; i < 160; i++) {
			int y = (int)(240 + amplitude * sin((4 * i + 100 * t) *
							    0.02));

			y = y < 2 ? 2 : y > 477 ? 477 : y;
			if (wave.uniform.y[i] != y)
				ck_abort_msg("SEED=%llu mark %d, t %.17g: %d, "
					     "should be %d",
					     (unsigned long long)seed, i, t,
					     wave.uniform.y[i], y);
		}
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {markers_border_over_squares,
				      markers_pulse,
				      markers_in_the_smallest_frame,
				      wave_by_hand,
				      wave_runs_left,
				      wave_is_clamped,
				      wave_rows_are_the_sines,
				      NULL};

	seed = random_start();
	return suite_main("overlays", tests);
}

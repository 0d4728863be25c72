/*
 * tests/kernel/test_warp.c: where a picture's pixels go, by real numbers; which
 * corners show nothing; that no corners, grid or size makes a place overflow. That
 * span and run draw the same is in test_sample_nodes.c.
 */
#include <check.h>
#include <math.h>

#include "kernel/warp.h"
#include "tests/kernel/random.h"
#include "tests/kernel/suite.h"

#define SIDE_MAX 64
#define MARGIN	 0xff123456u
#define ROUNDS	 20000

static uint32_t memory[SIDE_MAX * SIDE_MAX];
static uint64_t seed;

static struct picture numbered(uint32_t width, uint32_t height)
{
	struct picture picture = {.width = width, .height = height};
	uint32_t i;

	picture.plane[0] = (unsigned char *)memory;
	picture.pitch[0] = (size_t)width * 4;
	for (i = 0; i < width * height; i++)
		memory[i] = color_rgb(i % width, i / width, i * 37 % 256);
	return picture;
}

static struct warp_uniform warp_of(struct node_size in, struct node_size frame,
				   struct warp_params params)
{
	const struct tick tick = {.width = frame.width,
				  .height = frame.height,
				  .input = &in};
	struct warp_uniform uniform;

	params.margin = MARGIN;
	memset(&uniform, 0x5a, sizeof(uniform));
	warp_tick(&params, &tick, NULL, &uniform);
	return uniform;
}

static const struct warp_params straight = {.corners = {0, 0, 1, 0, 1, 1, 0, 1}};

/* By the corners of the binding, and by a grid that leaves points in place. */
START_TEST(what_is_not_bent_is_the_picture_itself)
{
	static const uint32_t sizes[][2] = {{1, 1},   {1, 9},	{16, 16},
					    {17, 33}, {64, 3},	{63, 64}};
	struct warp_params params = straight;
	struct node_size size = {sizes[_i][0], sizes[_i][1]};
	struct picture in = numbered(size.width, size.height);
	int32_t x, y;

	for (params.grid = 0; params.grid < 2; params.grid++)
		for (params.filter = 0; params.filter < 2; params.filter++) {
			struct warp_uniform warp = warp_of(size, size, params);

			for (y = 0; y < (int32_t)size.height; y++)
				for (x = 0; x < (int32_t)size.width; x++)
					if (warp_pixel(&warp, x, y, &in) !=
					    memory[(uint32_t)y * size.width +
						   (uint32_t)x])
						ck_abort_msg("%d,%d", x, y);
		}
}
END_TEST

/* The picture's top left pixel, and the one to the right of it. */
START_TEST(corners_go_where_they_are_told)
{
	static const struct {
		double corners[8];
		int32_t first[2], second[2];
	} rows[] = {
		{{1, 0, 0, 0, 0, 1, 1, 1}, {31, 0}, {30, 0}}, /* mirrored */
		{{0, 1, 1, 1, 1, 0, 0, 0}, {0, 23}, {1, 23}}, /* flipped */
		{{1, 0, 1, 1, 0, 1, 0, 0}, {31, 0}, {31, 0}}, /* turned */
		{{0.5, 0.5, 1.5, 0.5, 1.5, 1.5, 0.5, 1.5}, {16, 12}, {17, 12}},
	};
	struct picture in = numbered(32, 24);
	struct node_size size = {32, 24};
	struct warp_params params = {.filter = 1};
	struct warp_uniform warp;

	memcpy(params.corners, rows[_i].corners, sizeof(params.corners));
	warp = warp_of(size, size, params);
	ck_assert_uint_eq(
		warp_pixel(&warp, rows[_i].first[0], rows[_i].first[1], &in),
		memory[0]);
	if (_i != 2)
		ck_assert_uint_eq(warp_pixel(&warp, rows[_i].second[0],
					     rows[_i].second[1], &in),
				  memory[1]);
	if (_i == 3)
		ck_assert_uint_eq(warp_pixel(&warp, 15, 12, &in), MARGIN);
}
END_TEST

START_TEST(corners_that_are_not_convex_show_nothing)
{
	static const double rows[][8] = {
		{0, 0, 0, 0, 0, 0, 0, 0},	/* a point */
		{0, 0, 1, 1, 0, 0, 1, 1},	/* a line, twice */
		{0, 0, 0.5, 0, 1, 0, 0, 1},	/* a triangle */
		{0, 0, 1, 0, 0, 1, 1, 1},	/* crossed */
		{0, 0, 1, 0, 0.25, 0.25, 0, 1}, /* an arrow */
		{0, 0, 1, 0, 1, 0, 0, 0},	/* flat */
		{-4, -4, 4, 4, -4, -4, 4, 4},
		{0, 0, 1e-9, 0, 1e-9, 1e-9, 0, 1e-9}, /* too small */
	};
	struct picture in = numbered(32, 24);
	struct node_size size = {32, 24};
	struct warp_params params = {.filter = 0};
	struct warp_uniform warp;
	int32_t x, y;

	memcpy(params.corners, rows[_i], sizeof(params.corners));
	warp = warp_of(size, size, params);
	for (y = 0; y < 24; y++)
		for (x = 0; x < 32; x++)
			if (warp_pixel(&warp, x, y, &in) != MARGIN)
				ck_abort_msg("%d,%d", x, y);
}
END_TEST

static struct warp_place place_at(const struct warp_uniform *warp, int32_t x,
				  int32_t y)
{
	int32_t first = x / WARP_STEP * WARP_STEP;
	struct warp_place from = warp_exact(warp, first, y);
	struct warp_place to = warp_exact(warp, first + WARP_STEP, y);

	return warp_even(warp, x, y, &from, &to);
}

/* From the unit square to the frame, by equations that are solved here: eight
 * unknowns, Gauss. */
static void solve(const double corners[8], double h[9])
{
	static const double s[4] = {0, 1, 1, 0}, t[4] = {0, 0, 1, 1};
	double m[8][9], swap;
	int i, j, k, best;

	for (i = 0; i < 4; i++)
		for (j = 0; j < 2; j++) {
			double at = corners[2 * i + j];
			double row[9] = {0, 0, 0, 0, 0, 0, -at * s[i],
					 -at * t[i], at};

			row[3 * j] = s[i];
			row[3 * j + 1] = t[i];
			row[3 * j + 2] = 1;
			memcpy(m[2 * i + j], row, sizeof(row));
		}
	for (i = 0; i < 8; i++) {
		for (best = i, j = i; j < 8; j++)
			best = fabs(m[j][i]) > fabs(m[best][i]) ? j : best;
		for (k = 0; k < 9; k++) {
			swap = m[i][k];
			m[i][k] = m[best][k];
			m[best][k] = swap;
		}
		for (j = 0; j < 8; j++)
			for (k = 8; j != i && k >= i; k--)
				m[j][k] -= m[i][k] * m[j][i] / m[i][i];
	}
	for (i = 0; i < 8; i++)
		h[i] = m[i][8] / m[i][i];
	h[8] = 1;
}

/* Every corner moved by up to a fifth: the pixel that shows a place of the picture
 * says so to an eighth of a pixel of the frame. */
START_TEST(places_are_those_of_real_numbers)
{
	const struct node_size size = {1920, 1080};
	struct random random = random_init(seed, 1);
	double h[9], corners[8];
	int i, j;

	for (i = 0; i < 400; i++) {
		struct warp_params params = straight;
		struct warp_uniform warp;

		for (j = 0; j < 8; j++) {
			params.corners[j] += random_unit(&random) * 0.4 - 0.2;
			corners[j] = params.corners[j] * (j % 2 ? 1080 : 1920);
		}
		warp = warp_of(size, size, params);
		solve(corners, h);
		for (j = 0; j < 200; j++) {
			int32_t x = (int32_t)random_below(&random, 1920);
			int32_t y = (int32_t)random_below(&random, 1080);
			struct warp_place place = place_at(&warp, x, y);
			double s = place.x / 256.0 / 1920;
			double t = place.y / 256.0 / 1080, by, dx, dy;

			if (!warp_has(&warp, x, y) || s < 0 || s > 1 || t < 0 ||
			    t > 1)
				continue;
			by = h[6] * s + h[7] * t + 1;
			dx = (h[0] * s + h[1] * t + h[2]) / by - (x + 0.5);
			dy = (h[3] * s + h[4] * t + h[5]) / by - (y + 0.5);
			if (fabs(dx) > 0.125 || fabs(dy) > 0.125)
				ck_abort_msg("SEED=%llu: %d,%d is off by %g, %g",
					     (unsigned long long)seed, x, y, dx,
					     dy);
		}
	}
}
END_TEST

/* Any corners, sizes and grids; the sanitizers look on. */
START_TEST(no_place_overflows)
{
	static const double edges[] = {-4, 4, 0, 1, 0.5, 1e-7};
	static const uint32_t sides[] = {1, 16, 17, 1920, 8191, 8192};
	struct random random = random_init(seed, 2);
	uint32_t i, j, shown = 0;

	for (i = 0; i < ROUNDS; i++) {
		struct node_size in = {sides[random_below(&random, 6)],
				       sides[random_below(&random, 6)]};
		struct node_size frame = {sides[1 + random_below(&random, 5)],
					  sides[1 + random_below(&random, 5)]};
		struct warp_params params = straight;
		struct warp_uniform warp;

		params.grid = (int32_t)random_below(&random, BAKED_GRIDS);
		for (j = 0; j < 8; j++)
			switch (random_below(&random, 4)) {
			case 0:
				params.corners[j] =
					edges[random_below(&random, 6)];
				break;
			case 1:
				params.corners[j] =
					random_unit(&random) * 8 - 4;
				break;
			case 2:
				params.corners[j] +=
					random_unit(&random) * 1e-3;
				break;
			}
		warp = warp_of(in, frame, params);
		shown += warp.right > warp.left;
		for (j = 0; j < 20; j++) {
			int32_t x = (int32_t)random_below(&random, frame.width);
			int32_t y = (int32_t)random_below(&random, frame.height);
			struct warp_place place;

			if (random_below(&random, 2))
				x = j & 1 ? (int32_t)frame.width - 1 : 0;
			if (random_below(&random, 2))
				y = j & 2 ? (int32_t)frame.height - 1 : 0;
			if (!warp_has(&warp, x, y))
				continue;
			place = place_at(&warp, x, y);
			if (abs(place.x) > WARP_FAR || abs(place.y) > WARP_FAR)
				ck_abort_msg("SEED=%llu: %d, %d",
					     (unsigned long long)seed, place.x,
					     place.y);
		}
	}
	ck_assert_uint_gt(shown, ROUNDS / 10);
}
END_TEST

/* The second sample grid: its first point is the picture's top left corner, and
 * the one below it lies beside the picture. */
START_TEST(a_grid_s_points_are_spread_over_the_frame)
{
	struct warp_params params = {.grid = 2};
	struct node_size in = {1000, 1000}, frame = {300, 200};
	struct warp_uniform warp = warp_of(in, frame, params);
	const int32_t *point;
	int32_t x, y;

	for (y = 0; y < 3; y++)
		for (x = 0; x < 4; x++) {
			struct warp_place place = warp_in_grid(
				&warp, x == 3 ? 299 : x * 100,
				y == 2 ? 199 : y * 100);

			point = baked_points() + 8 + 2 * (4 * y + x);
			ck_assert_int_le(
				abs(place.x - (int32_t)((int64_t)point[0] *
							256000 / BAKED_ONE)),
				256000 / 200);
			ck_assert_int_le(
				abs(place.y - (int32_t)((int64_t)point[1] *
							256000 / BAKED_ONE)),
				256000 / 200);
		}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("warp");
	TCase *tcase = tcase_create("warp");
	SRunner *runner;
	int failed;

	seed = random_start();
	tcase_add_loop_test(tcase, what_is_not_bent_is_the_picture_itself, 0,
			    6);
	tcase_add_loop_test(tcase, corners_go_where_they_are_told, 0, 4);
	tcase_add_loop_test(tcase, corners_that_are_not_convex_show_nothing, 0,
			    8);
	tcase_add_test(tcase, places_are_those_of_real_numbers);
	tcase_add_test(tcase, no_place_overflows);
	tcase_add_test(tcase, a_grid_s_points_are_spread_over_the_frame);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}

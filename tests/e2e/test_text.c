/*
 * tests/e2e/test_text.c: the demo's text, read back from its frames by OCR.
 *
 * Ten frames of various numbers and backgrounds must say "Frame: n" with their
 * own n; the rate line must show the nominal rate where the run is nominal,
 * also with the ball behind it. A frame that carries another frame's number
 * must be told apart, or none of this proves anything.
 */
#include <check.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/frames.h"
#include "tests/lib/ocr.h"
#include "tests/lib/process.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"

#define UPPER_HEIGHT 160 /* the boxes that text may touch */
#define LOWER_HEIGHT 64
#define BOX_WIDTH    640
#define SQUARE	     31 /* the corner squares are no text */

struct shot {
	unsigned char *pixels;
	uint32_t width, height;
};

/* Frame n of a demo program, by its snapshot; clock and two more options. */
static struct shot shoot(const char *name, int n, const char *clock,
			 const char *option)
{
	char *program = program_path(name), *path = scratch_path("shot.png");
	char ticks[16];
	struct process process;
	struct shot shot;

	snprintf(ticks, sizeof(ticks), "%d", n + 1);
	process_start(&process, NULL,
		      (const char *const[]){program, "--display", "headless",
					    "--clock", clock, "--ticks", ticks,
					    "--snapshot", path, option, NULL});
	process_expect(&process, 0);
	process_finish(&process);
	shot.pixels = png_read(path, &shot.width, &shot.height);
	free(path);
	free(program);
	return shot;
}

static bool skip(const char *test)
{
	const char *why;

	if (ocr_usable(&why))
		return false;
	suite_skip(test, why);
	return true;
}

/* A zero that stands alone is read as the letter by any reader. */
static char *with_zeros(char *text)
{
	for (char *at = text; *at; at++)
		if (*at == 'O' && (at == text || !isalpha(at[-1])) &&
		    !isalpha(at[1]))
			*at = '0';
	return text;
}

static char *lower_text(const struct shot *shot)
{
	struct ocr_box box = {SQUARE, shot->height - LOWER_HEIGHT,
			      BOX_WIDTH - 2 * SQUARE, LOWER_HEIGHT - 6};

	return with_zeros(ocr_read(shot->pixels, shot->width, box, OCR_WHITE));
}

/* The number after "Frame:"; -1 when the text does not say one. */
static long frame_number(const struct shot *shot)
{
	char *text = lower_text(shot);
	const char *at = strstr(text, "Frame:");
	long number = -1;
	char rest;

	if (!at || sscanf(at, "Frame: %ld%c", &number, &rest) != 1)
		printf("# lower text: \"%s\"\n", text);
	free(text);
	return number;
}

static const struct {
	const char *name;
	int n;
} frames[] = {
	{"demo-480p", 0},   {"demo-480p", 7},	{"demo-480p", 46},
	{"demo-480p", 139}, {"demo-480p", 258}, {"demo-480p", 308},
	{"demo-480p", 482}, {"demo-480p", 599}, {"demo", 123},
	{"demo-2160p", 29},
};

START_TEST(frame_says_its_number)
{
	struct shot shot;
	long said;

	if (skip("frame_says_its_number"))
		return;
	shot = shoot(frames[_i].name, frames[_i].n, "free", NULL);
	said = frame_number(&shot);
	ck_assert_msg(said == frames[_i].n, "%s: frame %d says %ld",
		      frames[_i].name, frames[_i].n, said);
	free(shot.pixels);
}
END_TEST

/* Frame 123 with the lower box of frame 128 says 128: the reader reads. */
START_TEST(a_planted_number_is_noticed)
{
	struct shot shot, other;
	size_t lower;

	if (skip("a_planted_number_is_noticed"))
		return;
	shot = shoot("demo-480p", 123, "free", NULL);
	other = shoot("demo-480p", 128, "free", NULL);
	lower = 4 * (size_t)shot.width * (shot.height - LOWER_HEIGHT);
	memcpy(shot.pixels + lower, other.pixels + lower,
	       4 * (size_t)shot.width * LOWER_HEIGHT);
	ck_assert_int_eq(frame_number(&shot), 128);
	memset(shot.pixels + lower, 0x66,
	       4 * (size_t)shot.width * LOWER_HEIGHT);
	ck_assert_int_eq(frame_number(&shot), -1);
	free(shot.pixels);
	free(other.pixels);
}
END_TEST

/* clang-format off */
static const struct {
	const char *name;
	int n;
	const char *clock, *option;
	const char *says[4];
} upper[] = {
	{"demo-480p", 275, "free", NULL,
	 {"FPS: 60.0", "dt: 16.7 ms", "640x480", "late: 0 skipped: 0"}},
	{"demo", 40, "timer", "--nominal",
	 {"FPS: 60.0", "dt: 16.7 ms", "1920x1080", "late: 0 skipped: 0"}},
	{"demo-5994", 40, "free", NULL,
	 {"FPS: 59.9", "dt: 16.7 ms", "1920x1080", "late: 0 skipped: 0"}},
	/* Measured, so no figure is sure; but the backend is named. */
	{"demo-480p", 40, "timer", NULL,
	 {"FPS: ", "dt: ", "cpu: 640x480", "late: "}},
};
/* clang-format on */

START_TEST(upper_box_says_how_it_runs)
{
	struct ocr_box box = {SQUARE, 6, BOX_WIDTH - 2 * SQUARE,
			      UPPER_HEIGHT - 6};
	struct shot shot;
	char *text;

	if (skip("upper_box_says_how_it_runs"))
		return;
	shot = shoot(upper[_i].name, upper[_i].n, upper[_i].clock,
		     upper[_i].option);
	text = with_zeros(ocr_read(shot.pixels, shot.width, box, OCR_BRIGHT));
	for (size_t i = 0; i < 4 && upper[_i].says[i]; i++)
		ck_assert_msg(strstr(text, upper[_i].says[i]),
			      "%s: no \"%s\" in \"%s\"", upper[_i].name,
			      upper[_i].says[i], text);
	free(text);
	free(shot.pixels);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("text");
	TCase *text = tcase_create("text");

	tcase_set_timeout(text, 120);
	tcase_add_loop_test(text, frame_says_its_number, 0,
			    sizeof(frames) / sizeof(frames[0]));
	tcase_add_test(text, a_planted_number_is_noticed);
	tcase_add_loop_test(text, upper_box_says_how_it_runs, 0,
			    sizeof(upper) / sizeof(upper[0]));
	suite_add_tcase(s, text);
	return s;
}

int main(void)
{
	return suite_run(suite());
}

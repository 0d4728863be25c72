/*
 * tests/lib/ocr.c: see ocr.h.
 *
 * The box is turned into dark ink on white paper, enlarged and framed, as the
 * program expects of a scanned page.
 */
#define _GNU_SOURCE
#include "tests/lib/ocr.h"

#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/process.h"
#include "tests/lib/scratch.h"

#define ENLARGE 3
#define MARGIN	40

bool ocr_usable(const char **why)
{
	static const char *const argv[] = {"tesseract", "--version", NULL};
	struct process process;
	int status = process_run(&process, argv);

	process_finish(&process);
	*why = "tesseract is not installed";
	return status == 0;
}

/* 0 no ink, 255 all ink. */
static int ink_of(const unsigned char *pixel, enum ocr_ink ink)
{
	int low = pixel[0], high = pixel[0];

	for (int c = 1; c < 3; c++) {
		low = pixel[c] < low ? pixel[c] : low;
		high = pixel[c] > high ? pixel[c] : high;
	}
	if (ink == OCR_WHITE)
		return low > 128 ? (low - 128) * 2 : 0;
	return high > 208 ? (high - 208) * 5 : 0;
}

/* The paper's brightness at an enlarged point, between four pixels. */
static int paper(const unsigned char *frame, uint32_t width,
		 const struct ocr_box *box, enum ocr_ink ink, uint32_t x,
		 uint32_t y)
{
	int sum = 0;

	for (uint32_t corner = 0; corner < 4; corner++) {
		uint32_t px = x / ENLARGE + (corner & 1);
		uint32_t py = y / ENLARGE + (corner >> 1);
		uint32_t fx = x % ENLARGE, fy = y % ENLARGE;
		uint32_t weight = (corner & 1 ? fx : ENLARGE - fx) *
				  (corner >> 1 ? fy : ENLARGE - fy);

		if (px >= box->width || py >= box->height)
			continue;
		sum += (int)weight *
		       ink_of(frame + 4 * ((box->y + py) * (size_t)width +
					   box->x + px),
			      ink);
	}
	sum /= ENLARGE * ENLARGE;
	return sum > 255 ? 0 : 255 - sum;
}

static void write_page(const char *path, const unsigned char *frame,
		       uint32_t width, const struct ocr_box *box,
		       enum ocr_ink ink)
{
	uint32_t w = box->width * ENLARGE, h = box->height * ENLARGE;
	FILE *file = fopen(path, "wb");

	ck_assert_ptr_nonnull(file);
	fprintf(file, "P5\n%u %u\n255\n", w + 2 * MARGIN, h + 2 * MARGIN);
	for (uint32_t y = 0; y < h + 2 * MARGIN; y++) {
		for (uint32_t x = 0; x < w + 2 * MARGIN; x++) {
			bool inside = x >= MARGIN && x < MARGIN + w &&
				      y >= MARGIN && y < MARGIN + h;

			putc(inside ? paper(frame, width, box, ink, x - MARGIN,
					    y - MARGIN)
				    : 255,
			     file);
		}
	}
	ck_assert(!fclose(file));
}

char *ocr_read(const unsigned char *frame, uint32_t width, struct ocr_box box,
	       enum ocr_ink ink)
{
	char *path = scratch_path("page.pgm"), *text;
	struct process process;
	size_t length;

	write_page(path, frame, width, &box, ink);
	setenv("OMP_THREAD_LIMIT", "1", 1);
	process_start(&process, NULL,
		      (const char *const[]){"tesseract", path, "stdout",
					    "--psm", "6", "--dpi", "200",
					    NULL});
	process_expect(&process, 0);
	text = strdup(process.out);
	ck_assert_ptr_nonnull(text);
	length = strlen(text);
	while (length && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
	process_finish(&process);
	free(path);
	return text;
}

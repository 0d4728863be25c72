/*
 * tests/reference/demo_reference.c: the demo picture as a program.
 *
 *   demo_reference WIDTH HEIGHT NUM DEN TICKS > frames.raw
 *   demo_reference WIDTH HEIGHT NUM DEN TICKS --compare frames.raw
 *
 * Writes raw frames (without text), or compares a recording of the demo graph
 * with them outside the text boxes: exit 0 equal, 1 different (the first
 * different tick, x, y, expected and got are printed), 2 bad use or an
 * unreadable file. The picture itself is in demo_picture.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/reference/demo_picture.h"

struct job {
	int32_t width, height;
	uint32_t num, den;
	uint64_t ticks;
	const char *recording; /* NULL: write */
};

static void use(void)
{
	fputs("use: demo_reference WIDTH HEIGHT NUM DEN TICKS [--compare "
	      "FILE]\n"
	      "     WIDTH 80..8192, HEIGHT 80..8192, NUM and DEN 1..1000000\n",
	      stderr);
	exit(2);
}

static uint64_t number(const char *text, uint64_t min, uint64_t max)
{
	char *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || end == text || *end || value < min || value > max)
		use();
	return value;
}

static struct job read_options(int argc, char **argv)
{
	struct job job = {0};

	if (argc != 6 && !(argc == 8 && !strcmp(argv[6], "--compare")))
		use();
	job.width = (int32_t)number(argv[1], 80, DEMO_PICTURE_WIDTH_MAX);
	job.height = (int32_t)number(argv[2], 80, 8192);
	job.num = (uint32_t)number(argv[3], 1, 1000000);
	job.den = (uint32_t)number(argv[4], 1, 1000000);
	job.ticks = number(argv[5], 0, UINT32_MAX);
	job.recording = argc == 8 ? argv[7] : NULL;
	return job;
}

static int write_frames(const struct job *job, struct demo_picture *picture,
			unsigned char *frame, size_t bytes)
{
	for (uint64_t n = 0; n < job->ticks; n++) {
		demo_picture_set(picture, job->width, job->height, n, job->num,
				 job->den);
		demo_picture_draw(picture, frame);
		if (fwrite(frame, 1, bytes, stdout) != bytes) {
			perror("demo_reference: standard output");
			return 2;
		}
	}
	return fflush(stdout) ? 2 : 0;
}

static int compare_frames(const struct job *job, struct demo_picture *picture,
			  unsigned char *frame, size_t bytes, FILE *file)
{
	struct demo_difference d;

	for (uint64_t n = 0; n < job->ticks; n++) {
		size_t got = fread(frame, 1, bytes, file);

		if (got != bytes) {
			printf("%s: tick %" PRIu64
			       ": ends after %zu of %zu bytes\n",
			       job->recording, n, got, bytes);
			return 1;
		}
		demo_picture_set(picture, job->width, job->height, n, job->num,
				 job->den);
		if (!demo_picture_equals(picture, frame, &d)) {
			printf("%s: tick %" PRIu64 ", x %d, y %d: expected "
			       "%08x, got %08x\n",
			       job->recording, n, d.x, d.y, d.expected, d.got);
			return 1;
		}
	}
	if (fgetc(file) != EOF) {
		printf("%s: longer than %" PRIu64 " frames\n", job->recording,
		       job->ticks);
		return 1;
	}
	return 0;
}

static int compare_file(const struct job *job, struct demo_picture *picture,
			unsigned char *frame, size_t bytes)
{
	FILE *file = fopen(job->recording, "rb");
	int status;

	if (!file) {
		fprintf(stderr, "demo_reference: %s: %s\n", job->recording,
			strerror(errno));
		return 2;
	}
	status = compare_frames(job, picture, frame, bytes, file);
	fclose(file);
	return status;
}

int main(int argc, char **argv)
{
	static struct demo_picture picture;
	struct job job = read_options(argc, argv);
	size_t bytes = (size_t)job.width * (size_t)job.height * 4;
	unsigned char *frame = malloc(bytes);
	int status;

	if (!frame) {
		fprintf(stderr, "demo_reference: no memory for a frame\n");
		return 2;
	}
	if (job.recording)
		status = compare_file(&job, &picture, frame, bytes);
	else
		status = write_frames(&job, &picture, frame, bytes);
	free(frame);
	return status;
}

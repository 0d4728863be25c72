/*
 * tests/drivers/fuzz_file.c: libFuzzer's entry into the file source: the first
 * byte of an input chooses what the graph's source is, the rest is the file; it
 * is opened and all of its frames are read. tests/drivers/fuzz.sh builds and
 * runs it.
 *
 * What a file says must not lead anywhere: a refusal names it in one line, what
 * opens has frames that can be read.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "drivers/source/file/clip.h"

#define WIDTH	   5
#define HEIGHT	   3
#define FRAMES_MAX 50

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned char memory[4096];
static char path[64];
static int fd;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fd = memfd_create("clip", 0);
	if (fd < 0)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return 0;
}

/* A frame that was counted is there; what it begins with may be no frame's line,
 * since only the last one is looked at when the frames have one length. */
static void fuzz_frame(struct clip *clip, uint64_t number,
		       const struct picture *picture)
{
	int error = clip_read(clip, number, picture);

	if (error && error != -EBADMSG)
		abort();
}

static void fuzz_read(struct clip *clip, const struct picture *picture)
{
	uint64_t number, count = clip->count;
	char why[320] = "";
	int error;

	if (!count)
		abort();
	if (clip->fill == CLIP_STILL) {
		error = clip_read_still(clip, picture, why, sizeof(why));
		if (!error != !*why)
			abort();
		return;
	}
	for (number = 0; number < count && number < FRAMES_MAX; number++)
		fuzz_frame(clip, number, picture);
	fuzz_frame(clip, 0, picture);
	fuzz_frame(clip, count - 1, picture);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct graph_source graph = {
		.name = "clip", .width = WIDTH, .height = HEIGHT};
	struct picture picture;
	struct clip clip;
	char why[320] = "";
	int error;

	if (size < 1)
		return 0;
	graph.format = (enum graph_format)(data[0] % GRAPH_FORMAT_COUNT);
	if (graph_picture(&picture, graph.format, WIDTH, HEIGHT, memory) >
	    sizeof(memory))
		abort();
	if (ftruncate(fd, 0) ||
	    pwrite(fd, data + 1, size - 1, 0) != (ssize_t)(size - 1))
		abort();
	error = clip_open(&clip, path, &graph, why, sizeof(why));
	if (!error != !*why || strchr(why, '\n'))
		abort();
	if (error)
		return 0;
	fuzz_read(&clip, &picture);
	clip_close(&clip);
	return 0;
}

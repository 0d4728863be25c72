/*
 * tests/drivers/test_record_snapshot.c: a snapshot is the image, read back
 * with libpng's simplified reader; and whatever goes wrong, the file that was
 * there before is still there and nothing is left beside it.
 */
#define _GNU_SOURCE
#include <check.h>
#include <dirent.h>
#include <png.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/record/snapshot.h"

#define FOLDER "/tmp/tickline-snapshot-XXXXXX"

static char folder[] = FOLDER;
static char path[128], message[512];

static void setup(void)
{
	memcpy(folder, FOLDER, sizeof(folder));
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/shot.png", folder);
}

static void teardown(void)
{
	unlink(path);
	ck_assert_msg(rmdir(folder) == 0, "something is left in %s", folder);
}

static struct image make_image(uint32_t width, uint32_t height, size_t pitch)
{
	struct image image = {.base = aligned_alloc(16, pitch * height),
			      .pitch = pitch,
			      .width = width,
			      .height = height};
	uint32_t noise = 1;
	size_t i;

	for (i = 0; i < pitch * height; i++) {
		noise = noise * 1664525 + 1013904223; /* hardly compresses */
		image.base[i] = (unsigned char)(noise >> 24);
	}
	return image;
}

/* Every pixel's blue, green and red; the fourth byte is not in the file. */
static void check_png(const struct image *image)
{
	png_image png = {.version = PNG_IMAGE_VERSION};
	unsigned char *pixels;
	uint32_t x, y;

	ck_assert_msg(png_image_begin_read_from_file(&png, path), "%s",
		      png.message);
	ck_assert_uint_eq(png.width, image->width);
	ck_assert_uint_eq(png.height, image->height);
	ck_assert_msg(!(png.format & PNG_FORMAT_FLAG_ALPHA), "has alpha");
	png.format = PNG_FORMAT_BGR;
	pixels = malloc(PNG_IMAGE_SIZE(png));
	ck_assert_msg(png_image_finish_read(&png, NULL, pixels, 0, NULL), "%s",
		      png.message);
	for (y = 0; y < image->height; y++)
		for (x = 0; x < image->width; x++)
			ck_assert_mem_eq(
				pixels + 3 * ((size_t)y * image->width + x),
				image->base + y * image->pitch + 4 * (size_t)x,
				3);
	free(pixels);
}

static const struct {
	uint32_t width, height;
	size_t pitch;
} sizes[] = {{16, 16, 64}, {17, 5, 128}, {1, 1, 16}, {640, 480, 2816}};

START_TEST(the_file_is_the_image)
{
	struct image image =
		make_image(sizes[_i].width, sizes[_i].height, sizes[_i].pitch);

	ck_assert_msg(snapshot_write(path, &image, message, sizeof(message)),
		      "%s", message);
	check_png(&image);
	free(image.base);
}
END_TEST

START_TEST(a_file_in_this_folder_needs_no_slash)
{
	struct image image = make_image(16, 16, 64);

	ck_assert_int_eq(chdir(folder), 0);
	ck_assert_int_eq(snapshot_check("shot.png", message, sizeof(message)),
			 EXIT_STATUS_OK);
	ck_assert(snapshot_write("shot.png", &image, message, sizeof(message)));
	check_png(&image);
	free(image.base);
}
END_TEST

START_TEST(check_creates_nothing)
{
	ck_assert_int_eq(snapshot_check(path, message, sizeof(message)),
			 EXIT_STATUS_OK);
	ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(an_old_picture_is_replaced_in_one_step)
{
	struct image image = make_image(16, 16, 64);
	struct stat before, after;
	FILE *reader;
	char first;

	reader = fopen(path, "w+");
	fputs("old", reader);
	fflush(reader);
	ck_assert_int_eq(stat(path, &before), 0);
	ck_assert(snapshot_write(path, &image, message, sizeof(message)));
	check_png(&image);
	/* who had the old one open still reads all of it */
	ck_assert_int_eq(stat(path, &after), 0);
	ck_assert(before.st_ino != after.st_ino);
	rewind(reader);
	first = (char)fgetc(reader);
	ck_assert_int_eq(first, 'o');
	fclose(reader);
	free(image.base);
}
END_TEST

START_TEST(the_mode_follows_the_umask)
{
	struct image image = make_image(16, 16, 64);
	struct stat status;

	umask(027);
	ck_assert(snapshot_write(path, &image, message, sizeof(message)));
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 0777, 0640);
	free(image.base);
}
END_TEST

/* What a killed run of the same process id left behind is stepped over. */
START_TEST(leftovers_do_not_stop_it)
{
	struct image image = make_image(16, 16, 64);
	char left[160];

	snprintf(left, sizeof(left), "%s/.snapshot-%ld-0", folder,
		 (long)getpid());
	ck_assert_int_eq(symlink("/nonexistent", left), 0);
	ck_assert(snapshot_write(path, &image, message, sizeof(message)));
	check_png(&image);
	ck_assert_int_eq(unlink(left), 0);
	free(image.base);
}
END_TEST

/* clang-format off */
static const struct {
	const char *path, *named;
	enum exit_status status;
} refused[] = {
	{"/nonexistent/shot.png",	"no such folder",	EXIT_STATUS_USAGE},
	{"/tmp",			"is a folder",		EXIT_STATUS_USAGE},
	{"/tmp/",			"is a folder",		EXIT_STATUS_USAGE},
	{"/dev/null",			"not a regular file",	EXIT_STATUS_USAGE},
	{"/dev/null/shot.png",		"part of the path",	EXIT_STATUS_USAGE},
	{"",				"no such folder",	EXIT_STATUS_USAGE},
};
/* clang-format on */

START_TEST(refusals)
{
	struct image image = make_image(16, 16, 64);
	struct stat status;

	ck_assert_int_eq(
		snapshot_check(refused[_i].path, message, sizeof(message)),
		refused[_i].status);
	ck_assert_ptr_nonnull(strstr(message, "--snapshot "));
	ck_assert_ptr_nonnull(strstr(message, refused[_i].named));
	ck_assert(!snapshot_write(refused[_i].path, &image, message,
				  sizeof(message)));
	ck_assert_ptr_nonnull(strstr(message, refused[_i].named));
	ck_assert_int_eq(stat("/dev/null", &status), 0);
	ck_assert_msg(S_ISCHR(status.st_mode), "/dev/null was replaced");
	free(image.base);
}
END_TEST

START_TEST(a_full_disk_keeps_the_old_picture)
{
	static const rlim_t limits[] = {0, 1, 100, 5000, 20000};
	struct image old = make_image(16, 16, 64);
	struct image image = make_image(640, 480, 2560);
	struct rlimit limit;
	rlim_t before;
	bool written;

	ck_assert(snapshot_write(path, &old, message, sizeof(message)));
	signal(SIGXFSZ, SIG_IGN); /* as a full disk: an error, no signal */
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	before = limit.rlim_cur;
	limit.rlim_cur = limits[_i];
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	written = snapshot_write(path, &image, message, sizeof(message));
	limit.rlim_cur = before; /* Check writes its results to a file */
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert(!written);
	ck_assert_ptr_nonnull(strstr(message, path));
	check_png(&old);
	free(old.base);
	free(image.base);
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof((rows)[0])))

int main(void)
{
	Suite *suite = suite_create("snapshot");
	TCase *tests = tcase_create("snapshot");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, the_file_is_the_image, 0, COUNT(sizes));
	tcase_add_test(tests, a_file_in_this_folder_needs_no_slash);
	tcase_add_test(tests, check_creates_nothing);
	tcase_add_test(tests, an_old_picture_is_replaced_in_one_step);
	tcase_add_test(tests, the_mode_follows_the_umask);
	tcase_add_test(tests, leftovers_do_not_stop_it);
	tcase_add_loop_test(tests, refusals, 0, COUNT(refused));
	tcase_add_loop_test(tests, a_full_disk_keeps_the_old_picture, 0, 5);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}

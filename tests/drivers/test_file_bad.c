/*
 * tests/drivers/test_file_bad.c: files that the file source does not take: each
 * is refused with one line that names the file and says the way out, and
 * nothing is left open. What libpng reads is in test_file_still.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <dirent.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/drivers/file_rig.h"
#include "tests/runtime/run_suite.h"

#define Y4M "YUV4MPEG2 "

static int open_files(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

/* The line begins with the file's name and has `why` in it. */
static void check_refused(int error, int wanted, const char *name,
			  const char *why)
{
	const char *path = rig_path(name);

	ck_assert_msg(error == wanted, "%s: %d (%s)", name, error, rig_refusal);
	ck_assert_msg(!strncmp(rig_refusal, path, strlen(path)),
		      "%s: not named: %s", name, rig_refusal);
	ck_assert_msg(strstr(rig_refusal, why), "%s: %s", name, rig_refusal);
	ck_assert_msg(!strchr(rig_refusal, '\n'), "%s: lines", name);
	ck_assert_ptr_null(rig_source.state);
}

/* ---- its content ---------------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char *name, *text, *format, *why;
} contents[] = {
	/* NV12 of 4x4 has 24 bytes */
	{"a.y4m", "RIFF and so on", "NV12", "first line is not YUV4MPEG2"},
	{"a.y4m", "YUV4MPEG2", "NV12", "first line is not YUV4MPEG2"},
	{"a.y4m", Y4M "W4 H4 F25:1", "NV12", "first line is not YUV4MPEG2"},
	{"a.y4m", "YUV4MPEG22 W4 H4\n", "NV12", "goes on with"},
	{"a.y4m", Y4M "H4\nFRAME\n", "NV12", "no width"},
	{"a.y4m", Y4M "W4\nFRAME\n", "NV12", "no width or no height"},
	{"a.y4m", Y4M "W H4\nFRAME\n", "NV12", "width \"\""},
	{"a.y4m", Y4M "W-4 H4\nFRAME\n", "NV12", "width \"-4\""},
	{"a.y4m", Y4M "W4 H99999999999999999999\n", "NV12", "height \"9999"},
	{"a.y4m", Y4M "W4 H4 F25\nFRAME\n0123", "NV12", "no whole frame"},
	{"a.y4m", Y4M "W4 H4 F0:1\nFRAME\n", "NV12", "rate \"0:1\""},
	{"a.y4m", Y4M "W4 H4 F1001:1\nFRAME\n", "NV12", "rate \"1001:1\""},
	{"a.y4m", Y4M "W4 H4 Fx\nFRAME\n", "NV12", "rate \"x\""},
	{"a.y4m", Y4M "W4 H4 C420p10\nFRAME\n", "NV12",
		"not chroma \"420p10\": convert it to y4m of 8 bits"},
	{"a.y4m", Y4M "W4 H4 C411\nFRAME\n", "NV12", "not chroma \"411\""},
	{"a.y4m", Y4M "W4 H4 C\nFRAME\n", "NV12", "not chroma \"\""},
	{"a.y4m", Y4M "W4 H4 XCOLORRANGE=WIDE\nFRAME\n", "NV12",
		"range \"COLORRANGE=WIDE\""},
	{"a.y4m", Y4M "W6 H4\nFRAME\n", "NV12",
		"is 6x4, the graph's source has 4x4: say size: 6x4 there"},
	{"a.y4m", Y4M "W4 H4 C422\nFRAME\n", "NV12",
		"chroma 422, the graph's source has format NV12: say format: "
		"YUYV or UYVY there"},
	{"a.y4m", Y4M "W4 H4 C420mpeg2\nFRAME\n", "XRGB8888",
		"say format: NV12 or I420 there"},
	{"a.y4m", Y4M "W4 H4 C444\nFRAME\n", "YUYV",
		"say format: XRGB8888 or XBGR8888 or RGB888"},
	{"a.y4m", Y4M "W4 H4 Cmono\nFRAME\n", "RGB565", "say format: GREY or"},
	{"a.y4m", Y4M "W4 H4\n", "NV12", "no whole frame"},
	{"a.y4m", Y4M "W4 H4\nFRAME\n0123456789", "NV12", "no whole frame"},
	{"a.y4m", Y4M "W4 H4\nFRAMES\n0123456789abcdef01234567", "NV12",
		"no whole frame"},
	{"a.y4m", Y4M "W4 H4\n\nFRAME\n0123456789abcdef01234567", "NV12",
		"no whole frame"},
	{"a.raw", "0123456789abcdef012345678", "NV12",
		"25 bytes are no whole frames: the graph's source has format "
		"NV12, size 4x4, 24 bytes a frame: say the file's there; or "
		"truncate -s 24, if it was cut off"},
	{"a.raw", "0123456789", "NV12", "24 bytes a frame: say the file's there"},
	{"a.png", "0123456789abcdef01234567", "NV12", "is no PNG: make it again"},
	{"a.png", "\x89PNG\r\n\x1a\nrubbish", "NV12",
		"is a PNG, the graph's source has format NV12: say format: XRGB8888"},
	{"a.png", "\x89PNG\r\n\x1a\n", "XRGB8888", "damaged PNG"},
	{"a.png", "\x89PNG\r\n\x1a\nrubbish and more", "XRGB8888", "damaged PNG"},
	{"a", "", "NV12", "is empty: name one with a picture in it"},
};
/* clang-format on */

START_TEST(content)
{
	int before = open_files();

	rig_write(contents[_i].name, contents[_i].text,
		  strlen(contents[_i].text));
	check_refused(rig_open(contents[_i].name, "", contents[_i].format, 4, 4),
		      -EINVAL, contents[_i].name, contents[_i].why);
	ck_assert_int_eq(open_files(), before);
}
END_TEST

/* A line that does not end is not read for ever, nor is a frame's. */
START_TEST(endless_lines)
{
	static char text[5000];

	memset(text, ' ', sizeof(text));
	memcpy(text, Y4M "W4 H4", strlen(Y4M "W4 H4"));
	text[1024] = '\n';
	rig_write("a.y4m", text, sizeof(text));
	check_refused(rig_open("a.y4m", "", "NV12", 4, 4), -EINVAL, "a.y4m",
		      "first line is not YUV4MPEG2");
	text[20] = '\n';
	memcpy(text + 21, "FRAME ", 6);
	text[21 + 256] = '\n';
	rig_write("a.y4m", text, sizeof(text));
	check_refused(rig_open("a.y4m", "", "NV12", 4, 4), -EINVAL, "a.y4m",
		      "no whole frame");
	text[21 + 255] = '\n';
	rig_write("a.y4m", text, 21 + 256 + 24);
	ck_assert_int_eq(rig_open("a.y4m", "", "NV12", 4, 4), 0);
	file_source.close(&rig_source);
}
END_TEST

/* ---- what is there -------------------------------------------------------------- */

static void make_nothing(const char *path)
{
	(void)path;
}

static void make_folder(const char *path)
{
	ck_assert_int_eq(mkdir(path, 0700), 0);
}

static void make_fifo(const char *path)
{
	ck_assert_int_eq(mkfifo(path, 0700), 0);
}

static void make_device(const char *path)
{
	ck_assert_int_eq(symlink("/dev/zero", path), 0);
}

static void make_circle(const char *path)
{
	ck_assert_int_eq(symlink(path, path), 0);
}

static void make_below_a_file(const char *path)
{
	char file[600];

	snprintf(file, sizeof(file), "%s", path);
	*strrchr(file, '/') = '\0';
	ck_assert_ptr_nonnull(freopen(file, "wb", stdin));
}

static const struct {
	const char *name;
	void (*make)(const char *path);
	const char *why;
} objects[] = {
	{"gone.y4m", make_nothing, "there is no such file: say the whole path"},
	{"folder", make_folder, "is a folder: name a file in it"},
	{"fifo", make_fifo, "is not a regular file: write what comes out"},
	{"device", make_device, "is not a regular file"},
	{"circle", make_circle, "leads in a circle"},
	{"file/below", make_below_a_file, "a part of the path is a file"},
};

START_TEST(object)
{
	int before;

	objects[_i].make(rig_path(objects[_i].name));
	before = open_files();
	check_refused(rig_open(objects[_i].name, "", "NV12", 4, 4), -EINVAL,
		      objects[_i].name, objects[_i].why);
	ck_assert_int_eq(open_files(), before);
}
END_TEST

/* Read permission is for those who are not root. */
START_TEST(permission)
{
	rig_write("secret.raw", "0123456789abcdef01234567", 24);
	ck_assert_int_eq(chmod(rig_path("secret.raw"), 0), 0);
	ck_assert_int_eq(chmod(rig_folder, 0755), 0);
	if (!geteuid())
		ck_assert_int_eq(seteuid(65534), 0);
	check_refused(rig_open("secret.raw", "", "NV12", 4, 4), -EACCES,
		      "secret.raw", "permission denied: chmod a+r it");
	if (!getuid())
		ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

START_TEST(no_files_left)
{
	struct rlimit limit = {3, 3};

	rig_write("a.raw", "0123456789abcdef01234567", 24);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = 3;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	check_refused(rig_open("a.raw", "", "NV12", 4, 4), -EMFILE, "a.raw",
		      "too many open files: raise the limit");
	limit.rlim_cur = limit.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}
END_TEST

/* ---- settings --------------------------------------------------------------------- */

static const struct {
	const char *settings, *why;
} settings[] = {
	{NULL, "which file? it takes path=FILE"},
	{"", "which file?"},
	{"loop", "which file?"},
	{"path=", "which file?"},
	{"/a/file.y4m", "\"/a/file.y4m\": it takes path=FILE"},
	{"path=/x,lop", "\"lop\": it takes path=FILE, loop"},
	{"path=/x,", "/x: there is no such file"},
	{"path=/x,loop=1", "\"loop=1\""},
	{"path=/x,rate=0", "\"rate=0\""},
	{"path=/x,rate=", "\"rate=\""},
	{"path=/x,rate=1001", "\"rate=1001\": it takes path=FILE, loop and "
			      "rate=N or rate=N/D, at most 1000"},
	{"path=/x,y,loop", "\"y\": it takes path=FILE, loop and rate=N or "
			   "rate=N/D, at most 1000 a second; a comma in a path "
			   "is written twice"},
	{"path=/x,,y,loop", "/x,y: there is no such file"},
	{"path=/x,,,,,loop", "/x,,: there is no such file"},
	{"loop,path=/x,,", "/x,: there is no such file"},
};

START_TEST(setting)
{
	ck_assert_int_eq(rig_open_settings(settings[_i].settings, "NV12", 4, 4,
					   false),
			 -EINVAL);
	ck_assert_msg(strstr(rig_refusal, settings[_i].why), "%s: %s",
		      settings[_i].settings, rig_refusal);
	ck_assert_ptr_null(rig_source.state);
}
END_TEST

START_TEST(a_long_path)
{
	static char text[3000];

	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "path=/", 6);
	ck_assert_int_eq(rig_open_settings(text, "NV12", 4, 4, false), -EINVAL);
	ck_assert_msg(strstr(rig_refusal, "path is too long"), "%s",
		      rig_refusal);
	text[900] = '\0';
	ck_assert_int_eq(rig_open_settings(text, "NV12", 4, 4, false), -EINVAL);
	ck_assert_msg(strstr(rig_refusal, "name is too long"), "%s",
		      rig_refusal);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static void add(TCase *tests)
{
	tcase_add_checked_fixture(tests, rig_setup, rig_teardown);
	tcase_add_loop_test(tests, content, 0, COUNT(contents));
	tcase_add_test(tests, endless_lines);
	tcase_add_loop_test(tests, object, 0, COUNT(objects));
	tcase_add_test(tests, permission);
	tcase_add_test(tests, no_files_left);
	tcase_add_loop_test(tests, setting, 0, COUNT(settings));
	tcase_add_test(tests, a_long_path);
}

int main(void)
{
	return run_suite("files that the file source refuses", add);
}

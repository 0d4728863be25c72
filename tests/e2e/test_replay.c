/*
 * tests/e2e/test_replay.c: a show of a thousand changes, recorded while it was
 * live, is the same bytes each time it is repeated, on the CPU and with the fake
 * GPU; what --replay and --control-log refuse.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/lib/fake_cuda.h"
#include "tests/lib/graphs.h"
#include "tests/lib/report.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"

#define TICKS_MAX     400 /* the fake GPU is slow */
#define CHANGES	     1000
#define CONNECT_TRIES 3000 /* of 10 ms */

/* ---- a director -------------------------------------------------------------------- */

static int join(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), tries;

	snprintf(address.sun_path, sizeof(address.sun_path),
		 "%s/tickline/%s.sock", getenv("XDG_RUNTIME_DIR"), name);
	for (tries = 0; tries < CONNECT_TRIES; tries++) {
		if (!connect(fd, (void *)&address, sizeof(address)))
			return fd;
		sleep_ms(10);
	}
	ck_abort_msg("%s: nobody listens", address.sun_path);
	return -1;
}

/* Its code. */
static int ask(int fd, const char *request)
{
	static char text[65536];
	json_t *answer;
	ssize_t got;
	int code;

	ck_assert_int_eq(send(fd, request, strlen(request), MSG_NOSIGNAL),
			 (int)strlen(request));
	got = recv(fd, text, sizeof(text), 0);
	ck_assert_int_gt(got, 0);
	answer = json_loadb(text, (size_t)got, 0, NULL);
	code = (int)json_integer_value(json_object_get(answer, "code"));
	json_decref(answer);
	return code;
}

/* Any change of the show's graph, now or soon. */
static void make_change(char *request, size_t bytes, int i)
{
	static const char *const eases[] = {"linear", "cubic", "sine-in",
					    "quad-out"};
	int soon = rand() % 40, at = rand() % 3 ? soon % 6 : soon;

	switch (rand() % 5) {
	case 0:
		snprintf(request, bytes,
			 "{\"verb\":\"set\",\"set\":{\"third.title\":\"n %d\","
			 "\"third.subtitle\":\"\\u00c4 = %d, \\\"\"},\"at\":\"+%d\"}",
			 i, i, at);
		break;
	case 1:
		snprintf(request, bytes,
			 "{\"verb\":\"toggle\",\"params\":[\"third.visible\"],"
			 "\"at\":\"+%d\",\"hold\":%d}",
			 at, rand() % 2 * 20);
		break;
	case 2:
		snprintf(request, bytes,
			 "{\"verb\":\"set\",\"set\":{\"mark.radius\":%d,"
			 "\"third.bar\":\"#%06x80\"},\"over\":%d,\"ease\":\"%s\"}",
			 1 + rand() % 60, rand() % 0xffffff, 1 + rand() % 30,
			 eases[rand() % 4]);
		break;
	case 3:
		snprintf(request, bytes,
			 "{\"verb\":\"set\",\"set\":{\"both.size\":[%d,%d]},"
			 "\"hold\":%d}",
			 16 + rand() % 60, 16 + rand() % 40, rand() % 9);
		break;
	default:
		snprintf(request, bytes,
			 "{\"verb\":\"set\",\"set\":{\"mark.velocity\":[%d.5,-%d]},"
			 "\"over\":\"200ms\"}",
			 rand() % 900, rand() % 900);
		break;
	}
}

/* As fast as changes are taken; how many were. */
static int direct(int fd)
{
	char request[512];
	int i, done = 0;

	srand(7);
	for (i = 0; done < CHANGES && i < 1000 * CHANGES; i++) {
		int code;

		make_change(request, sizeof(request), i);
		code = ask(fd, request);
		ck_assert_msg(code == 200 || code == 429, "%d: %s", code,
			      request);
		if (code == 200)
			done++;
		if (code == 429 || i % 4 == 0)
			sleep_ms(8); /* over many ticks */
	}
	return done;
}

/* ---- films ------------------------------------------------------------------------ */

static char *write_film(const char *name, int width, int height, int frames)
{
	char *path = scratch_path(name);
	FILE *file = fopen(path, "wb");
	int n, i;

	ck_assert_ptr_nonnull(file);
	fprintf(file, "YUV4MPEG2 W%d H%d F60:1 Ip A1:1 C420jpeg\n", width,
		height);
	for (n = 0; n < frames; n++) {
		fputs("FRAME\n", file);
		for (i = 0; i < width * height * 3 / 2; i++)
			fputc((i * 7 + n * 31 + i / width * 3) & 0xff, file);
	}
	ck_assert_int_eq(fclose(file), 0);
	return path;
}

static char wide[512], near[512];

static void make_films(void)
{
	char *path = write_film("wide.y4m", 192, 108, 13);

	snprintf(wide, sizeof(wide), "wide:file,path=%s,loop", path);
	free(path);
	path = write_film("close.y4m", 128, 72, 7);
	snprintf(near, sizeof(near), "close:file,path=%s,loop", path);
	free(path);
}

/* ---- tests ------------------------------------------------------------------------ */

static char *record_show(void)
{
	char *log = scratch_path("show");
	struct process process;
	int fd;

	fake_cuda_start(&process, "cuda-show", NULL,
			FAKE_CUDA_WORDS("--backend", "cpu", "--nominal",
					"--ticks", "100000", "--source", wide,
					"--source", near, "--control-log", log,
					"--report", "none", "--set",
					"mark.radius=30"));
	fd = join("cuda-show");
	ck_assert_int_eq(direct(fd), CHANGES);
	ck_assert_int_eq(ask(fd, "{\"verb\":\"stop\"}"), 200);
	close(fd);
	process_expect(&process, 0);
	process_finish(&process);
	return log;
}

static char show_ticks[16];

/* All of the show, as far as it is short. */
static void count_ticks(const char *log)
{
	char *text = file_text(log, NULL), *line;
	long tick, last = 0;

	for (line = text; line; line = strchr(line + 1, '\n'))
		if (sscanf(line, " {\"tick\":%ld", &tick) == 1 && tick > last)
			last = tick;
	free(text);
	last += 30;
	snprintf(show_ticks, sizeof(show_ticks), "%ld",
		 last < TICKS_MAX ? last : TICKS_MAX);
}

static char *repeat(const char *log, const char *backend, const char *name)
{
	char *path = scratch_path(name), *text;
	struct process process;
	int status = fake_cuda_run(
		&process, "cuda-show", NULL,
		FAKE_CUDA_WORDS("--backend", backend, "--clock", "free",
				"--ticks", show_ticks, "--source", wide,
				"--source", near, "--replay", log, "--report",
				"none", "--control", "none", "--digest", path));

	ck_assert_msg(!status, "status %d: %s", status, process.err);
	process_finish(&process);
	text = file_text(path, NULL);
	ck_assert_ptr_nonnull(text);
	free(path);
	return text;
}

static int lines_of(const char *text)
{
	int count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

START_TEST(a_show_of_a_thousand_changes)
{
	char *log, *first, *again, *cuda, *none, *empty;

	make_films();
	log = record_show();
	first = file_text(log, NULL);
	ck_assert_int_eq(lines_of(first), CHANGES + 2);
	free(first);
	count_ticks(log);
	first = repeat(log, "cpu", "first");
	again = repeat(log, "cpu", "again");
	cuda = repeat(log, "cuda", "cuda");
	ck_assert_int_eq(lines_of(first), atoi(show_ticks));
	ck_assert_str_eq(first, again);
	ck_assert_str_eq(first, cuda);
	/* and it is the show */
	none = file_text(log, NULL);
	strchr(strchr(none, '\n') + 1, '\n')[1] = '\0';
	empty = scratch_file("empty", none);
	free(none);
	none = repeat(empty, "cpu", "none");
	ck_assert_str_ne(first, none);
	free(first);
	free(again);
	free(cuda);
	free(none);
	free(empty);
	free(log);
}
END_TEST

/* What was on view live is what is drawn again, tick by tick. */
START_TEST(live_and_repeated)
{
	char *log = scratch_path("show"), *digest = scratch_path("live");
	char request[128];
	struct digest live, again;
	struct process process;
	size_t i;
	int fd;

	fake_cuda_start(&process, "cuda-small", NULL,
			FAKE_CUDA_WORDS("--backend", "cuda", "--nominal",
					"--ticks", "300", "--control-log", log,
					"--digest", digest, "--report", "none"));
	fd = join("cuda-small");
	for (i = 0; i < 60; i++) {
		snprintf(request, sizeof(request),
			 "{\"verb\":\"set\",\"set\":{\"ball.radius\":%zu},"
			 "\"over\":%zu}",
			 10 + i % 7 * 3, i % 5 * 4);
		if (ask(fd, request) == 409)
			break; /* a slow machine: the run ends */
		sleep_ms(20);
	}
	close(fd);
	process_expect(&process, 0);
	process_finish(&process);
	live = digest_read(digest);
	ck_assert_int_eq(fake_cuda_run(&process, "cuda-small", NULL,
				       FAKE_CUDA_WORDS("--backend", "cpu",
						       "--clock", "free",
						       "--ticks", "300",
						       "--replay", log,
						       "--digest", digest)),
			 0);
	process_finish(&process);
	again = digest_read(digest);
	ck_assert_uint_eq(again.count, 300);
	for (i = 0; i < live.count; i++)
		ck_assert_msg(live.lines[i].hash ==
				      again.lines[live.lines[i].tick].hash,
			      "tick %lu", (unsigned long)live.lines[i].tick);
	digest_free(&live);
	digest_free(&again);
	free(log);
	free(digest);
}
END_TEST

#define HEAD "{\"show\":1,\"graph\":\"cuda-small\",\"mark\":\"%s\"}\n"

static const struct {
	const char *text, *words;
} bad[] = {
	{"", "it is empty"},
	{"rubbish\n", "line 1: is not JSON"},
	{"{}\n", "line 1: is no show"},
	{"{\"show\":2,\"graph\":\"cuda-small\",\"mark\":\"\"}\n",
	 "of another version"},
	{"{\"show\":1,\"graph\":\"studio\",\"mark\":\"0\"}\n",
	 "is a show of graph studio, this is cuda-small"},
	{"{\"show\":1,\"graph\":\"cuda-small\",\"mark\":\"0\"}\n",
	 "have changed since"},
	{HEAD "{\"tick\":1,\"set\":{\"ball.radius\":99999}}\n",
	 "line 2: ball.radius=99999: must be"},
	{HEAD "{\"tick\":0,\"set\":{}}\n{\"tick\":5,\"set\":{\"ball.r\":9}}\n",
	 "line 3: ball.r: no such"},
	{HEAD "{\"tick\":-1,\"set\":{}}\n", "line 2: no line of a show"},
	{HEAD "{\"tick\":1}\n", "line 2: no line of a show"},
	{HEAD "{\"tick\":1,\"set\":{\"ball.rad", "line 2: is not JSON"},
};

/* The mark that the program itself writes. */
static void find_mark(char mark[17])
{
	char *log = scratch_path("mark"), *text, *at;
	struct process process;

	ck_assert_int_eq(fake_cuda_run(&process, "cuda-small", NULL,
				       FAKE_CUDA_WORDS("--backend", "cpu",
						       "--ticks", "1",
						       "--control-log", log)),
			 0);
	process_finish(&process);
	text = file_text(log, NULL);
	at = strstr(text, "\"mark\":\"");
	ck_assert_ptr_nonnull(at);
	snprintf(mark, 17, "%.16s", at + 8);
	free(text);
	free(log);
}

static void must_refuse(const char *option, const char *value, int status,
			const char *words)
{
	struct process process;
	int is = fake_cuda_run(&process, "cuda-small", NULL,
			       FAKE_CUDA_WORDS("--backend", "cpu", "--ticks",
					       "1", option, value));

	ck_assert_msg(is == status && strstr(process.err, words),
		      "%s %s: status %d: %s", option, value, is, process.err);
	ck_assert_msg(lines_of(process.err) == 1, "%s", process.err);
	process_finish(&process);
}

START_TEST(shows_that_cannot_be_repeated)
{
	char mark[17], text[512], *path;

	find_mark(mark);
	snprintf(text, sizeof(text), bad[_i].text, mark);
	path = scratch_file("show", text);
	must_refuse("--replay", path, 64, bad[_i].words);
	free(path);
}
END_TEST

START_TEST(files_that_cannot_be_had)
{
	char *log = scratch_path("log");

	must_refuse("--replay", "/nowhere/show", 64, "No such file");
	must_refuse("--replay", "/", 64, "too large");
	must_refuse("--control-log", "/nowhere/log", 64, "no such folder");
	must_refuse("--control-log", "", 64, "is empty");
	ck_assert_ptr_null(file_text(log, NULL));
	free(log);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("replay");
	TCase *tests = tcase_create("replay");

	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, a_show_of_a_thousand_changes);
	tcase_add_test(tests, live_and_repeated);
	tcase_add_loop_test(tests, shows_that_cannot_be_repeated, 0,
			    sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tests, files_that_cannot_be_had);
	suite_add_tcase(suite, tests);
	return suite_run(suite);
}

/*
 * tests/e2e/test_control.c: programs that are changed while they run, by the
 * command tickline and by a socket: on which frame a change is, on the CPU and
 * with the fake GPU; where the socket is; what is said of what cannot be.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/lib/fake_cuda.h"
#include "tests/lib/graphs.h"
#include "tests/lib/report.h"
#include "tests/lib/scratch.h"
#include "tests/lib/suite.h"

#define TICKS	400
#define TRIES_MAX 3000 /* of 10 ms, for a program to come up */

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* tickline with these words: its status, *out what it printed. */
static int tickline(const char *const *words, char *out, size_t bytes, char *err,
		    size_t err_bytes)
{
	const char *argv[24];
	char program[512];
	struct process process;
	int i, status;

	snprintf(program, sizeof(program), "%s/tickline", build_dir());
	argv[0] = program;
	for (i = 0; words[i]; i++)
		argv[i + 1] = words[i];
	argv[i + 1] = NULL;
	status = process_run(&process, argv);
	snprintf(out, bytes, "%s", process.out);
	snprintf(err, err_bytes, "%s", process.err);
	process_finish(&process);
	return status;
}

static char out[65536], err[4096];

static void must(const char *const *words)
{
	int status = tickline(words, out, sizeof(out), err, sizeof(err));

	ck_assert_msg(!status, "tickline %s: status %d: %s", words[0], status,
		      err);
}

/* One line that has these words, and the status. */
static void must_refuse(const char *const *words, int status, const char *text)
{
	int is = tickline(words, out, sizeof(out), err, sizeof(err));

	ck_assert_msg(is == status, "tickline %s: status %d: %s", words[0], is,
		      err);
	ck_assert_msg(strstr(err, text) != NULL, "tickline %s: %s", words[0], err);
	ck_assert_msg(strchr(err, '\n') == err + strlen(err) - 1,
		      "not one line: %s", err);
}

static void wait_for(const char *name)
{
	int tries = TRIES_MAX;

	while (tries-- && tickline(WORDS("stats", name), out, sizeof(out), err,
				   sizeof(err)))
		sleep_ms(10);
	ck_assert_msg(tries >= 0, "%s never came: %s", name, err);
}

static unsigned long long printed_tick(void)
{
	unsigned long long tick = 0;

	ck_assert_msg(sscanf(out, "tick %llu", &tick) == 1, "%s", out);
	return tick;
}

/* ---- on which frame ----------------------------------------------------------------- */

#define SETS 5

static struct digest reference(int radius)
{
	char *path = scratch_path("reference"), set[32];
	struct process process;
	struct digest digest;

	snprintf(set, sizeof(set), "ball.radius=%d", radius);
	ck_assert_int_eq(fake_cuda_run(&process, "cuda-small", NULL,
				       WORDS("--backend", "cpu", "--clock",
					     "free", "--ticks", "400",
					     "--digest", path, "--set", set)),
			 0);
	process_finish(&process);
	digest = digest_read(path);
	ck_assert_uint_eq(digest.count, TICKS);
	free(path);
	return digest;
}

static void check_frames(const struct digest *is,
			 const unsigned long long at[SETS])
{
	struct digest with[SETS + 1];
	size_t i;
	int set;

	for (set = 0; set <= SETS; set++)
		with[set] = reference(10 + set);
	for (i = 0; i < is->count; i++) {
		uint64_t tick = is->lines[i].tick;

		for (set = 0; set < SETS && tick >= at[set]; set++)
			;
		ck_assert_msg(is->lines[i].hash == with[set].lines[tick].hash,
			      "tick %llu is not as after %d sets",
			      (unsigned long long)tick, set);
	}
	for (set = 0; set <= SETS; set++)
		digest_free(&with[set]);
}

static const char *const backends[] = {"cpu", "cuda"};

/* Each frame from an answer's tick on is as if it had been so from the start;
 * each before it is not. */
START_TEST(a_change_is_on_the_frame_of_its_tick)
{
	char *path = scratch_path("digest"), set[32];
	unsigned long long at[SETS];
	struct process process;
	struct digest digest;
	json_t *report;
	int i;

	fake_cuda_start(&process, "cuda-small", NULL,
			WORDS("--backend", backends[_i], "--nominal", "--ticks",
			      "400", "--digest", path, "--report", "json",
			      "--set", "ball.radius=10"));
	wait_for("cuda-small");
	for (i = 0; i < SETS; i++) {
		snprintf(set, sizeof(set), "ball.radius=%d", 11 + i);
		must(i + 1 < SETS ? WORDS("set", set)
				  : WORDS("set", set, "--at", "390", "--late",
					  "refuse"));
		at[i] = printed_tick();
		ck_assert(!i || at[i] >= at[i - 1]);
	}
	ck_assert_uint_eq(at[SETS - 1], 390);
	process_expect(&process, 0);
	report = report_parse(process.out);
	ck_assert_str_eq(report_string(report, "backend"), backends[_i]);
	json_decref(report);
	digest = digest_read(path);
	check_frames(&digest, at);
	digest_free(&digest);
	process_finish(&process);
	free(path);
}
END_TEST

/* ---- the command -------------------------------------------------------------------- */

static void start_demo(struct process *process)
{
	char *program = program_path("demo-480p");

	graphs_start(process, NULL, program, GRAPHS_OPTIONS("--report", "none"));
	free(program);
}

START_TEST(a_person_at_a_terminal)
{
	struct process process;

	must_refuse(WORDS("stats"), 69, "no program runs here");
	must_refuse(WORDS("stats", "nobody"), 69, "no program of that name");
	must(WORDS("list"));
	ck_assert_str_eq(out, "");
	start_demo(&process);
	wait_for("demo-480p");
	must(WORDS("list"));
	ck_assert_msg(!strncmp(out, "demo-480p ", 10), "%s", out);
	must(WORDS("list", "--json"));
	ck_assert_ptr_nonnull(strstr(out, "\"next_tick\""));
	must(WORDS("params"));
	ck_assert_msg(strstr(out, "wave.amplitude=") != NULL, "%s", out);
	must(WORDS("params", "wave"));
	ck_assert_msg(!strstr(out, "ball."), "%s", out);
	must(WORDS("params", "demo-480p", "wave"));
	must(WORDS("set", "demo-480p", "wave.amplitude=11"));
	printed_tick();
	must(WORDS("set", "/wave/amplitude=12"));
	must(WORDS("set", "wave.amplitude=13", "--at", "+1000000"));
	must(WORDS("get", "wave.amplitude"));
	ck_assert_str_eq(out, "wave.amplitude=12  -> 13\n");
	must(WORDS("get", "/wave/amplitude", "--json"));
	ck_assert_ptr_nonnull(strstr(out, "\"target\": 13"));
	must(WORDS("set", "wave.amplitude=40", "--over", "2s", "--ease",
		   "cubic"));
	must_refuse(WORDS("set", "wave.amplitud=1"), 1, "did you mean");
	must_refuse(WORDS("set", "wave.amplitude=a"), 1, "a number from");
	must_refuse(WORDS("set", "wave.amplitude=9", "--at", "0", "--late",
			  "refuse"),
		    1, "has begun");
	must_refuse(WORDS("set", "wave.amplitude"), 64, "NODE.PARAM=VALUE");
	must_refuse(WORDS("set"), 64, "what?");
	must_refuse(WORDS("sett", "wave.amplitude=9"), 64, "did you mean set?");
	must_refuse(WORDS("set", "--ovr", "5"), 64, "no such option");
	must_refuse(WORDS("get", "wave.amplitude", "--at", "5"), 64, "--at");
	must_refuse(WORDS("toggle", "wave.amplitude"), 1, "use set");
	must_refuse(WORDS("stats", "a", "b"), 64, "too many words");
	must_refuse(WORDS("set", "wave.amplitude=\xff"), 64, "UTF-8");
	must_refuse(WORDS("stats", "/nowhere/a.sock"), 69, "nowhere");
	must(WORDS("stop"));
	process_expect(&process, 0);
	ck_assert_str_eq(process.err + strlen(process.err), "");
	process_finish(&process);
	must_refuse(WORDS("stats"), 69, "no program runs here");
}
END_TEST

/* The state, a change by another client, a stop that costs ticks; then the end
 * of the program is the end of the lines. */
START_TEST(events)
{
	struct process process, listener;
	char program[512];

	start_demo(&process);
	wait_for("demo-480p");
	snprintf(program, sizeof(program), "%s/tickline", build_dir());
	process_start(&listener, NULL, WORDS(program, "events"));
	ck_assert(process_wait_for_output(&listener, "{\"event\":\"state\""));
	ck_assert(process_wait_for_output(&listener, "\"state\":\"running\""));
	must(WORDS("set", "wave.amplitude=11"));
	ck_assert(process_wait_for_output(&listener, "\"event\":\"set\""));
	ck_assert(process_wait_for_output(&listener,
					  "\"set\":{\"wave.amplitude\":11"));
	process_signal(&process, SIGSTOP);
	sleep_ms(300);
	process_signal(&process, SIGCONT);
	ck_assert(process_wait_for_output(&listener,
					  "{\"event\":\"skipped\",\"count\":"));
	must(WORDS("stop"));
	process_expect(&process, 0);
	process_expect(&listener, 0);
	process_finish(&process);
	process_finish(&listener);
}
END_TEST

START_TEST(two_of_one_name)
{
	struct process first, second;
	char name[64];

	start_demo(&first);
	wait_for("demo-480p");
	start_demo(&second);
	snprintf(name, sizeof(name), "demo-480p.%d", (int)second.pid);
	wait_for(name);
	must_refuse(WORDS("stats"), 69, "several programs run: name one of");
	must(WORDS("set", name, "wave.amplitude=7"));
	must(WORDS("get", "demo-480p", "wave.amplitude"));
	ck_assert_msg(!strstr(out, "=7\n"), "%s", out);
	must(WORDS("stop", name));
	process_expect(&second, 0);
	ck_assert_msg(strstr(second.err, "has the usual one") != NULL, "%s",
		      second.err);
	must(WORDS("stop", "demo-480p"));
	process_expect(&first, 0);
	process_finish(&first);
	process_finish(&second);
}
END_TEST

START_TEST(a_killed_ones_place_is_taken)
{
	struct process process;

	start_demo(&process);
	wait_for("demo-480p");
	process_signal(&process, SIGKILL);
	process_wait(&process, PROCESS_LIMIT_MS);
	process_finish(&process);
	must(WORDS("list"));
	ck_assert_str_eq(out, "");
	start_demo(&process);
	wait_for("demo-480p");
	must(WORDS("stop"));
	process_expect(&process, 0);
	ck_assert_ptr_null(strstr(process.err, "control:"));
	process_finish(&process);
}
END_TEST

/* A ramp and the frames of a stopped program: `stats` waits, the run ends. */
START_TEST(a_stopped_program)
{
	struct process process;

	start_demo(&process);
	wait_for("demo-480p");
	process_signal(&process, SIGSTOP);
	must_refuse(WORDS("stats"), 1, "is the program stopped?");
	process_signal(&process, SIGCONT);
	must(WORDS("stats"));
	must(WORDS("stop"));
	process_expect(&process, 0);
	process_finish(&process);
}
END_TEST

/* ---- --control ---------------------------------------------------------------------- */

static void refused_start(const char *control, int status, const char *words)
{
	char *program = program_path("null");
	struct process process;

	ck_assert_int_eq(process_run(&process,
				     WORDS(program, "--ticks", "1", "--control",
					   control)),
			 status);
	ck_assert_msg(strstr(process.err, words) &&
			      strchr(process.err, '\n') ==
				      process.err + strlen(process.err) - 1,
		      "%s: %s", control, process.err);
	process_finish(&process);
	free(program);
}

START_TEST(a_path_that_cannot_be_had)
{
	char *file = scratch_file("file", "text"), path[512];
	char *text;

	snprintf(path, sizeof(path), "/tmp/%0120d", 1);
	refused_start(path, 64, "107 bytes at most");
	refused_start(file, 64, "no socket");
	refused_start("/nowhere/a.sock", 64, "folder is not there");
	refused_start("", 64, "must be auto, none or a path");
	text = file_text(file, NULL);
	ck_assert_str_eq(text, "text");
	free(text);
	free(file);
}
END_TEST

START_TEST(none_is_none)
{
	char *program = program_path("null");
	struct process process;

	process_start(&process, NULL,
		      WORDS(program, "--seconds", "3", "--control", "none"));
	ck_assert(process_thread(&process, "tick") != 0);
	must(WORDS("list"));
	ck_assert_str_eq(out, "");
	process_signal(&process, SIGTERM);
	process_expect(&process, 0);
	process_finish(&process);
	free(program);
}
END_TEST

/* Where nothing can be written to it runs all the same, and says so. */
START_TEST(no_folder_is_no_refusal)
{
	char *program = program_path("null");
	struct process process;
	struct stat run;

	if (geteuid() || !stat("/run/tickline/null.sock", &run)) {
		suite_skip("no_folder_is_no_refusal", "needs root");
		return;
	}
	unsetenv("TICKLINE_SOCKETS");
	setenv("XDG_RUNTIME_DIR", "/proc", 1);
	mkdir("/run/tickline", 0755);
	ck_assert_int_eq(
		process_run(&process,
			    WORDS("setpriv", "--reuid", "65534", "--regid",
				  "65534", "--clear-groups", program, "--ticks",
				  "3", "--clock", "free")),
		0);
	ck_assert_msg(strstr(process.err, "control: none: /run/tickline: ") !=
			      NULL,
		      "%s", process.err);
	process_finish(&process);
	free(program);
}
END_TEST

/* Cut off mid-request, rubbish, and gone: the run's report is as if alone. */
START_TEST(rubbish_has_no_effect)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct process process;
	unsigned int seed = 1;
	json_t *report;
	char *program = program_path("demo-480p");
	int i;

	graphs_start(&process, NULL, program,
		     GRAPHS_OPTIONS("--report", "json", "--clock", "free",
				    "--ticks", "3000"));
	wait_for("demo-480p");
	snprintf(address.sun_path, sizeof(address.sun_path),
		 "%s/tickline/demo-480p.sock", getenv("XDG_RUNTIME_DIR"));
	for (i = 0; i < 200; i++) {
		int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
		unsigned char bytes[512];
		size_t j;

		for (j = 0; j < sizeof(bytes); j++)
			bytes[j] = (unsigned char)(rand_r(&seed) >> 7);
		if (!connect(fd, (void *)&address, sizeof(address)))
			send(fd, bytes, 1 + (size_t)rand_r(&seed) % 500,
			     MSG_NOSIGNAL | MSG_DONTWAIT);
		close(fd);
	}
	process_expect(&process, 0);
	report = report_parse(process.out);
	report_check_sum(report);
	ck_assert_int_eq(report_int(report, "presented"), 3000);
	json_decref(report);
	process_finish(&process);
	free(program);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("control");
	TCase *tests = tcase_create("control");

	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, a_change_is_on_the_frame_of_its_tick, 0, 2);
	tcase_add_test(tests, a_person_at_a_terminal);
	tcase_add_test(tests, events);
	tcase_add_test(tests, two_of_one_name);
	tcase_add_test(tests, a_killed_ones_place_is_taken);
	tcase_add_test(tests, a_stopped_program);
	tcase_add_test(tests, a_path_that_cannot_be_had);
	tcase_add_test(tests, none_is_none);
	tcase_add_test(tests, no_folder_is_no_refusal);
	tcase_add_test(tests, rubbish_has_no_effect);
	suite_add_tcase(suite, tests);
	return suite_run(suite);
}

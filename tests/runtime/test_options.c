/*
 * tests/runtime/test_options.c: the command line: what is taken, what it
 * becomes, and that each refusal is one line with a way out.
 */
#define _GNU_SOURCE /* posix_openpt */
#include <errno.h>
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/app/options.h"
#include "tests/runtime/sample_graph.h"

#define ARGS_MAX 12

/* Made-up drivers: the options know none but those they are given. */
static const struct display_ops wall_ops = {
	.name = "wall9",
	.help = "a wall of lamps",
	.settings = "lamps=N",
	.has_refresh = true,
};
static const struct display_ops headless_ops = {
	.name = "headless",
	.help = "memory only",
};
static const struct display_ops null_ops = {.name = "null", .help = "nowhere"};
static const struct display_ops *const screens[] = {&wall_ops, &headless_ops,
						    &null_ops, NULL};
static const struct source_ops camera_ops = {
	.name = "camera",
	.help = "a camera",
	.settings = "device=PATH",
};
static const struct source_ops lamp_ops = {.name = "lamp", .help = "light"};
static const struct source_ops *const sources[] = {&camera_ops, &lamp_ops,
						   NULL};
static const struct drivers drivers = {screens, sources, NULL, NULL};

static struct options options;

/* The options in one string, split at spaces; "''" is an empty argument. */
static bool parse(const struct graph *graph, const char *line)
{
	static char copy[1024];
	char *argv[ARGS_MAX + 2] = {copy};
	char *next = copy, *word;
	int argc = 1;

	snprintf(copy, sizeof(copy), "sample %s", line);
	next = strchr(copy, ' ');
	*next++ = '\0';
	while ((word = strsep(&next, " ")) != NULL) {
		ck_assert_int_lt(argc, ARGS_MAX);
		if (*word)
			argv[argc++] = strcmp(word, "''") ? word : word + 2;
	}
	return options_parse(&options, graph, &drivers, argc, argv);
}

/* stderr is no terminal here, whoever runs the tests. */
static void setup(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	ck_assert_int_ge(dup2(null, STDERR_FILENO), 0);
	close(null);
}

static void take(const char *line)
{
	ck_assert_msg(parse(&sample_graph, line), "%s: %s", line,
		      options.error);
}

START_TEST(defaults_come_from_the_graph_and_its_board)
{
	take("");
	ck_assert_int_eq(options.action, OPTIONS_RUN);
	ck_assert_int_eq(options.priority, 70);
	ck_assert_int_eq(options.cpu, 1);
	ck_assert_uint_eq(options.spin_us, 250);
	ck_assert_int_eq(options.workers, 0);
	ck_assert_uint_eq(options.tick_limit, 0);
	ck_assert_uint_eq(options.main_sink, 1);
	ck_assert_str_eq(options.display[0], "null");
	ck_assert_str_eq(options.display[1], "auto");
	ck_assert_str_eq(options.display[2], "auto");
	ck_assert_int_eq(options.report, OPTIONS_REPORT_NONE);
	ck_assert(!options.nominal && !options.hold && !options.require_rt &&
		  !options.status);
	for (int i = 0; i < GRAPH_SINKS_MAX; i++) {
		ck_assert_ptr_null(options.record_path[i]);
		ck_assert_ptr_null(options.digest_path[i]);
		ck_assert_ptr_null(options.snapshot_path[i]);
	}
	ck_assert_uint_eq(options.set_count, 0);
}
END_TEST

START_TEST(every_option_is_taken)
{
	take("--backend cpu --isa avx2 --clock timer --nominal --hold");
	ck_assert_int_eq(options.backend, OPTIONS_BACKEND_CPU);
	ck_assert_int_eq(options.isa, OPTIONS_ISA_AVX2);
	ck_assert(options.nominal && options.hold);
	take("--priority 99 --cpu=-1 --spin-us 8341 --require-rt");
	ck_assert_int_eq(options.priority, 99);
	ck_assert_int_eq(options.cpu, -1);
	ck_assert_uint_eq(options.spin_us, 8341);
	ck_assert(options.require_rt);
	take("--workers 1");
	ck_assert_int_eq(options.workers, 1);
	take("--workers 16");
	ck_assert_int_eq(options.workers, 16);
	take("--record a --digest b --snapshot c.png --report json");
	ck_assert_str_eq(options.record_path[1], "a");
	ck_assert_str_eq(options.digest_path[1], "b");
	ck_assert_str_eq(options.snapshot_path[1], "c.png");
	ck_assert_int_eq(options.report, OPTIONS_REPORT_JSON);
	take("--status --report=text --set ball.radius=4 --set back.mode=fast");
	ck_assert(options.status);
	ck_assert_int_eq(options.report, OPTIONS_REPORT_TEXT);
	ck_assert_uint_eq(options.set_count, 2);
	ck_assert_str_eq(options.set[0], "ball.radius=4");
	ck_assert_str_eq(options.set[1], "back.mode=fast");
	take("--probe");
	ck_assert_int_eq(options.action, OPTIONS_PROBE);
	take("--version");
	ck_assert_int_eq(options.action, OPTIONS_VERSION);
	take("-h");
	ck_assert_int_eq(options.action, OPTIONS_HELP);
}
END_TEST

START_TEST(modes)
{
	take("--mode 1920x1080");
	ck_assert_uint_eq(options.mode.width, 1920);
	ck_assert_uint_eq(options.mode.height, 1080);
	ck_assert_uint_eq(options.mode.millihertz, 0);
	ck_assert_int_eq(options.mode.scan, 0);
	take("--mode 720x576i@50");
	ck_assert_uint_eq(options.mode.height, 576);
	ck_assert_uint_eq(options.mode.millihertz, 50000);
	ck_assert_int_eq(options.mode.scan, 'i');
	take("--mode 320x240d@59.94");
	ck_assert_uint_eq(options.mode.height, 240);
	ck_assert_uint_eq(options.mode.millihertz, 59940);
	ck_assert_int_eq(options.mode.scan, 'd');
}
END_TEST

START_TEST(clock_free_shows_nominal_values)
{
	take("--clock free");
	ck_assert_int_eq(options.clock, CLOCK_FREE);
	ck_assert(options.nominal);
}
END_TEST

START_TEST(the_last_of_a_kind_counts)
{
	take("--ticks 5 --ticks 7 --display headless --display null");
	ck_assert_uint_eq(options.tick_limit, 7);
	ck_assert_str_eq(options.display[1], "null");
}
END_TEST

/* ---- lengths ------------------------------------------------------------ */

/* A tick that begins before S counts: ceil(S * 60000 / 1001). */
static const struct {
	const char *line;
	uint64_t ticks;
} lengths[] = {
	{"--ticks 1", 1},
	{"--ticks 18446744", 18446744},
	{"--seconds 0.001", 1},
	{"--seconds 1", 60},
	{"--seconds 10", 600},
	{"--seconds 1001", 60000},
	{"--seconds 1001.001", 60001},
	{"--seconds 2e2", 11989},
};

START_TEST(length_in_ticks)
{
	take(lengths[_i].line);
	ck_assert_uint_eq(options.tick_limit, lengths[_i].ticks);
}
END_TEST

START_TEST(whole_seconds_are_whole_ticks)
{
	struct graph graph = sample_graph;
	char line[64];
	uint32_t tenths;

	graph.rate_num = 60;
	graph.rate_den = 1;
	for (tenths = 1; tenths < 10000; tenths++) {
		snprintf(line, sizeof(line), "--seconds %u.%u", tenths / 10,
			 tenths % 10);
		ck_assert(parse(&graph, line));
		ck_assert_msg(options.tick_limit == tenths * 6, "%s: %llu",
			      line, (unsigned long long)options.tick_limit);
	}
}
END_TEST

START_TEST(extreme_rates_do_not_overflow)
{
	struct graph graph = sample_graph;

	graph.rate_num = UINT32_MAX;
	graph.rate_den = 1;
	ck_assert(parse(&graph, "--seconds 4e9 --spin-us 0"));
	ck_assert(!parse(&graph, "--spin-us 1"));
	ck_assert(parse(&graph, "--ticks 9223372036854775807"));
	graph.rate_num = 1;
	graph.rate_den = UINT32_MAX;
	ck_assert(parse(&graph, "--seconds 4e9 --spin-us 1000000"));
	ck_assert_uint_eq(options.tick_limit, 1);
	ck_assert(!parse(&graph, "--spin-us 1000001"));
}
END_TEST

/* ---- displays ----------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char *line, *spare, *screen, *wall;
} displays[] = {
	{"--display headless",			"null", "headless", "auto"},
	{"--display null",			"null", "null",	    "auto"},
	{"--display auto",			"null", "auto",	    "auto"},
	{"--display screen:null",		"null", "null",	    "auto"},
	{"--display wall:headless",		"null", "auto",	    "headless"},
	{"--display wall:null --display headless", "null", "headless", "null"},
	{"--display wall9",			"null", "wall9",    "auto"},
	{"--display wall9,lamps=3 --mode 8x8",	"null", "wall9",    "auto"},
	{"--display wall9 --clock display",	"null", "wall9",    "auto"},
	{"--display spare:null",		"null", "auto",	    "auto"},
	{"--display spare:auto",		"null", "auto",	    "auto"},
};
/* clang-format on */

/* By node, or the main sink's; what looks like a node and is none is refused. */
START_TEST(outputs_by_sink)
{
	take("--record spare:a.raw --digest wall:b --snapshot screen:c.png "
	     "--record ./d:e --digest f");
	ck_assert_str_eq(options.record_path[0], "a.raw");
	ck_assert_str_eq(options.digest_path[2], "b");
	ck_assert_str_eq(options.snapshot_path[1], "c.png");
	ck_assert_str_eq(options.record_path[1], "./d:e");
	ck_assert_str_eq(options.digest_path[1], "f");
	ck_assert_ptr_null(options.record_path[2]);
	ck_assert(!parse(&sample_graph, "--record scren:a.raw"));
	ck_assert_str_eq(options.error,
			 "--record scren:a.raw: graph sample has no sink "
			 "scren; a file of that name is ./scren:a.raw");
	ck_assert(!parse(&sample_graph, "--snapshot wall:"));
	ck_assert_str_eq(options.error, "--snapshot: the file name is empty");
}
END_TEST

START_TEST(displays_by_sink)
{
	take(displays[_i].line);
	ck_assert_str_eq(options.display[0], displays[_i].spare);
	ck_assert_str_eq(options.display[1], displays[_i].screen);
	ck_assert_str_eq(options.display[2], displays[_i].wall);
}
END_TEST

START_TEST(a_graph_of_fixed_sinks)
{
	struct graph graph = sample_graph;

	graph.sink_count = 1; /* spare, a null */
	ck_assert(parse(&graph, "--display null"));
	ck_assert(parse(&graph, "--display auto"));
	ck_assert_uint_eq(options.main_sink, 0);
	ck_assert_str_eq(options.display[0], "null");
	ck_assert(!parse(&graph, "--display headless"));
	ck_assert_ptr_nonnull(strstr(options.error, "spare is null"));
}
END_TEST

/* A list without refreshes, and a graph that names a driver which is not in the
 * list. */
START_TEST(the_list_decides_what_there_is)
{
	const struct display_ops *const without[] = {&headless_ops, NULL};
	const struct display_ops *const one[] = {&wall_ops, NULL};
	const struct drivers plain = {without, sources, NULL, NULL};
	const struct drivers no_null = {one, sources, NULL, NULL};
	struct graph graph = sample_graph;
	char *argv[] = {(char[]){"sample"}, (char[]){"--clock=display"}, NULL};

	graph.sinks = sample_sinks + 1;
	graph.sink_count = 2;
	ck_assert(!options_parse(&options, &graph, &plain, 2, argv));
	ck_assert_str_eq(options.error,
			 "--clock display: display auto has no refreshes to "
			 "follow; use --clock timer");
	ck_assert(options_parse(&options, &graph, &no_null, 2, argv));
	ck_assert(!options_parse(&options, &sample_graph, &no_null, 1, argv));
	ck_assert_str_eq(options.error,
			 "sink spare: this program has no display null, only "
			 "auto, wall9: make it of type display");
}
END_TEST

/* ---- refused ------------------------------------------------------------ */

/* clang-format off */
static const struct {
	const char *line;
	const char *named[2]; /* what the message must hold */
} refused[] = {
	{"--bogus",			{"--bogus", "--help"}},
	{"--tiks 5",			{"--tiks", "--ticks"}},
	{"--recrod=x",			{"--recrod", "--record"}},
	{"--s 5",			{"--s", "--help"}}, /* ambiguous */
	{"--tick 5",			{"--tick:", "--ticks"}}, /* no */
	{"--hol",			{"--hol:", "--hold"}}, /* abbreviations */
	{"--snap=x",			{"--snap", "no such option"}},
	{"--ticks 5 --snap x",		{"--snap", "no such option"}},
	{"-x",				{"-x", "--help"}},
	{"-5",				{"-5", "--help"}},
	{"more",			{"more", "--help"}},
	{"-- more",			{"more", "--help"}},
	{"--hold=1",			{"--hold", "no value"}},
	{"--ticks",			{"--ticks", "N"}},
	{"--set",			{"--set", "NODE.PARAM=VALUE"}},
	{"--ticks ''",			{"--ticks", "from 1"}},
	{"--ticks 0",			{"--ticks 0", "from 1"}},
	{"--ticks -1",			{"--ticks -1", "from 1"}},
	{"--ticks 5x",			{"--ticks 5x", "from 1"}},
	{"--ticks 5.0",			{"--ticks 5.0", "from 1"}},
	{"--ticks 18446744073709551617", {"--ticks", "from 1"}},
	{"--seconds 0",			{"--seconds 0", "from 0.001"}},
	{"--seconds nan",		{"--seconds nan", "from 0.001"}},
	{"--seconds inf",		{"--seconds inf", "from 0.001"}},
	{"--seconds 1e400",		{"--seconds 1e400", "from 0.001"}},
	{"--seconds 1s",		{"--seconds 1s", "from 0.001"}},
	{"--ticks 5 --seconds 5",	{"--ticks", "--seconds"}},
	{"--display headles",		{"headles", "did you mean headless?"}},
	{"--display hdmi",		{"hdmi", "headless, null"}},
	{"--display ''",		{"--display", "headless, null"}},
	{"--display headless,x=1",	{"headless,x=1", "no settings"}},
	{"--display kms",		{"kms", "auto, wall9, headless, null"}},
	{"--display wall8",		{"wall8", "did you mean wall9?"}},
	{"--display null,lamps=3",	{"null,lamps=3", "no settings"}},
	{"--display auto,lamps=3",	{"auto,lamps=3", "no settings"}},
	{"--display sceen:null",	{"sceen", "spare, screen, wall"}},
	{"--display :null",		{"no such sink", "spare, screen, wall"}},
	{"--display wall:",		{"--display", "headless, null"}},
	{"--display spare:headless",	{"spare", "null"}},
	{"--display null --mode 1920x1080", {"null has no modes", "leave it out"}},
	{"--mode 1920",			{"--mode 1920", "1920x1080@60"}},
	{"--mode 0x5",			{"--mode 0x5", "1920x1080@60"}},
	{"--mode 5x5@",			{"--mode 5x5@", "1920x1080@60"}},
	{"--mode 5x5@0",		{"--mode 5x5@0", "1920x1080@60"}},
	{"--mode 5@5x5",		{"--mode 5@5x5", "1920x1080@60"}},
	{"--mode 99999x5",		{"--mode 99999x5", "1920x1080@60"}},
	{"--mode i@60",			{"--mode i@60", "1920x1080@60"}},
	{"--mode 1920xi",		{"--mode 1920xi", "1920x1080@60"}},
	{"--mode 1920x1080p",		{"--mode 1920x1080p", "1920x1080@60"}},
	{"--backend cuda,device=64",	{"cuda,device=64", "from 0 to 63"}},
	{"--backend cuda,card=1",	{"cuda,card=1", "device=N"}},
	{"--backend cuda,",		{"cuda,", "device=N"}},
	{"--backend cpu,x",		{"cpu,x", "auto, cpu"}},
	{"--backend gpu",		{"gpu", "auto, cpu"}},
	{"--clock display --display headless", {"headless has no", "--clock timer"}},
	{"--clock display --display null", {"null has no", "--display wall9"}},
	{"--clock fre",			{"fre", "timer, free, display"}},
	{"--isa sse",			{"sse", "avx512"}},
	{"--report xml",		{"xml", "json"}},
	{"--priority 0",		{"--priority 0", "from 1 to 99"}},
	{"--priority 100",		{"--priority 100", "from 1 to 99"}},
	{"--cpu -2",			{"--cpu -2", "from -1"}},
	{"--cpu 1024",			{"--cpu 1024", "to 1023"}},
	{"--spin-us 8342",		{"--spin-us 8342", "0 to 8341 us"}},
	{"--spin-us -1",		{"--spin-us -1", "0 to 8341 us"}},
	{"--workers 0",			{"--workers 0", "from 1 to 16"}},
	{"--workers 17",		{"--workers 17", "all CPUs but one"}},
	{"--record ''",			{"--record", "empty"}},
	{"--digest=",			{"--digest", "empty"}},
	{"--snapshot ''",		{"--snapshot", "empty"}},
	{"--set ball.radius=0",		{"ball.radius=0", "1 to 4096 px"}},
	{"--set ball.raduis=5",		{"ball.raduis", "ball.radius"}},
};
/* clang-format on */

START_TEST(refusals)
{
	const char *line = refused[_i].line;
	size_t i;

	ck_assert_msg(!parse(&sample_graph, line), "accepted: %s", line);
	for (i = 0; i < 2; i++)
		ck_assert_msg(strstr(options.error, refused[_i].named[i]),
			      "%s: no \"%s\" in: %s", line,
			      refused[_i].named[i], options.error);
	ck_assert_ptr_null(strchr(options.error, '\n'));
}
END_TEST

START_TEST(hostile_text_stays_one_line)
{
	char *argv[] = {(char[]){"sample"}, NULL, NULL};
	char *text = malloc(70000);

	memset(text, 'x', 69999);
	text[69999] = '\0';
	memcpy(text, "--\n\033[2J\t\177", 9);
	argv[1] = text;
	ck_assert(!options_parse(&options, &sample_graph, &drivers, 2, argv));
	ck_assert_uint_gt(strlen(options.error), 10);
	ck_assert_ptr_null(strpbrk(options.error, "\n\033\t\177"));
	free(text);
}
END_TEST

START_TEST(too_many_sets_are_refused)
{
	static char set[] = "--set=ball.radius=4";
	char *argv[OPTIONS_SETS_MAX + 3] = {set};
	int i;

	for (i = 1; i <= OPTIONS_SETS_MAX + 1; i++)
		argv[i] = set;
	ck_assert(options_parse(&options, &sample_graph, &drivers,
				OPTIONS_SETS_MAX + 1, argv));
	ck_assert_uint_eq(options.set_count, OPTIONS_SETS_MAX);
	ck_assert(!options_parse(&options, &sample_graph, &drivers,
				 OPTIONS_SETS_MAX + 2, argv));
	ck_assert_ptr_nonnull(strstr(options.error, "at most 256"));
}
END_TEST

/* ---- printed ------------------------------------------------------------ */

START_TEST(a_terminal_gets_the_live_line)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY);
	int other;

	if (terminal < 0) {
		printf("a_terminal_gets_the_live_line: skipped, no "
		       "pseudo-terminal here: %s\n",
		       strerror(errno));
		return;
	}
	ck_assert_int_eq(grantpt(terminal) | unlockpt(terminal), 0);
	other = open(ptsname(terminal), O_RDWR | O_NOCTTY);
	ck_assert_int_ge(dup2(other, STDERR_FILENO), 0);
	take("");
	ck_assert(options.status);
	close(other);
	close(terminal);
}
END_TEST

START_TEST(help_names_every_option_and_parameter)
{
	/* the list of the product's documentation, not the program's table */
	static const char *const names[] = {
		"--display",
		"--mode",
		"--backend",
		"--clock",
		"--nominal",
		"--ticks",
		"--seconds",
		"--hold",
		"--record",
		"--digest",
		"--snapshot",
		"--report",
		"--set",
		"--cpu",
		"--priority",
		"--spin-us",
		"--workers",
		"--probe",
		"--isa",
		"--require-rt",
		"--status",
		"--help",
		"--version",
		"ball.radius=40",
		"ball.on=true",
		"ball.velocity=400,-0.5",
		"back.color=#ff8000",
		"back.mode=slow",
		"back.weights=1,2,1",
		"wall9",
		"a wall of lamps",
		"settings: lamps=N",
		"null",
	};
	char *text = NULL;
	size_t length = 0, i;
	FILE *out = open_memstream(&text, &length);

	options_print_help(&sample_graph, &drivers, out);
	options_print_version(&sample_graph, out);
	fclose(out);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ck_assert_msg(strstr(text, names[i]), "not in --help: %s",
			      names[i]);
	ck_assert_ptr_nonnull(strstr(text, "tickline "));
	free(text);
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof((rows)[0])))

int main(void)
{
	Suite *suite = suite_create("options");
	TCase *tests = tcase_create("options");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_test(tests, defaults_come_from_the_graph_and_its_board);
	tcase_add_test(tests, every_option_is_taken);
	tcase_add_test(tests, modes);
	tcase_add_test(tests, clock_free_shows_nominal_values);
	tcase_add_test(tests, the_last_of_a_kind_counts);
	tcase_add_loop_test(tests, length_in_ticks, 0, COUNT(lengths));
	tcase_add_test(tests, whole_seconds_are_whole_ticks);
	tcase_add_test(tests, extreme_rates_do_not_overflow);
	tcase_add_loop_test(tests, displays_by_sink, 0, COUNT(displays));
	tcase_add_test(tests, outputs_by_sink);
	tcase_add_test(tests, a_graph_of_fixed_sinks);
	tcase_add_test(tests, the_list_decides_what_there_is);
	tcase_add_loop_test(tests, refusals, 0, COUNT(refused));
	tcase_add_test(tests, hostile_text_stays_one_line);
	tcase_add_test(tests, too_many_sets_are_refused);
	tcase_add_test(tests, a_terminal_gets_the_live_line);
	tcase_add_test(tests, help_names_every_option_and_parameter);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}

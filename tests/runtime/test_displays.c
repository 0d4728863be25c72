/*
 * tests/runtime/test_displays.c: which driver of a list shows a sink, on
 * drivers of the test's own: `auto` walks the list and says why for each that
 * it passes over.
 */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/app/display_choice.h"
#include "runtime/base/message.h"
#include "runtime/port/backend.h"
#include "tests/runtime/sample_graph.h"

static int near_error, far_error, plain_error;
static int lamps; /* screens that `near` has left */
static char opened[64]; /* the names of those that were, a space after each */

static int open_driver(struct display *display,
		       const struct display_config *config, int error)
{
	if (error)
		return display_refuse(config, display->ops->name, error,
				      "no lamps (%d)", -error);
	strcat(strcat(opened, display->ops->name), " ");
	display->slot_count = 1;
	return 0;
}

static uint32_t plain_rejected; /* by the driver itself */

static void reject(struct display *display)
{
	uint32_t i;

	display->rejected_count = plain_rejected;
	for (i = 0; i < plain_rejected; i++) {
		strcpy(display->rejected[i].what, "lamp");
		snprintf(display->rejected[i].why,
			 sizeof(display->rejected[i].why), "dark %u", i);
	}
}

static int open_near(struct display *display,
		     const struct display_config *config)
{
	int error = near_error ? near_error : lamps ? 0 : -ENODEV;

	if (!error)
		snprintf(display->text, sizeof(display->text), "lamp %d",
			 lamps--);
	return open_driver(display, config, error);
}

static int open_far(struct display *display,
		    const struct display_config *config)
{
	return open_driver(display, config, far_error);
}

static int open_plain(struct display *display,
		      const struct display_config *config)
{
	reject(display);
	return open_driver(display, config, plain_error);
}

static void close_driver(struct display *display)
{
	(void)display;
}

/* clang-format off */
static const struct display_ops near_ops = {
	.name = "near", .has_refresh = true, .open = open_near, .close = close_driver,
};
static const struct display_ops far_ops = {
	.name = "far", .has_refresh = true, .open = open_far, .close = close_driver,
};
static const struct display_ops plain_ops = {
	.name = "plain", .open = open_plain, .close = close_driver,
};
static const struct display_ops null_ops = {
	.name = "null", .open = open_plain, .close = close_driver,
};
static const struct display_ops named_ops = {
	.name = "named", .has_refresh = true, .by_name = true, .open = open_plain,
	.close = close_driver,
};
/* clang-format on */

static const struct display_ops *const all[] = {&named_ops, &near_ops, &far_ops, &plain_ops,
						&null_ops, NULL};
static const struct display_ops *const screens[] = {&near_ops, &null_ops, NULL};

static struct options options;
static struct display displays[GRAPH_SINKS_MAX];
static char said[2048]; /* on stderr */

/* Opens the displays of the sample graph (spare: null; screen; wall) as these
 * options ask. */
static enum exit_status open_all(const struct display_ops *const list[],
				 const char *arguments, const char *order)
{
	const struct drivers drivers = {.displays = list,
					.display_order = order};
	struct display_request requests[GRAPH_SINKS_MAX];
	struct backend backend = {.graph = &sample_graph,
				  .plan = &sample_plans[0]};
	char *argv[] = {(char[]){"sample"}, strdup(arguments), NULL};
	FILE *out = tmpfile();
	int before = dup(STDERR_FILENO);
	enum exit_status status;

	ck_assert_msg(options_parse(&options, &sample_graph, &drivers,
				    *arguments ? 2 : 1, argv),
		      "%s", options.error);
	opened[0] = '\0';
	dup2(fileno(out), STDERR_FILENO);
	displays_choose(requests, &drivers, &options, &sample_graph);
	status = displays_open(displays, requests, &backend);
	dup2(before, STDERR_FILENO);
	rewind(out);
	said[fread(said, 1, sizeof(said) - 1, out)] = '\0';
	fclose(out);
	close(before);
	free(argv[1]);
	return status;
}

static void setup(void)
{
	message_set_program("sample");
	near_error = far_error = plain_error = 0;
	lamps = 2;
}

/* clang-format off */
static const struct {
	const char *arguments;
	int near_error, far_error, plain_error;
	int status;
	const char *opened; /* spare, screen, wall */
	const char *said;
} choices[] = {
	/* the main sink (screen) takes the best, the other one its next screen */
	{"", 0, 0, 0, 0, "null near near ",
	 "sample: display: near: lamp 2\n"
	 "sample: display: near: lamp 1\n"},
	/* a line for each that refuses, and for what it comes to */
	{"", -ENODEV, 0, 0, 0, "null far far ",
	 "sample: display: not near: no lamps (19)\n"
	 "sample: display: far\n"},
	{"", -EBUSY, -EACCES, 0, 0, "null plain plain ",
	 "sample: display: not near: no lamps (16)\n"
	 "sample: display: not far: no lamps (13)\n"
	 "sample: display: plain\n"},
	/* an end that needs no refreshes, one that needs them */
	{"--clock=free", 0, 0, 0, 0, "null plain plain ", ""},
	{"--clock=display", -ENODEV, 0, 0, 0, "null far far ",
	 "sample: display: not near: no lamps (19)\n"},
	/* none: the error is that of a device which is there */
	{"--clock=display", -ENODEV, -EACCES, 0, 77, "null ",
	 "sample: display: not near: no lamps (19)\n"
	 "sample: display: not far: no lamps (13)\n"},
	{"--clock=display", -EACCES, -ENODEV, 0, 77, "null ",
	 "sample: display: not near: no lamps (13)\n"
	 "sample: display: not far: no lamps (19)\n"},
	/* what is asked for by name has no stand-in */
	{"--display=near", -ENODEV, 0, 0, 69, "null ",
	 "sample: near: no lamps (19)\n"},
	{"--display=plain", 0, 0, 0, 0, "null plain plain ", ""},
	{"--display=wall:far", 0, 0, 0, 0, "null near far ",
	 "sample: display: near: lamp 2\n"},
	/* the main sink decides whether the others have screens, by name too */
	{"--display=far", 0, 0, 0, 0, "null far far ", ""},
};
/* clang-format on */

START_TEST(choice)
{
	near_error = choices[_i].near_error;
	far_error = choices[_i].far_error;
	plain_error = choices[_i].plain_error;
	ck_assert_int_eq(open_all(all, choices[_i].arguments, NULL),
			 choices[_i].status);
	ck_assert_str_eq(opened, choices[_i].opened);
	ck_assert_str_eq(said, choices[_i].said);
}
END_TEST

/* What a board names comes first, in its order, also what is for names only; the
 * others follow. */
static const struct {
	const char *order;
	int near_error, far_error;
	const char *opened, *said;
} orders[] = {
	{"", 0, 0, "null near near ",
	 "sample: display: near: lamp 2\nsample: display: near: lamp 1\n"},
	{"far near", 0, 0, "null far far ", "sample: display: far\n"},
	{" far  near ", 0, -EACCES, "null near near ",
	 "sample: display: not far: no lamps (13)\n"
	 "sample: display: near: lamp 2\nsample: display: near: lamp 1\n"},
	{"far", 0, -EACCES, "null near near ",
	 "sample: display: not far: no lamps (13)\n"
	 "sample: display: near: lamp 2\nsample: display: near: lamp 1\n"},
	{"named plain", 0, 0, "null named named ", "sample: display: named\n"},
	{"plain near", 0, 0, "null plain plain ", "sample: display: plain\n"},
	{"farther nea far", 0, 0, "null far far ", "sample: display: far\n"},
};

START_TEST(the_order_of_a_board)
{
	near_error = orders[_i].near_error;
	far_error = orders[_i].far_error;
	ck_assert_int_eq(open_all(all, "", orders[_i].order), EXIT_STATUS_OK);
	ck_assert_str_eq(opened, orders[_i].opened);
	ck_assert_str_eq(said, orders[_i].said);
}
END_TEST

/* Who is named on the command line is not asked of the board. */
START_TEST(the_order_of_a_board_and_a_name)
{
	near_error = -ENODEV;
	ck_assert_int_eq(open_all(all, "--display=near", "far"),
			 EXIT_STATUS_NO_DEVICE);
	ck_assert_str_eq(opened, "null ");
}
END_TEST

/* Each once, whatever the order repeats or leaves out. */
START_TEST(all_are_in_an_order)
{
	static const char *const expected[] = {"far", "null", "named", "near",
					       "plain"};
	const struct display_ops *ops;
	bool is_named;
	uint32_t i;

	for (i = 0; (ops = display_in_order(all, "far none null", i, &is_named));
	     i++) {
		ck_assert_uint_lt(i, 5);
		ck_assert_str_eq(ops->name, expected[i]);
		ck_assert_int_eq(is_named, i < 2);
	}
	ck_assert_uint_eq(i, 5);
}
END_TEST

/* Those that were passed over, in their order, then what the driver tried, as
 * far as there is room. */
START_TEST(what_was_turned_down_stays_with_the_display)
{
	const struct display *screen = &displays[1];

	near_error = -ENODEV;
	far_error = -EACCES;
	plain_rejected = _i ? DISPLAY_REJECTIONS_MAX : 1;
	ck_assert_int_eq(open_all(all, "", NULL), EXIT_STATUS_OK);
	ck_assert_str_eq(opened, "null plain plain ");
	ck_assert_uint_eq(screen->rejected_count,
			  _i ? DISPLAY_REJECTIONS_MAX : 3);
	ck_assert_str_eq(screen->rejected[0].what, "near");
	ck_assert_str_eq(screen->rejected[0].why, "no lamps (19)");
	ck_assert_str_eq(screen->rejected[1].what, "far");
	ck_assert_str_eq(screen->rejected[2].why, "dark 0");
	ck_assert_str_eq(screen->rejected[screen->rejected_count - 1].why,
			 _i ? "dark 5" : "dark 0");
}
END_TEST

/* One screen: the other sink is without, and is told why. */
START_TEST(one_screen)
{
	lamps = 1;
	ck_assert_int_eq(open_all(all, "", NULL), EXIT_STATUS_OK);
	ck_assert_str_eq(opened, "null near plain ");
	ck_assert_str_eq(said, "sample: display: near: lamp 1\n"
			       "sample: display: not near: no lamps (19)\n");
}
END_TEST

/* The wall must have no refreshes, and only null is without. */
START_TEST(the_list_is_an_argument)
{
	lamps = 1;
	ck_assert_int_eq(open_all(screens, "", NULL), EXIT_STATUS_OK);
	ck_assert_str_eq(opened, "null near null ");
}
END_TEST

START_TEST(none_suits)
{
	static const struct display_ops *const only[] = {&near_ops, NULL};
	struct display_request request = {
		.drivers = only,
		.wish = DISPLAY_WISH_NO_REFRESH,
	};
	struct graph graph = sample_graph;
	struct backend backend = {.graph = &graph, .plan = &sample_plans[0]};

	graph.sink_count = 1;
	opened[0] = '\0';
	ck_assert_int_eq(displays_open(displays, &request, &backend),
			 EXIT_STATUS_NO_DEVICE);
	ck_assert_str_eq(opened, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("displays");
	TCase *tests = tcase_create("choice");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_loop_test(tests, choice, 0,
			    (int)(sizeof(choices) / sizeof(choices[0])));
	tcase_add_loop_test(tests, what_was_turned_down_stays_with_the_display,
			    0, 2);
	tcase_add_loop_test(tests, the_order_of_a_board, 0,
			    (int)(sizeof(orders) / sizeof(orders[0])));
	tcase_add_test(tests, the_order_of_a_board_and_a_name);
	tcase_add_test(tests, all_are_in_an_order);
	tcase_add_test(tests, one_screen);
	tcase_add_test(tests, the_list_is_an_argument);
	tcase_add_test(tests, none_suits);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}

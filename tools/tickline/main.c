/*
 * tools/tickline/main.c: the command `tickline`: one row a command, one row an
 * option. Commands speak the protocol of docs/control.md.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "graph/graph.h"
#include "runtime/base/message.h"
#include "runtime/base/text.h"
#include "tools/tickline/command.h"

/* clang-format off */
static const struct command commands[] = {
	{"list", "", "the programs that run here", command_list, 0},
	{"params", "[NAME] [NODE]", "what can be set, and how it is set now",
	 command_params, 0},
	{"get", "[NAME] NODE.PARAM...", "how parameters are, and what they are going to be",
	 command_get, 0},
	{"set", "[NAME] NODE.PARAM=VALUE...", "changes them, all in one tick, which it prints",
	 command_set, COMMAND_CHANGES | COMMAND_MOVES},
	{"toggle", "[NAME] NODE.PARAM...", "true becomes false, false becomes true",
	 command_toggle, COMMAND_CHANGES},
	{"stats", "[NAME]", "how the run is going", command_stats, 0},
	{"top", "[NAME]", "that again each second: steps, sinks, sources, clocks",
	 command_top, COMMAND_WATCHES},
	{"trace", "[NAME] FILE", "what happened lately, for ui.perfetto.dev",
	 command_trace, COMMAND_LOOKS_BACK},
	{"events", "[NAME]", "a JSON line for each thing that happens, until the program ends",
	 command_events, 0},
	{"stop", "[NAME]", "ends the program in order", command_stop, 0},
};
/* clang-format on */
#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

enum option_key { KEY_HELP = 256, KEY_VERSION, KEY_JSON, KEY_AT, KEY_LATE,
		  KEY_OVER, KEY_EASE, KEY_HOLD, KEY_COUNT, KEY_PROMETHEUS, KEY_SYS,
		  KEY_SECONDS };

static const struct option options[] = {
	{"help", no_argument, NULL, KEY_HELP},
	{"version", no_argument, NULL, KEY_VERSION},
	{"json", no_argument, NULL, KEY_JSON},
	{"at", required_argument, NULL, KEY_AT},
	{"late", required_argument, NULL, KEY_LATE},
	{"over", required_argument, NULL, KEY_OVER},
	{"ease", required_argument, NULL, KEY_EASE},
	{"hold", required_argument, NULL, KEY_HOLD},
	{"count", required_argument, NULL, KEY_COUNT},
	{"prometheus", required_argument, NULL, KEY_PROMETHEUS},
	{"sys", required_argument, NULL, KEY_SYS},
	{"seconds", required_argument, NULL, KEY_SECONDS},
	{NULL, 0, NULL, 0},
};

static void print_help(void)
{
	size_t i;

	printf("usage: tickline COMMAND [WORDS] [options]\n"
	       "Looks at running tickline programs and changes them.\n\n");
	for (i = 0; i < COMMAND_COUNT; i++)
		printf("  %-6s %-28s %s\n", commands[i].name, commands[i].words,
		       commands[i].help);
	printf("\nNAME is a program's, as list prints it, or the path of a "
	       "socket; it may be left\nout where one program runs. Options:\n\n"
	       "  --json        print the answer as it came\n"
	       "  --at WHEN     a tick, +TICKS, +500ms, +2s, or a time like "
	       "2026-11-27T18:00:00.5Z;\n"
	       "                else the next tick\n"
	       "  --late HOW    of one that has begun: now, or refuse\n"
	       "  --over SPAN   set: on the way for so many ticks, 500ms or 2s\n"
	       "  --ease NAME   set: linear, quad, cubic or sine, with -in, -out "
	       "or -in-out behind\n"
	       "  --hold SPAN   back to what it was after that\n"
	       "  --count N     top: so many times, else until it is interrupted\n"
	       "  --prometheus FILE  top: into a file, in that form\n"
	       "  --sys DIR     top: where sysfs is, else /sys\n"
	       "  --seconds N   trace: the last N seconds, else all that is there\n"
	       "  --help        this text\n"
	       "  --version     the version\n");
}

/* ---- the command line --------------------------------------------------------------- */

static bool take_option(struct command_line *line, int key)
{
	switch (key) {
	case KEY_JSON:
		line->json = true;
		return true;
	case KEY_AT:
		line->at = optarg;
		return true;
	case KEY_LATE:
		line->late = optarg;
		return true;
	case KEY_OVER:
		line->over = optarg;
		return true;
	case KEY_EASE:
		line->ease = optarg;
		return true;
	case KEY_HOLD:
		line->hold = optarg;
		return true;
	case KEY_COUNT:
		line->count = optarg;
		return true;
	case KEY_PROMETHEUS:
		line->prometheus = optarg;
		return true;
	case KEY_SYS:
		line->sys = optarg;
		return true;
	case KEY_SECONDS:
		line->seconds = optarg;
		return true;
	default:
		return false;
	}
}

static int refuse_option(char *argv[], int key)
{
	if (key == ':')
		message("%.64s: needs a value; tickline --help", argv[optind - 1]);
	else
		message("%.64s: no such option; tickline --help lists them",
			argv[optind - 1]);
	return EXIT_STATUS_USAGE;
}

static const struct command *find_command(const char *name)
{
	struct text_nearest best = {NULL, 0};
	size_t i;

	for (i = 0; i < COMMAND_COUNT; i++) {
		if (!strcmp(commands[i].name, name))
			return &commands[i];
		text_nearest(&best, name, strlen(name), commands[i].name);
	}
	if (best.name)
		message("%.64s: no such command; did you mean %s?", name,
			best.name);
	else
		message("%.64s: no such command; tickline --help lists them",
			name);
	return NULL;
}

/* An option that the command does not take would do nothing. */
static bool check_options(const struct command *command,
			  const struct command_line *line)
{
	const char *wrong = NULL;

	if (!(command->takes & COMMAND_CHANGES) && (line->at || line->late || line->hold))
		wrong = line->at ? "--at" : line->late ? "--late" : "--hold";
	if (!(command->takes & COMMAND_MOVES) && (line->over || line->ease))
		wrong = line->over ? "--over" : "--ease";
	if (!(command->takes & COMMAND_WATCHES) && (line->count || line->prometheus || line->sys))
		wrong = line->count	   ? "--count"
			: line->prometheus ? "--prometheus"
					   : "--sys";
	if (!(command->takes & COMMAND_LOOKS_BACK) && line->seconds)
		wrong = "--seconds";
	if (wrong)
		message("%s: %s does not take it", wrong, command->name);
	return !wrong;
}

static int parse(int argc, char *argv[], struct command_line *line)
{
	int key;

	opterr = 0;
	while ((key = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (key == KEY_HELP) {
			print_help();
			return 0;
		}
		if (key == KEY_VERSION) {
			printf("tickline %s\n", GRAPH_VERSION);
			return 0;
		}
		if (!take_option(line, key))
			return refuse_option(argv, key);
	}
	return -1;
}

int main(int argc, char *argv[])
{
	struct command_line line = {.json = false};
	const struct command *command;
	int status;

	message_set_program("tickline");
	status = parse(argc, argv, &line);
	if (status >= 0)
		return status;
	if (optind == argc) {
		message("which command? tickline --help lists them");
		return EXIT_STATUS_USAGE;
	}
	command = find_command(argv[optind]);
	if (!command || !check_options(command, &line))
		return EXIT_STATUS_USAGE;
	line.words = (const char *const *)&argv[optind + 1];
	status = command->run(&line);
	if (fflush(stdout) && !status) {
		message("standard output takes nothing: give it a reader");
		status = EXIT_STATUS_OS_LIMIT;
	}
	return status;
}

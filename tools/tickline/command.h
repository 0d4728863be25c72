/*
 * tools/tickline/command.h: the commands of tickline: a row each in main.c, a
 * function each. One that has printed a line returns its exit status.
 */
#ifndef TOOLS_TICKLINE_COMMAND_H
#define TOOLS_TICKLINE_COMMAND_H

#include <jansson.h>
#include <stdbool.h>

#include "runtime/base/exit_status.h"

#define COMMAND_REFUSED 1 /* the program said no; its line was printed */

/* A command line without its options. */
struct command_line {
	const char *const *words; /* behind the command; NULL at the end */
	bool json;		  /* --json: the answer as it came */
	/* of set and toggle; NULL: not given */
	const char *at, *late, *over, *ease, *hold;
	/* of top; likewise */
	const char *count, *prometheus, *sys;
	const char *seconds; /* of trace */
};

/* Options that a command takes beside --json. */
#define COMMAND_CHANGES	   1u /* --at, --late, --hold */
#define COMMAND_MOVES	   2u /* --over, --ease */
#define COMMAND_WATCHES	   4u /* --count, --prometheus, --sys */
#define COMMAND_LOOKS_BACK 8u /* --seconds */

struct command {
	const char *name, *words, *help;
	int (*run)(const struct command_line *line);
	unsigned int takes; /* COMMAND_CHANGES | ... */
};

int command_list(const struct command_line *line);
int command_params(const struct command_line *line);
int command_get(const struct command_line *line);
int command_set(const struct command_line *line);
int command_toggle(const struct command_line *line);
int command_stats(const struct command_line *line);
int command_top(const struct command_line *line);
int command_trace(const struct command_line *line);
int command_events(const struct command_line *line);
int command_stop(const struct command_line *line);

/* Takes the program's name off the words, where the first one is one: it has no
 * '=', and is a path or the name of what runs. NULL: none is named. */
const char *command_take_name(const char *const **words);

/* Prints an answer as it came, without "id", "code" and "comment" where all is
 * well; frees it. 0. */
int command_print_json(json_t *answer);

#endif

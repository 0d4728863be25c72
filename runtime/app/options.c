/*
 * runtime/app/options.c: one row an option: its name, its argument, its help, the
 * function that takes it and the field that it goes into. The rows are the whole
 * command line; --help prints them and getopt_long is fed from them.
 *
 * Only what the command line alone can tell is refused here.
 */
#include "runtime/app/options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "runtime/app/options_private.h"
#include "runtime/control/set_param.h"
#include "runtime/base/text.h"

bool options_refuse(struct options *options, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_line(options->error, sizeof(options->error), format, arguments);
	va_end(arguments);
	return false;
}

/* A word's place in the list; -1 where it is none of them. */
static int word_index(const char *const *words, const char *value)
{
	int i;

	for (i = 0; words[i]; i++)
		if (!strcmp(words[i], value))
			return i;
	return -1;
}

/* The place in struct options that the row is about. */
static void *field(const struct parse *parse)
{
	return (char *)parse->options + parse->row->offset;
}

/* One of row->words: the field becomes its place in the list. */
static bool take_word(struct parse *parse, const char *value)
{
	const char *const *words = parse->row->words;
	int i, index = word_index(words, value);
	char list[128] = "";

	if (index >= 0) {
		memcpy(field(parse), &index, sizeof(index));
		return true;
	}
	for (i = 0; words[i]; i++)
		text_append(list, sizeof(list), "%s%s", i ? ", " : "",
			    words[i]);
	return options_refuse(parse->options, "--%s %.64s: must be one of %s",
			      parse->row->name, value, list);
}

/* "cuda,device=1": the word before the comma is left. */
static bool options_take_device(struct parse *parse, const char *value,
				const char *settings)
{
	static const char key[] = "device=";
	size_t length = strlen(key);
	int64_t number;

	if (strncmp(settings, key, length) ||
	    !text_to_int(settings + length, strlen(settings + length), 0, 63,
			 &number))
		return options_refuse(parse->options,
				      "--backend %.64s: after cuda comes "
				      "device=N, N from 0 to 63",
				      value);
	parse->options->device = (int32_t)number;
	return true;
}

static bool take_backend(struct parse *parse, const char *value)
{
	const char *settings = strchr(value, ',');

	if (!settings || !text_is(value, (size_t)(settings - value), "cuda"))
		return take_word(parse, value);
	parse->options->backend = OPTIONS_BACKEND_CUDA;
	return options_take_device(parse, value, settings + 1);
}

static bool take_flag(struct parse *parse, const char *value)
{
	(void)value;
	*(bool *)field(parse) = true;
	return true;
}

/* --help and its like: the row's number is the action. */
static bool take_action(struct parse *parse, const char *value)
{
	(void)value;
	parse->options->action = (enum options_action)parse->row->max;
	return true;
}

static bool take_number(struct parse *parse, const char *value)
{
	const struct options_row *row = parse->row;
	int64_t number;
	int32_t taken;

	if (!options_take_int(parse, value, row->min, row->max, row->unit,
			      &number))
		return false;
	taken = (int32_t)number;
	memcpy(field(parse), &taken, sizeof(taken));
	return true;
}

static bool take_file(struct parse *parse, const char *value)
{
	if (!*value)
		return options_refuse(parse->options,
				      "--%s: the file name is empty",
				      parse->row->name);
	*(const char **)field(parse) = value;
	return true;
}

/* A sink's name before the first ':' is taken off *value. False: what stands
 * there looks like a name, and no sink has it. */
static bool take_sink(struct parse *parse, const char **value, uint32_t *sink)
{
	size_t length = strcspn(*value, ":/.");
	uint32_t i;

	*sink = parse->options->main_sink;
	if ((*value)[length] != ':' || !length)
		return true;
	for (i = 0; i < parse->graph->sink_count; i++)
		if (text_is(*value, length, parse->graph->sinks[i].name)) {
			*value += length + 1;
			*sink = i;
			return true;
		}
	return options_refuse(parse->options,
			      "--%s %.64s: graph %s has no sink %.*s; a file of "
			      "that name is ./%.64s",
			      parse->row->name, *value, parse->graph->name,
			      (int)(length > 64 ? 64 : length), *value, *value);
}

/* [NODE:]FILE */
static bool take_output(struct parse *parse, const char *value)
{
	struct options *options = parse->options;
	const char *name = parse->row->name;
	uint32_t sink;

	if (!take_sink(parse, &value, &sink))
		return false;
	if (!*value)
		return options_refuse(options, "--%s: the file name is empty",
				      name);
	((const char **)field(parse))[sink] = value;
	return true;
}

static bool take_control(struct parse *parse, const char *value)
{
	if (!*value)
		return options_refuse(parse->options,
				      "--control: must be auto, none or a path");
	parse->options->control = value;
	return true;
}

static bool take_set(struct parse *parse, const char *value)
{
	struct options *options = parse->options;

	if (options->set_count == OPTIONS_SETS_MAX)
		return options_refuse(options,
				      "--set %.64s: at most %d of them; put "
				      "the rest into the graph",
				      value, OPTIONS_SETS_MAX);
	if (!set_param(parse->graph, value, NULL, options->error,
		       sizeof(options->error)))
		return false;
	options->set[options->set_count++] = value;
	return true;
}

/* clang-format off */
static const char *const backend_words[] = {"auto", "cpu", "cuda", NULL};
static const char *const isa_words[] = {"auto", "base", "avx2", "avx512", NULL};
static const char *const clock_words[] = {"timer", "free", "display", NULL};
static const char *const report_words[] = {"none", "text", "json", NULL};

#define CPUS_MAX 1024 /* bits of a cpu_set_t */

#define AT(field) .offset = offsetof(struct options, field)
#define NO_FIELD  .offset = 0 /* its function knows */

const struct options_row options_rows[] = {
	{"display", "[NODE:]NAME", options_take_display,
	 "where the picture goes: auto, or a display of those below with its "
	 "settings; NODE names a sink",
	 NO_FIELD},
	{"source", "[NODE:]NAME", options_take_source,
	 "what fills a source of the graph: auto, or one of those below with its "
	 "settings",
	 NO_FIELD},
	{"mode", "WxH[@HZ]", options_take_mode,
	 "the display's mode: 1920x1080@60; also forces one on a dark connector",
	 NO_FIELD},
	{"backend", "NAME", take_backend,
	 "what draws: auto, cpu or cuda[,device=N]",
	 AT(backend), .words = backend_words},
	{"isa", "NAME", take_word, "auto, base, avx2 or avx512",
	 AT(isa), .words = isa_words},
	{"clock", "NAME", take_word,
	 "timer; display: a tick for each refresh; free: as fast as possible, for "
	 "rendering to a file",
	 AT(clock), .words = clock_words},
	{"nominal", NULL, take_flag,
	 "show the values of a perfect run in the picture", AT(nominal)},
	{"ticks", "N", options_take_ticks, "run the tick numbers 0 to N-1",
	 NO_FIELD},
	{"seconds", "S", options_take_seconds, "run the ticks of the first S seconds",
	 NO_FIELD},
	{"hold", NULL, take_flag, "then keep the last frame up until a signal", AT(hold)},
	{"record", "[NODE:]FILE", take_output,
	 "write every frame: raw XRGB8888, or YUV4MPEG2 if FILE ends in .y4m",
	 AT(record_path)},
	{"digest", "[NODE:]FILE", take_output, "write one line a frame: tick and hash",
	 AT(digest_path)},
	{"snapshot", "[NODE:]FILE.png", take_output, "write the last frame presented",
	 AT(snapshot_path)},
	{"ledger", "FILE", take_file,
	 "write one line a frame: tick, when due, submitted and shown",
	 AT(ledger_path)},
	{"trace", "FILE", take_file,
	 "write what each tick did and when, for ui.perfetto.dev", AT(trace_path)},
	{"flight-recorder", "DIR", options_take_flight,
	 "write the last seconds there, as --trace, when something goes wrong: "
	 "DIR[,seconds=5][,files=10]",
	 NO_FIELD},
	{"report", "FORM", take_word, "text or json, on exit (none: neither)",
	 AT(report), .words = report_words},
	{"status", NULL, take_flag,
	 "a line on stderr every second (without: only on a terminal)", AT(status)},
	{"set", "NODE.PARAM=VALUE", take_set, "change a parameter, see below",
	 NO_FIELD},
	{"control", "PATH", take_control,
	 "where the control socket is: auto, none or a path; see docs/control.md",
	 NO_FIELD},
	{"control-log", "FILE", take_file,
	 "write every change with its tick, for --replay", AT(control_log)},
	{"replay", "FILE", take_file, "repeat the changes of such a log",
	 AT(replay)},
	{"priority", "P", take_number, "SCHED_FIFO priority, 1 to 99",
	 AT(priority), .min = 1, .max = 99, .unit = " (SCHED_FIFO)"},
	{"cpu", "N", take_number, "run the tick thread on CPU N; -1: any",
	 AT(cpu), .min = -1, .max = CPUS_MAX - 1, .unit = " (-1: any)"},
	{"spin-us", "N", options_take_spin_us, "spin the last N us before each tick",
	 NO_FIELD},
	{"workers", "N", take_number,
	 "threads that draw on the CPU, the tick thread among them",
	 AT(workers), .min = 1, .max = GRAPH_THREADS_MAX,
	 .unit = " (left out: all CPUs but one)"},
	{"require-rt", NULL, take_flag, "refuse to run without SCHED_FIFO", AT(require_rt)},
	{"probe", NULL, take_action, "say what is here and what auto would choose",
	 .max = OPTIONS_PROBE},
	{"help", NULL, take_action, "this text", .max = OPTIONS_HELP},
	{"version", NULL, take_action, "the version", .max = OPTIONS_VERSION},
};
/* clang-format on */
const size_t options_row_count = sizeof(options_rows) / sizeof(options_rows[0]);
_Static_assert(sizeof(options_rows) / sizeof(options_rows[0]) <
		       OPTIONS_ROWS_MAX,
	       "OPTIONS_ROWS_MAX");

static void set_defaults(struct options *options, const struct graph *graph)
{
	uint32_t i;

	memset(options, 0, sizeof(*options));
	options->device = -1;
	options->control = "auto";
	options->flight_seconds = OPTIONS_FLIGHT_SECONDS;
	options->flight_files = OPTIONS_FLIGHT_FILES;
	options->priority = graph->board.priority;
	options->cpu = graph->board.cpu;
	options->spin_us = graph->board.spin_us;
	for (i = 0; i < graph->sink_count && i < GRAPH_SINKS_MAX; i++)
		options->display[i] = strcmp(graph->sinks[i].type, "display")
					      ? graph->sinks[i].type
					      : "auto";
	for (i = 0; i < graph->sink_count && i < GRAPH_SINKS_MAX; i++)
		if (!strcmp(graph->sinks[i].type, "display"))
			break;
	for (uint32_t j = 0; j < graph->source_count; j++)
		options->source[j] = "auto";
	options->main_sink =
		i < graph->sink_count && i < GRAPH_SINKS_MAX ? i : 0;
}

static bool refuse_unknown(struct options *options, const char *argument)
{
	struct text_nearest best = {NULL, 0};
	const char *name = argument + strspn(argument, "-");
	size_t length = strcspn(name, "="), i;

	for (i = 0; i < options_row_count; i++)
		text_nearest(&best, name, length, options_rows[i].name);
	if (best.name)
		return options_refuse(options,
				      "%.64s: no such option; did you mean "
				      "--%s?",
				      argument, best.name);
	return options_refuse(
		options, "%.64s: no such option; --help lists them", argument);
}

/* What shows the main sink has refreshes, or may have. */
static bool may_refresh(const struct parse *parse)
{
	const char *name = parse->options->display[parse->options->main_sink];
	const struct display_ops *const *ops;

	for (ops = parse->drivers->displays; *ops; ops++)
		if ((*ops)->has_refresh && (!strcmp(name, "auto") ||
					    !strcmp(name, (*ops)->name)))
			return true;
	return false;
}

/* The graph names a display of its sinks that this program lacks. */
static bool check_displays(struct parse *parse)
{
	struct options *options = parse->options;
	char list[128];
	uint32_t i;

	for (i = 0; i < parse->graph->sink_count; i++) {
		const char *name = options->display[i];

		if (!strcmp(name, "auto") ||
		    display_find(parse->drivers->displays, name, strlen(name)))
			continue;
		options_list_displays(parse, DISPLAY_WISH_ANY, list,
				      sizeof(list));
		return options_refuse(options,
				      "sink %s: this program has no display "
				      "%s, only %s: make it of type display",
				      parse->graph->sinks[i].name, name, list);
	}
	return true;
}

static bool check_refreshes(struct parse *parse)
{
	struct options *options = parse->options;
	const char *name = options->display[options->main_sink];
	char list[128];

	if (may_refresh(parse))
		return true;
	if (options->mode.width)
		return options_refuse(options,
				      "--mode: display %s has no modes; leave "
				      "it out",
				      name);
	options_list_displays(parse, DISPLAY_WISH_REFRESH, list, sizeof(list));
	if (options->clock == CLOCK_DISPLAY)
		return options_refuse(options,
				      "--clock display: display %s has no "
				      "refreshes to follow; use --clock timer"
				      "%s%s",
				      name, *list ? ", or --display " : "",
				      list);
	return true;
}

/* What the options say together. */
static bool check_together(struct parse *parse)
{
	struct options *options = parse->options;

	if (parse->ticks && parse->seconds_ticks)
		return options_refuse(options, "--ticks and --seconds: both "
					       "end the run; give one");
	options->tick_limit =
		parse->ticks ? parse->ticks : parse->seconds_ticks;
	if (options->replay && options->control_log)
		return options_refuse(options, "--replay and --control-log: a "
					       "repeated show has no new "
					       "changes; give one");
	if (!check_displays(parse) || !check_refreshes(parse))
		return false;
	if (options->clock == CLOCK_FREE)
		options->nominal = true;
	if (isatty(STDERR_FILENO))
		options->status = true;
	return true;
}

static bool refuse_missing(struct options *options,
			   const struct options_row *row)
{
	return options_refuse(options, "--%s: needs a value: --%s %s",
			      row->name, row->name, row->argument);
}

/* getopt_long said '?': no such option, or a value where none belongs. */
static bool refuse_option(struct options *options, const char *argument)
{
	if (optopt && optopt < OPTIONS_ROW_FIRST)
		return options_refuse(options,
				      "-%c: no such option; --help lists them",
				      optopt);
	if (optopt)
		return options_refuse(options, "%.64s: --%s takes no value",
				      argument,
				      options_rows[optopt - OPTIONS_ROW_FIRST].name);
	return refuse_unknown(options, argument);
}

/* getopt_long takes "--tick" for --ticks; a script that does would break with
 * the next option of that beginning. Names the argument at hand. */
static bool is_whole_name(const struct options_row *row, char *argv[],
			  const char **argument)
{
	*argument = argv[optind - 1];
	if (row->argument && optarg == *argument)
		*argument = argv[optind - 2];
	return text_is(*argument + 2, strcspn(*argument + 2, "="), row->name);
}

static bool take_options(struct parse *parse, int argc, char *argv[])
{
	struct option table[OPTIONS_ROWS_MAX + 1] = {{0}};
	const char *argument;
	size_t i;
	int result;

	for (i = 0; i < options_row_count; i++) {
		table[i].name = options_rows[i].name;
		table[i].has_arg = options_rows[i].argument ? required_argument
							    : no_argument;
		table[i].val = OPTIONS_ROW_FIRST + (int)i;
	}
	opterr = 0;
	optind = 0; /* glibc: start afresh */
	while ((result = getopt_long(argc, argv, ":h", table, NULL)) != -1) {
		if (result == 'h') {
			parse->options->action = OPTIONS_HELP;
			continue;
		}
		if (result == ':')
			return refuse_missing(parse->options,
					      &options_rows[optopt - OPTIONS_ROW_FIRST]);
		if (result == '?')
			return refuse_option(parse->options, argv[optind - 1]);
		parse->row = &options_rows[result - OPTIONS_ROW_FIRST];
		if (!is_whole_name(parse->row, argv, &argument))
			return refuse_unknown(parse->options, argument);
		if (!parse->row->take(parse, optarg))
			return false;
	}
	if (optind < argc)
		return options_refuse(parse->options,
				      "%.64s: not an option; every argument "
				      "starts with -- (--help lists them)",
				      argv[optind]);
	return true;
}

bool options_parse(struct options *options, const struct graph *graph,
		   const struct drivers *drivers, int argc, char *argv[])
{
	struct parse parse = {
		.options = options,
		.graph = graph,
		.drivers = drivers,
	};

	set_defaults(options, graph);
	return take_options(&parse, argc, argv) && check_together(&parse);
}

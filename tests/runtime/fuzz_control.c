/*
 * tests/runtime/fuzz_control.c: requests of the control socket, any bytes, one
 * after the other against parameters that ticks go on with. What was accepted has
 * to be within its range, and what get says. Built and run by fuzz.sh.
 */
#include <stdio.h>
#include <stdlib.h>

#include "runtime/control/server.h"
#include "runtime/control/set_param.h"
#include "runtime/control/verbs.h"
#include "tests/runtime/sample_graph.h"

static _Alignas(64) unsigned char pool[256];
static struct changes changes;
static struct editor editor;
static struct edit edit;

static struct when_clock fuzz_clock(void *arg)
{
	(void)arg;
	return (struct when_clock){{60000, 1001}, 1000000000};
}

static struct verb_desk desk = {
	.editor = &editor,
	.edit = &edit,
	.rate = {60000, 1001},
	.clock = fuzz_clock,
};

static const struct verb verbs[] = {
	{"params", verb_params_keys, verb_params, &desk},
	{"get", verb_get_keys, verb_get, &desk},
	{"set", verb_set_keys, verb_set, &desk},
	{"toggle", verb_toggle_keys, verb_toggle, &desk},
	{NULL, NULL, NULL, NULL},
};

static void fuzz_open(void)
{
	memcpy(pool + SAMPLE_PARAMS, &sample_defaults, sizeof(sample_defaults));
	if (changes_init(&changes, &sample_graph, pool, EDITOR_CHANGES_MAX,
			 EDITOR_BYTES_MAX) ||
	    editor_init(&editor, &sample_graph, &changes, 0))
		abort();
}

/* As --set would take it. */
static void check_params(void)
{
	char text[256], line[512];
	uint32_t i;

	for (i = 0; i < sample_graph.param_count; i++) {
		const struct graph_param *param = &sample_graph.params[i];

		set_param_format(param, pool + param->offset, text,
				 sizeof(text));
		if (!set_param_read(param, text, NULL, line, sizeof(line)))
			abort();
	}
}

/* What the editor thinks is what the tick thread has. */
static void check_editor(void)
{
	editor_follow(&editor);
	if (memcmp(editor.params.value, pool + SAMPLE_PARAMS,
		   sizeof(struct sample_params)))
		abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes);

/* The first byte: how many ticks go by. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes)
{
	static uint64_t tick;
	struct call call = {.pid = 1};
	json_t *answer;
	char *text;

	if (!changes.pool.base)
		fuzz_open();
	if (!bytes)
		return 0;
	text = malloc(bytes); /* its end is guarded */
	memcpy(text, data + 1, bytes - 1);
	answer = server_answer(verbs, &call, text, bytes - 1);
	free(text);
	text = json_dumps(answer, JSON_COMPACT);
	if (!text || !json_object_get(answer, "code"))
		abort();
	free(text);
	json_decref(answer);
	tick += data[0] % 8;
	if (data[0] % 8)
		changes_begin(&changes, tick);
	check_params();
	check_editor();
	return 0;
}

/* runtime/app/characters.c: see characters.h. */
#include "runtime/app/characters.h"

#include "kernel/utf8.h"
#include "runtime/base/message.h"

static bool characters_has(const struct graph *graph, uint32_t code)
{
	uint32_t low = 0, high = graph->character_count, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (graph->characters[middle] < code)
			low = middle + 1;
		else
			high = middle;
	}
	return low < graph->character_count && graph->characters[low] == code;
}

uint32_t characters_missing(const struct graph *graph, const char *text,
			    uint32_t *first)
{
	size_t bytes, left = strlen(text);
	uint32_t code, count = 0;

	if (!graph->characters)
		return 0;
	for (; left; text += bytes, left -= bytes) {
		bytes = utf8_read(text, left, &code);
		if (!bytes)
			break;
		if (!characters_has(graph, code) && !count++)
			*first = code;
	}
	return count;
}

void characters_tell(const struct graph *graph, const unsigned char *pool)
{
	uint32_t i, count, first = 0;

	for (i = 0; i < graph->param_count; i++) {
		const struct graph_param *param = &graph->params[i];

		if (param->type != GRAPH_PARAM_STRING)
			continue;
		count = characters_missing(
			graph, (const char *)pool + param->offset, &first);
		if (count)
			message("%s: %u character%s not in the graph's font, "
				"the first U+%04X, drawn as a box; name the "
				"range in the graph's `characters`",
				param->name, count, count > 1 ? "s" : "",
				first);
	}
}

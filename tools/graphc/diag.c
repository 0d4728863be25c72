/* tools/graphc/diag.c: see diag.h. Nearest names by edit distance. */
#include "tools/graphc/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/text.h"
#include "tools/graphc/limits.h"

#define HINT_NAMES_MAX 12 /* more names than this are not listed */

static const struct {
	const char *name, *meaning;
} rules[] = {
#define RULE_ROW(id, name, meaning) {name, meaning},
	RULES(RULE_ROW)
#undef RULE_ROW
};

const char *rule_name(enum rule rule)
{
	return rules[rule].name;
}

const char *rule_meaning(enum rule rule)
{
	return rules[rule].meaning;
}

void diag_init(struct diag *diag)
{
	diag->file = "";
	diag->rule = RULE_COUNT;
	diag->next_quoted = 0;
	diag->text[0] = '\0';
}

int diag_refuse(struct diag *diag, struct where at, enum rule rule,
		const char *format, ...)
{
	va_list args;

	if (diag->rule != RULE_COUNT)
		return -1;
	diag->at = at;
	diag->rule = rule;
	va_start(args, format);
	vsnprintf(diag->text, sizeof(diag->text), format, args);
	va_end(args);
	return -1;
}

const char *diag_quote(struct diag *diag, const char *text)
{
	char *out = diag->quoted[diag->next_quoted++ % 4];
	size_t i, room = sizeof(diag->quoted[0]) - sizeof("...");

	for (i = 0; i < room && text[i]; i++)
		out[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	strcpy(out + i, text[i] ? "..." : "");
	return out;
}

static const char *nearest(const char *name, const char *const *names,
			   size_t count)
{
	size_t i, bytes = strlen(name), other;
	uint32_t edits, fewest = (uint32_t)(bytes < 6 ? 2 : bytes / 3);
	const char *best = NULL;

	if (bytes > LIMIT_NAME)
		return NULL;
	for (i = 0; i < count; i++) {
		other = strlen(names[i]);
		if (other > LIMIT_NAME || other > bytes + fewest ||
		    bytes > other + fewest)
			continue;
		edits = text_distance(name, bytes, names[i]);
		if (edits < bytes && edits < other &&
		    (edits < fewest || (edits == fewest && !best))) {
			fewest = edits;
			best = names[i];
		}
	}
	return best;
}

const char *diag_hint(struct diag *diag, const char *name,
		      const char *const *names, size_t count)
{
	const char *best = nearest(name, names, count);

	diag->hint[0] = '\0';
	if (best)
		snprintf(diag->hint, sizeof(diag->hint),
			 " (did you mean '%s'?)", best);
	else if (count && count <= HINT_NAMES_MAX)
		return diag_list(diag, names, count);
	return diag->hint;
}

const char *diag_list(struct diag *diag, const char *const *names,
		      size_t count)
{
	size_t i, used = 0, size = sizeof(diag->hint);

	for (i = 0; i < count && used < size; i++)
		used += (size_t)snprintf(diag->hint + used, size - used, "%s%s",
					 i ? ", " : "; there is ", names[i]);
	return diag->hint;
}

const char *diag_line(const struct diag *diag, struct arena *arena)
{
	size_t size = strlen(diag->file) + strlen(diag->text) + 128;
	char *line = arena_alloc(arena, size, 1);

	snprintf(line, size, "%s:%u:%u: error: %s: %s\n", diag->file,
		 diag->at.line, diag->at.column, rule_name(diag->rule),
		 diag->text);
	return line;
}

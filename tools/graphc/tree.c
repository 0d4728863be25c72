/*
 * tools/graphc/tree.c: libyaml events -> struct tree.
 *
 * The builder keeps the open collections on a stack of LIMIT_DEPTH and hangs
 * each value under the innermost one. yaml_parser_load and deep flow nesting
 * are quadratic in libyaml; stopping at the limits keeps this linear.
 */
#include "tools/graphc/tree.h"

#include <string.h>
#include <yaml.h>

#include "tools/graphc/limits.h"

struct builder {
	const struct source *source;
	struct arena *arena;
	struct diag *diag;
	yaml_parser_t parser;
	struct tree *open[LIMIT_DEPTH]; /* collections not ended yet */
	struct tree *last[LIMIT_DEPTH]; /* newest entry of each */
	uint32_t depth, values, documents;
	struct tree *root;
	const char *key; /* read, its value not yet */
	struct where key_at;
};

static struct where where_of(yaml_mark_t mark)
{
	return (struct where){(uint32_t)mark.line + 1,
			      (uint32_t)mark.column + 1};
}

static int refuse_syntax(struct builder *b)
{
	const yaml_parser_t *parser = &b->parser;
	const char *problem = parser->problem ? parser->problem : "not YAML";

	if (parser->error == YAML_READER_ERROR)
		return diag_refuse(
			b->diag,
			source_where(b->source, parser->problem_offset),
			RULE_YAML_SYNTAX, "%s", problem);
	return diag_refuse(b->diag, where_of(parser->problem_mark),
			   RULE_YAML_SYNTAX, "%s%s%s", problem,
			   parser->context ? ", " : "",
			   parser->context ? parser->context : "");
}

static int take_key(struct builder *b, const yaml_event_t *event)
{
	struct tree *mapping = b->open[b->depth - 1];
	const struct tree *entry;
	struct where at = where_of(event->start_mark);
	const char *text;

	if (event->type != YAML_SCALAR_EVENT || !event->data.scalar.length)
		return diag_refuse(b->diag, at, RULE_YAML_KEY,
				   "a key must be a name");
	text = (const char *)event->data.scalar.value;
	if (strlen(text) != event->data.scalar.length)
		return diag_refuse(b->diag, at, RULE_TEXT_NUL,
				   "NUL character in a key");
	for (entry = mapping->first; entry; entry = entry->next)
		if (!strcmp(entry->key, text))
			return diag_refuse(b->diag, at, RULE_DUPLICATE_KEY,
					   "'%s' is already in line %u",
					   diag_quote(b->diag, text),
					   entry->key_at.line);
	b->key = arena_text(b->arena, text, event->data.scalar.length);
	b->key_at = at;
	return 0;
}

/* Hangs a new value under the innermost open collection. */
static int hang(struct builder *b, struct tree *value)
{
	struct tree *parent;

	if (!b->depth) {
		b->root = value;
		return 0;
	}
	parent = b->open[b->depth - 1];
	if (parent->count == LIMIT_ENTRIES)
		return diag_refuse(b->diag, value->at, RULE_YAML_VALUES,
				   "over %u entries in one list or mapping, "
				   "the limit",
				   LIMIT_ENTRIES);
	value->key = b->key;
	value->key_at = b->key_at;
	b->key = NULL;
	if (parent->count++)
		b->last[b->depth - 1]->next = value;
	else
		parent->first = value;
	b->last[b->depth - 1] = value;
	return 0;
}

static int take_scalar(struct builder *b, const yaml_event_t *event,
		       struct tree *value)
{
	const char *text = (const char *)event->data.scalar.value;

	if (event->data.scalar.tag)
		return diag_refuse(
			b->diag, value->at, RULE_YAML_TAG,
			"tags are not used here; remove '%s'",
			diag_quote(b->diag,
				   (const char *)event->data.scalar.tag));
	if (strlen(text) != event->data.scalar.length)
		return diag_refuse(b->diag, value->at, RULE_TEXT_NUL,
				   "NUL character in a value");
	value->kind = TREE_SCALAR;
	value->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	value->one_line = event->start_mark.line == event->end_mark.line;
	value->text = arena_text(b->arena, text, event->data.scalar.length);
	return 0;
}

static int take_collection(struct builder *b, const yaml_event_t *event,
			   struct tree *value)
{
	bool sequence = event->type == YAML_SEQUENCE_START_EVENT;
	const yaml_char_t *tag = sequence ? event->data.sequence_start.tag
					  : event->data.mapping_start.tag;

	if (tag)
		return diag_refuse(b->diag, value->at, RULE_YAML_TAG,
				   "tags are not used here; remove '%s'",
				   diag_quote(b->diag, (const char *)tag));
	value->kind = sequence ? TREE_SEQUENCE : TREE_MAPPING;
	value->text = "";
	return 0;
}

static const yaml_char_t *anchor_of(const yaml_event_t *event)
{
	if (event->type == YAML_SCALAR_EVENT)
		return event->data.scalar.anchor;
	if (event->type == YAML_SEQUENCE_START_EVENT)
		return event->data.sequence_start.anchor;
	return event->data.mapping_start.anchor;
}

/* A scalar or the start of a collection: a key or a value. */
static int take_value(struct builder *b, const yaml_event_t *event)
{
	struct where at = where_of(event->start_mark);
	struct tree *value;

	if (anchor_of(event))
		return diag_refuse(
			b->diag, at, RULE_YAML_ANCHOR,
			"anchors are not used here; remove '&%s'",
			diag_quote(b->diag, (const char *)anchor_of(event)));
	if (++b->values > LIMIT_VALUES)
		return diag_refuse(b->diag, at, RULE_YAML_VALUES,
				   "over %u values in one file, the limit",
				   LIMIT_VALUES);
	if (b->depth && b->open[b->depth - 1]->kind == TREE_MAPPING && !b->key)
		return take_key(b, event);
	value = arena_alloc(b->arena, 1, sizeof(*value));
	value->at = at;
	if (event->type == YAML_SCALAR_EVENT)
		return take_scalar(b, event, value) || hang(b, value) ? -1 : 0;
	if (take_collection(b, event, value) || hang(b, value))
		return -1;
	if (b->depth == LIMIT_DEPTH)
		return diag_refuse(b->diag, at, RULE_YAML_DEPTH,
				   "nested over %u deep, the limit",
				   LIMIT_DEPTH);
	b->open[b->depth++] = value;
	return 0;
}

static int take_document(struct builder *b, const yaml_event_t *event)
{
	struct where at = where_of(event->start_mark);

	if (event->data.document_start.version_directive ||
	    event->data.document_start.tag_directives.start)
		return diag_refuse(b->diag, at, RULE_YAML_DIRECTIVE,
				   "%% directives are not used here");
	if (b->documents++)
		return diag_refuse(b->diag, at, RULE_YAML_DOCUMENTS,
				   "a second document begins here; one a file");
	return 0;
}

static int take_event(struct builder *b, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return take_document(b, event);
	case YAML_SCALAR_EVENT:
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return take_value(b, event);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		b->depth--;
		return 0;
	case YAML_ALIAS_EVENT:
		return diag_refuse(
			b->diag, where_of(event->start_mark), RULE_YAML_ALIAS,
			"aliases are not used here; write the "
			"value in place of '*%s'",
			diag_quote(b->diag,
				   (const char *)event->data.alias.anchor));
	default:
		return 0;
	}
}

static int take_stream(struct builder *b)
{
	yaml_event_type_t type = YAML_NO_EVENT;
	yaml_event_t event;
	int result = 0;

	while (!result && type != YAML_STREAM_END_EVENT) {
		if (!yaml_parser_parse(&b->parser, &event))
			return refuse_syntax(b);
		type = event.type;
		result = take_event(b, &event);
		yaml_event_delete(&event);
	}
	return result;
}

const struct tree *tree_parse(const struct source *source, struct arena *arena,
			      struct diag *diag)
{
	struct builder b = {.source = source, .arena = arena, .diag = diag};
	int result;

	if (!yaml_parser_initialize(&b.parser)) {
		diag_refuse(diag, (struct where){1, 1}, RULE_FILE_OPEN,
			    "out of memory");
		return NULL;
	}
	yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&b.parser, (const unsigned char *)source->text, source->bytes);
	result = take_stream(&b);
	yaml_parser_delete(&b.parser);
	if (!result && !b.root)
		result = diag_refuse(diag, (struct where){1, 1},
				     RULE_YAML_DOCUMENTS,
				     "nothing but comments in it");
	return result ? NULL : b.root;
}

const char *tree_kind_name(enum tree_kind kind)
{
	static const char *const names[] = {"a value", "a list", "a mapping"};

	return names[kind];
}

static int check_entry(const struct tree *entry, const struct tree_key *keys,
		       size_t count, const char *what, struct diag *diag)
{
	const char *names[32];
	size_t i;

	for (i = 0; i < count; i++) {
		names[i] = keys[i].name;
		if (strcmp(entry->key, keys[i].name))
			continue;
		if (keys[i].kind == TREE_KIND_COUNT ||
		    keys[i].kind == entry->kind)
			return 0;
		return diag_refuse(diag, entry->at, RULE_WRONG_SHAPE,
				   "'%s' takes %s, not %s", entry->key,
				   tree_kind_name(keys[i].kind),
				   tree_kind_name(entry->kind));
	}
	return diag_refuse(diag, entry->key_at, RULE_UNKNOWN_KEY,
			   "%s has no key '%s'%s", what,
			   diag_quote(diag, entry->key),
			   diag_hint(diag, entry->key, names, count));
}

int tree_check_keys(const struct tree *mapping, const struct tree_key *keys,
		    size_t count, const char *what, struct diag *diag)
{
	const struct tree *entry;
	size_t i;

	if (mapping->kind != TREE_MAPPING)
		return diag_refuse(diag, mapping->at, RULE_WRONG_SHAPE,
				   "%s is a mapping of keys to values, not %s",
				   what, tree_kind_name(mapping->kind));
	for (entry = mapping->first; entry; entry = entry->next)
		if (check_entry(entry, keys, count, what, diag))
			return -1;
	for (i = 0; i < count; i++)
		if (keys[i].required && !tree_get(mapping, keys[i].name))
			return diag_refuse(diag, mapping->at, RULE_MISSING_KEY,
					   "%s needs the key '%s'", what,
					   keys[i].name);
	return 0;
}

const struct tree *tree_get(const struct tree *mapping, const char *key)
{
	const struct tree *entry;

	if (mapping->kind != TREE_MAPPING)
		return NULL;
	for (entry = mapping->first; entry; entry = entry->next)
		if (!strcmp(entry->key, key))
			return entry;
	return NULL;
}

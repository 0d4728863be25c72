/* tools/graphc/baked_grid.c: a grid's points; see baked.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tools/graphc/baked.h"
#include "tools/graphc/number.h"

#define WORD_MAX 40 /* bytes of a number */

struct grid_reader {
	const struct source *source;
	size_t at; /* byte: the next word's search begins here */
	char word[WORD_MAX];
	struct where where; /* of the word */
	const struct ir_file *file;
	struct diag *diag;
};

/* The place of `at`, carried on from word to word: source_where would count
 * from the top each time. */
static void step(struct grid_reader *reader, struct where *where)
{
	if (reader->source->text[reader->at++] == '\n') {
		where->line++;
		where->column = 1;
	} else {
		where->column++;
	}
}

static void skip_space(struct grid_reader *reader, struct where *where)
{
	const struct source *source = reader->source;
	bool comment = false;

	for (; reader->at < source->bytes; step(reader, where)) {
		char c = source->text[reader->at];

		comment = c == '#' || (comment && c != '\n');
		if (!comment && !strchr(" \t\r\n", c))
			return;
	}
}

/* The next word; "" at the end. One that is too long is cut, and no number
 * any more. */
static void next_word(struct grid_reader *reader)
{
	const struct source *source = reader->source;
	struct where where = reader->where;
	size_t bytes = 0;

	where.column += (uint32_t)strlen(reader->word);
	skip_space(reader, &where);
	reader->where = where;
	while (reader->at < source->bytes && bytes < WORD_MAX - 1 &&
	       !strchr(" \t\r\n#", source->text[reader->at]))
		reader->word[bytes++] = source->text[reader->at++];
	if (bytes == WORD_MAX - 1)
		memcpy(reader->word + bytes - 3, "...", 3);
	reader->word[bytes] = '\0';
}

static int refuse_word(struct grid_reader *reader, const char *wanted)
{
	return diag_refuse(reader->diag, reader->where, RULE_FILE_GRID,
			   "'%s.%s': %s, not %s%s%s",
			   reader->file->node, reader->file->param, wanted,
			   *reader->word ? "'" : "the end",
			   diag_quote(reader->diag, reader->word),
			   *reader->word ? "'" : "");
}

static int read_size(struct grid_reader *reader, struct ir_file *file)
{
	char wanted[96];

	snprintf(wanted, sizeof(wanted),
		 "a grid begins with COLUMNSxROWS, each %d to %d, such as 5x3", LIMIT_GRID_MIN,
		 LIMIT_GRID_MAX);
	next_word(reader);
	if (number_pair(reader->word, 'x', false, &file->width,
			&file->height) &&
	    file->width >= LIMIT_GRID_MIN && file->width <= LIMIT_GRID_MAX &&
	    file->height >= LIMIT_GRID_MIN && file->height <= LIMIT_GRID_MAX)
		return 0;
	return refuse_word(reader, wanted);
}

static int read_value(struct grid_reader *reader, uint32_t point, char axis,
		      int32_t *value)
{
	const struct ir_file *file = reader->file;
	char wanted[96];
	double number;

	next_word(reader);
	if (number_float(reader->word, &number) &&
	    fabs(number) <= LIMIT_GRID_VALUE) {
		*value = (int32_t)lround(number * BAKED_GRID_ONE);
		return 0;
	}
	snprintf(wanted, sizeof(wanted),
		 "%c of point %u in row %u is a number from -%d to %d", axis,
		 point % file->width + 1, point / file->width + 1,
		 LIMIT_GRID_VALUE, LIMIT_GRID_VALUE);
	return refuse_word(reader, wanted);
}

int baked_grid(struct ir_file *file, const struct source *text,
	       struct arena *arena, struct diag *diag)
{
	struct grid_reader reader = {
		.source = text, .where = {1, 1}, .file = file, .diag = diag};
	uint32_t i, count;
	int32_t *points;

	if (read_size(&reader, file))
		return -1;
	count = file->width * file->height;
	points = arena_alloc(arena, count, 2 * sizeof(*points));
	file->points = points;
	for (i = 0; i < count; i++)
		if (read_value(&reader, i, 'x', &points[2 * i]) ||
		    read_value(&reader, i, 'y', &points[2 * i + 1]))
			return -1;
	next_word(&reader);
	return *reader.word ? refuse_word(&reader, "nothing stands behind the last point") : 0;
}

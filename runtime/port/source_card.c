/*
 * runtime/port/source_card.c: what is shown in place of a source that is lost:
 * a dark picture in the source's own format and size, with its name in the
 * middle.
 */
#include "runtime/port/source.h"

#include "kernel/color.h"
#include "kernel/font_atlas.h"

#define CARD_GROUND 0x20u /* of each channel */
#define CARD_INK    0xc0u

/* The name's letters are that part of the card's height, as far as whole
 * multiples of the font and the width allow. */
#define CARD_PART 8

/* A name as it is set. */
struct card_text {
	const char *name;
	uint32_t scale;		   /* card pixels per font pixel, across and down */
	uint32_t width, left, top; /* px of the card */
};

/* What the font does not have is its first one, a space. */
static const struct font_glyph *card_glyph(char character)
{
	static const char all[] = FONT_NAME_CHARACTERS;
	uint32_t i = 0;

	while (all[i] && all[i] != character)
		i++;
	return font_glyph(FONT_NAME_FIRST + (all[i] ? i : 0));
}

static uint32_t card_name_width(const char *name)
{
	uint32_t width = 0;

	for (; *name; name++)
		width += card_glyph(*name)->width;
	return width;
}

static struct card_text card_set(const struct picture *card, const char *name)
{
	struct card_text text = {.name = name};
	uint32_t width = card_name_width(name);

	text.scale = card->height / (CARD_PART * FONT_NAME_ROWS);
	if (width && text.scale > card->width / width)
		text.scale = card->width / width;
	if (!text.scale)
		text.scale = 1;
	text.width = width * text.scale;
	if (text.width < card->width)
		text.left = (card->width - text.width) / 2;
	if (FONT_NAME_ROWS * text.scale < card->height)
		text.top = (card->height - FONT_NAME_ROWS * text.scale) / 2;
	return text;
}

static uint32_t card_color(uint32_t ink)
{
	uint32_t grey = (CARD_GROUND * (255 - ink) + CARD_INK * ink + 127) / 255;

	return color_rgb(grey, grey, grey);
}

/* Row `y` of the font's, over a row of the card. Letters that pass its end are
 * cut. */
static void card_letters(const struct card_text *text, uint32_t y, uint32_t *row,
			 uint32_t width)
{
	uint32_t x = text->left, column, ink;
	const char *letter;

	for (letter = text->name; *letter; letter++) {
		const struct font_glyph *glyph = card_glyph(*letter);
		const uint8_t *cell =
			font_coverage() + glyph->offset + y * glyph->width;

		for (column = 0; column < glyph->width * text->scale; column++) {
			ink = cell[column / text->scale];
			if (x < width)
				row[x++] = card_color(ink);
		}
	}
}

void source_draw_card(struct source *source)
{
	const struct card_text text =
		card_set(&source->card, source->graph->name);
	struct picture *card = &source->card;
	uint32_t *row = source->watch.row;
	uint32_t x, y;

	card->ycbcr = source->blank.ycbcr;
	for (y = 0; y < card->height; y++) {
		for (x = 0; x < card->width; x++)
			row[x] = card_color(0);
		if (y >= text.top &&
		    y - text.top < FONT_NAME_ROWS * text.scale)
			card_letters(&text, (y - text.top) / text.scale, row,
				     card->width);
		graph_row_store(source->graph->format, card, y, row);
	}
}

/*
 * runtime/port/source_card.c: what is shown in place of a source that is lost:
 * a dark picture in the source's own format and size.
 */
#include "runtime/port/source.h"

#define CARD_GROUND UINT32_C(0xff202020)

void source_draw_card(struct source *source)
{
	const struct picture *card = &source->card;
	uint32_t *row = source->watch.row;
	uint32_t x, y;

	for (y = 0; y < card->height; y++) {
		for (x = 0; x < card->width; x++)
			row[x] = CARD_GROUND;
		graph_row_store(source->graph->format, card, y, row);
	}
}

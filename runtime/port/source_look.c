/*
 * runtime/port/source_look.c: does a source that runs stand still, or is it
 * black? Every 16th row of each frame is digested and looked at: a sensor's
 * noise changes the digest, a driver that delivers one picture over and over
 * does not. See runtime/port/source.h.
 */
#include "runtime/port/source.h"

#include <string.h>

#define LOOK_ROWS 16

/* A picture is black if all but one pixel of LOOK_BRIGHT_SHARE have no channel
 * above LOOK_BLACK: a sensor in the dark is neither 0 nor without hot pixels. */
#define LOOK_BLACK	  32
#define LOOK_BRIGHT_SHARE 1000

/* Any change of a word changes it: an odd factor keeps all 64 bits. */
static uint64_t look_add(uint64_t digest, uint64_t word)
{
	digest = (digest ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return digest ^ digest >> 29;
}

static uint64_t look_add_bytes(uint64_t digest, const unsigned char *bytes,
			       uint32_t count)
{
	uint64_t word;

	for (; count >= sizeof(word);
	     bytes += sizeof(word), count -= (uint32_t)sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		digest = look_add(digest, word);
	}
	word = 0;
	memcpy(&word, bytes, count);
	return look_add(digest, word);
}

/* As it lies in memory: converted, a sensor's noise in the dark may be gone. */
static uint64_t look_digest(enum graph_format format,
			    const struct picture *picture)
{
	uint64_t digest = 0;
	uint32_t plane, y;

	for (plane = 0; plane < graph_format_row(format)->planes; plane++)
		for (y = 0; y < graph_plane_rows(format, plane, picture->height);
		     y += LOOK_ROWS)
			digest = look_add_bytes(
				digest, picture_row(picture, plane, y),
				graph_plane_row_bytes(format, plane,
						      picture->width));
	return digest;
}

static uint32_t look_bright(const uint32_t *row, uint32_t width)
{
	uint32_t x, count = 0;

	for (x = 0; x < width; x++)
		count += (row[x] & 0xff) > LOOK_BLACK ||
			 (row[x] >> 8 & 0xff) > LOOK_BLACK ||
			 (row[x] >> 16 & 0xff) > LOOK_BLACK;
	return count;
}

static void look_set(struct source *source, enum source_look look, bool is,
		     int64_t now_ns)
{
	struct source_health *health = &source->health;
	const struct journal_record record = {
		.time_ns = now_ns,
		.kind = JOURNAL_SOURCE_LOOK,
		.object = source->index,
		.value = {look, is},
	};

	if (atomic_load_explicit(&health->looks[look], memory_order_relaxed) ==
	    is)
		return;
	atomic_store_explicit(&health->looks[look], is, memory_order_relaxed);
	if (is)
		atomic_fetch_add_explicit(&health->began[look], 1,
					  memory_order_relaxed);
	journal_write(&source->journal, &record);
}

/* True: it has been the same for long enough. */
static bool look_stands(struct source_watch *watch, uint64_t digest,
			int64_t now_ns)
{
	if (!watch->since_ns || digest != watch->digest) {
		watch->digest = digest;
		watch->since_ns = now_ns;
		watch->same = 0;
		return false;
	}
	watch->same++;
	return watch->same >= SOURCE_FROZEN_FRAMES &&
	       now_ns - watch->since_ns >= SOURCE_FROZEN_NS;
}

static bool look_is_black(const struct source *source,
			  const struct picture *picture)
{
	uint64_t seen = 0, bright = 0;
	uint32_t y;

	for (y = 0; y < picture->height; y += LOOK_ROWS) {
		graph_row_load(source->graph->format, picture, y, 0,
			       picture->width, source->watch.row);
		bright += look_bright(source->watch.row, picture->width);
		seen += picture->width;
	}
	return bright * LOOK_BRIGHT_SHARE <= seen;
}

void source_inspect(struct source *source, uint32_t frame, int64_t now_ns)
{
	const struct picture *picture = &source->frame[frame];
	uint64_t digest = look_digest(source->graph->format, picture);

	look_set(source, SOURCE_FROZEN,
		 look_stands(&source->watch, digest, now_ns), now_ns);
	look_set(source, SOURCE_BLACK, look_is_black(source, picture), now_ns);
}

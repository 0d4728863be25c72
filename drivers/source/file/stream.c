/*
 * drivers/source/file/stream.c: see drivers/source/file/stream.h.
 */
#include "drivers/source/file/stream.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/text.h"

#define FRAME_WORD   "FRAME"
#define RANGE_LETTER "COLORRANGE="
#define SIDE_MAX     1000000000

/* What C may be, of 8 bits a sample. 420 alone, as a line without C, is 420jpeg;
 * that Cb and Cr of 420paldv lie on other lines in turn is not looked at. */
static const struct {
	const char *name;
	enum stream_chroma chroma;
	enum color_siting siting;
} chromas[] = {
	{"420jpeg", STREAM_420, COLOR_CENTRE},
	{"420mpeg2", STREAM_420, COLOR_LEFT},
	{"420paldv", STREAM_420, COLOR_TOP_LEFT},
	{"420", STREAM_420, COLOR_CENTRE},
	{"422", STREAM_422, COLOR_SITING_AUTO},
	{"444", STREAM_444, COLOR_SITING_AUTO},
	{"mono", STREAM_MONO, COLOR_SITING_AUTO},
};
#define CHROMAS (sizeof(chromas) / sizeof(chromas[0]))

static bool stream_refuse(char *why, size_t why_bytes, const char *what,
			  const char *word, size_t length)
{
	snprintf(why, why_bytes, "%s \"%.*s\"", what,
		 (int)(length < 40 ? length : 40), word);
	return false;
}

static bool stream_take_chroma(struct stream *stream, const char *value,
			       size_t length)
{
	size_t i;

	for (i = 0; i < CHROMAS; i++) {
		if (!text_is(value, length, chromas[i].name))
			continue;
		stream->chroma = chromas[i].chroma;
		stream->siting = chromas[i].siting;
		snprintf(stream->chroma_name, sizeof(stream->chroma_name),
			 "%s", chromas[i].name);
		return true;
	}
	return false;
}

static bool stream_take_side(uint32_t *side, const char *value, size_t length)
{
	int64_t number;

	if (!text_to_int(value, length, 1, SIDE_MAX, &number))
		return false;
	*side = (uint32_t)number;
	return true;
}

/* 0:0 says that it is not known. */
static bool stream_take_rate(struct stream *stream, const char *value,
			     size_t length)
{
	return text_is(value, length, "0:0") ||
	       text_to_rate(value, length, ':', STREAM_RATE_MAX,
			    &stream->rate);
}

/* X begins what a program has for itself; one of them is known to many. */
static bool stream_take_own(struct stream *stream, const char *value,
			    size_t length)
{
	const size_t word = strlen(RANGE_LETTER);

	if (length < word || strncmp(value, RANGE_LETTER, word))
		return true;
	value += word;
	length -= word;
	stream->full_range = text_is(value, length, "FULL");
	return stream->full_range || text_is(value, length, "LIMITED");
}

/* A word of the line: a letter and its value. */
static bool stream_take(struct stream *stream, const char *word, size_t length,
			char *why, size_t why_bytes)
{
	const char *value = word + 1;

	switch (word[0]) {
	case 'W':
		return stream_take_side(&stream->width, value, length - 1) ||
		       stream_refuse(why, why_bytes, "its first line has width",
				     value, length - 1);
	case 'H':
		return stream_take_side(&stream->height, value, length - 1) ||
		       stream_refuse(why, why_bytes, "its first line has height",
				     value, length - 1);
	case 'F':
		return stream_take_rate(stream, value, length - 1) ||
		       stream_refuse(why, why_bytes,
				     "its first line has the rate", value,
				     length - 1);
	case 'C':
		return stream_take_chroma(stream, value, length - 1) ||
		       stream_refuse(why, why_bytes,
				     "it has 420jpeg, 420mpeg2, 420paldv, 420, "
				     "422, 444 or mono, not chroma",
				     value, length - 1);
	case 'X':
		return stream_take_own(stream, value, length - 1) ||
		       stream_refuse(why, why_bytes,
				     "its first line has the range", value,
				     length - 1);
	default:
		return true;
	}
}

/* The bytes up to and with the '\n', at most `most`; 0: there is none. */
static size_t stream_line(const char *text, size_t bytes, size_t most)
{
	const char *end = memchr(text, '\n', bytes < most ? bytes : most);

	return end ? (size_t)(end - text) + 1 : 0;
}

bool stream_read(struct stream *stream, const char *text, size_t bytes,
		 char *why, size_t why_bytes)
{
	const size_t magic = strlen(STREAM_MAGIC);
	size_t at = magic, length;

	*stream = (struct stream){.chroma_name = "420", .siting = COLOR_CENTRE};
	stream->bytes = stream_line(text, bytes, STREAM_HEADER_MAX);
	if (stream->bytes <= magic || strncmp(text, STREAM_MAGIC, magic))
		return stream_refuse(why, why_bytes, "its first line is not "
				     STREAM_MAGIC " and what the frames are:",
				     text, strnlen(text, bytes < 9 ? bytes : 9));
	while (text[at] != '\n') {
		if (text[at++] != ' ')
			return stream_refuse(why, why_bytes, "its first line "
					     "goes on with", text + at - 1,
					     stream->bytes - at);
		for (length = 0; !strchr(" \n", text[at + length]);)
			length++;
		if (length && !stream_take(stream, text + at, length, why,
					   why_bytes))
			return false;
		at += length;
	}
	if (stream->width && stream->height)
		return true;
	snprintf(why, why_bytes, "its first line has no width or no height");
	return false;
}

size_t stream_frame_line(const char *text, size_t bytes)
{
	const size_t word = strlen(FRAME_WORD);
	size_t line = stream_line(text, bytes, STREAM_FRAME_MAX);

	if (line <= word || strncmp(text, FRAME_WORD, word) ||
	    (text[word] != ' ' && text[word] != '\n'))
		return 0;
	return line;
}

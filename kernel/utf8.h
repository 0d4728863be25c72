/*
 * kernel/utf8.h: text as characters, for foo_tick and for those who check it.
 *
 * One reading for graphc, --set and nodes, so that they cannot differ in what a
 * character is.
 */
#ifndef KERNEL_UTF8_H
#define KERNEL_UTF8_H

#include "kernel/node.h"

/* Bytes of the character at `text`, which has `length` >= 1, and its code; 0: it
 * is none (overlong, a surrogate, above U+10FFFF, cut off). */
NODE_HOST size_t utf8_read(const char *text, size_t length, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *byte = (const unsigned char *)text;
	size_t i, bytes;

	*code = byte[0];
	if (byte[0] < 0x80)
		return 1;
	bytes = byte[0] >= 0xF8	  ? 0
		: byte[0] >= 0xF0 ? 4
		: byte[0] >= 0xE0 ? 3
		: byte[0] >= 0xC0 ? 2
				  : 0;
	if (!bytes || bytes > length)
		return 0;
	*code = byte[0] & (0x7Fu >> bytes);
	for (i = 1; i < bytes; i++) {
		if ((byte[i] & 0xC0) != 0x80)
			return 0;
		*code = *code << 6 | (byte[i] & 0x3F);
	}
	if (*code < least[bytes] || *code > 0x10FFFF ||
	    (*code >= 0xD800 && *code <= 0xDFFF))
		return 0;
	return bytes;
}

#endif

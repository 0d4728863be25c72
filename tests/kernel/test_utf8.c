/*
 * tests/kernel/test_utf8.c: every character is read, and nothing else is.
 */
#include "kernel/utf8.h"

#include <string.h>

#include "tests/kernel/suite.h"

/* The encoding of any number of up to 21 bits, by the rule of `bytes` bytes. */
static void encode(uint32_t code, size_t bytes, char text[4])
{
	static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
	size_t i;

	for (i = bytes - 1; i; i--, code >>= 6)
		text[i] = (char)(0x80 | (code & 0x3F));
	text[0] = (char)(lead[bytes] | code);
}

static bool is_character(uint32_t code, size_t bytes)
{
	size_t shortest = code < 0x80      ? 1
			  : code < 0x800   ? 2
			  : code < 0x10000 ? 3
					   : 4;

	return bytes == shortest && code <= 0x10FFFF &&
	       (code < 0xD800 || code > 0xDFFF);
}

START_TEST(every_number_in_every_length)
{
	static const uint32_t end[] = {0, 0x80, 0x800, 0x10000, 0x200000};
	uint32_t code, read;
	char text[4];
	size_t bytes, got, cut;

	for (bytes = 1; bytes <= 4; bytes++)
		for (code = 0; code < end[bytes]; code++) {
			encode(code, bytes, text);
			got = utf8_read(text, bytes, &read);
			if (got != (is_character(code, bytes) ? bytes : 0) ||
			    (got && read != code))
				ck_abort_msg("%x in %zu bytes: %zu, %x", code,
					     bytes, got, read);
			for (cut = 1; code % 997 == 0 && cut < bytes; cut++)
				ck_assert_uint_eq(utf8_read(text, cut, &read),
						  0);
		}
}
END_TEST

/* Bytes that begin none: 80 to BF, F8 to FF; and any but 80 to BF inside one. */
START_TEST(bytes_out_of_place)
{
	static const unsigned char inside[] = {0x80, 0x90, 0xA0, 0xBF};
	char text[4];
	uint32_t code;
	size_t i, bytes;
	int byte;

	for (byte = 0x80; byte < 0x100; byte++)
		for (i = 0; i < 4 && (byte < 0xC0 || byte >= 0xF8); i++) {
			memset(text, inside[i], sizeof(text));
			text[0] = (char)byte;
			ck_assert_uint_eq(utf8_read(text, 4, &code), 0);
		}
	for (bytes = 2; bytes <= 4; bytes++)
		for (i = 1; i < bytes; i++)
			for (byte = 0; byte < 0x100; byte++) {
				encode(bytes == 2 ? 0x100 : 0x40000, bytes, text);
				if (bytes == 3)
					encode(0x4000, bytes, text);
				text[i] = (char)byte;
				ck_assert_uint_eq(
					utf8_read(text, bytes, &code),
					(byte & 0xC0) == 0x80 ? bytes : 0);
			}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {every_number_in_every_length,
				      bytes_out_of_place, NULL};

	return suite_main("utf8", tests);
}

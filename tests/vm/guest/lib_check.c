/*
 * lib_check: calls each shared library that tickline's programs use, for an
 * answer that is known, to show that a dynamic program built here finds its
 * loader and libraries in the guest.
 */
#include <png.h>
#include <stdio.h>
#include <xxhash.h>
#include <zlib.h>

int main(void)
{
	static const unsigned char nine[] = "123456789";
	static const unsigned char signature[] = {0x89, 'P',  'N',  'G',
						  '\r', '\n', 0x1a, '\n'};

	printf("crc32 %08lx\n", crc32(0, nine, 9));
	printf("xxh64 %016llx\n", (unsigned long long)XXH64("", 0, 0));
	printf("png signature %s\n",
	       png_sig_cmp(signature, 0, 8) == 0 ? "ok" : "wrong");
	return 0;
}

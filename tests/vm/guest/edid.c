/*
 * edid: an EDID on stdout, for /sys/kernel/debug/dri/N/CONNECTOR/edid_override.
 *   edid TIMING [vic=N,N...] [est=HEX] [headset]
 * TIMING: the preferred one, below; vic: of CTA-861, in the extension; est: the
 * three bytes of established timings (200000: 640x480@60, 000800: 1024x768@60);
 * headset: a maker and a product that the kernel knows for no desktop display.
 * A second detailed timing is 1280x720@60.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 128

struct timing {
	const char *name;
	unsigned int khz;
	unsigned int width, h_front, h_sync, h_blank;
	unsigned int height, v_front, v_sync, v_blank; /* of a field */
	unsigned int interlaced, plus; /* plus: both syncs positive */
};

/* clang-format off */
static const struct timing timings[] = {
	{"1080p60",   148500, 1920, 88, 44, 280, 1080, 4, 5, 45, 0, 1},
	{"1080p5994", 148350, 1920, 88, 44, 280, 1080, 4, 5, 45, 0, 1},
	{"1080p50",   148500, 1920, 528, 44, 720, 1080, 4, 5, 45, 0, 1},
	{"1080i60",   74250,  1920, 88, 44, 280, 540, 2, 5, 22, 1, 1},
	{"1080i50",   74250,  1920, 528, 44, 720, 540, 2, 5, 22, 1, 1},
	{"2160p30",   297000, 3840, 176, 88, 560, 2160, 8, 10, 90, 0, 1},
	{"xga",       65000,  1024, 24, 136, 320, 768, 3, 6, 38, 0, 0},
	{"720p60",    74250,  1280, 110, 40, 370, 720, 5, 5, 30, 0, 1},
};
/* clang-format on */

static const struct timing *find(const char *name)
{
	for (size_t i = 0; i < sizeof(timings) / sizeof(timings[0]); i++)
		if (!strcmp(timings[i].name, name))
			return &timings[i];
	fprintf(stderr, "edid: no timing %s\n", name);
	exit(1);
}

static void put_timing(uint8_t *at, const struct timing *t)
{
	const unsigned int clock = t->khz / 10;
	const uint8_t bytes[18] = {
		(uint8_t)clock,
		(uint8_t)(clock >> 8),
		(uint8_t)t->width,
		(uint8_t)t->h_blank,
		(uint8_t)(t->width >> 8 << 4 | t->h_blank >> 8),
		(uint8_t)t->height,
		(uint8_t)t->v_blank,
		(uint8_t)(t->height >> 8 << 4 | t->v_blank >> 8),
		(uint8_t)t->h_front,
		(uint8_t)t->h_sync,
		(uint8_t)((t->v_front & 15) << 4 | (t->v_sync & 15)),
		(uint8_t)(t->h_front >> 8 << 6 | t->h_sync >> 8 << 4 |
			  t->v_front >> 4 << 2 | t->v_sync >> 4),
		[17] = (uint8_t)(0x18 | (t->plus ? 6 : 0) |
				 (t->interlaced ? 0x80 : 0)),
	};

	memcpy(at, bytes, sizeof(bytes));
}

static void put_sum(uint8_t *block)
{
	unsigned int sum = 0;

	for (int i = 0; i < BLOCK - 1; i++)
		sum += block[i];
	block[BLOCK - 1] = (uint8_t)-sum;
}

static void put_base(uint8_t *base, const struct timing *preferred,
		     unsigned int established, int headset)
{
	static const uint8_t head[] = {0, 255, 255, 255, 255, 255, 255, 0,
				       0x52, 0x74, 1, 0, 1, 0, 0, 0,
				       1, 30, 1, 3, 0x80, 100, 56, 0x78, 0x0a};
	static const uint8_t name[18] = {0, 0, 0, 0xfc, 0, 'T', 'I', 'C', 'K',
					 'T', 'E', 'S', 'T', '\n', ' ', ' ',
					 ' ', ' '};
	static const uint8_t range[18] = {0,  0,  0,  0xfd, 0,	23,
					  62, 15, 140, 60,  0,	10,
					  ' ', ' ', ' ', ' ', ' ', ' '};

	memcpy(base, head, sizeof(head));
	if (headset) /* HVR, as the list of the kernel has it */
		memcpy(base + 8, "\x22\xd2\x01\xaa", 4);
	base[35] = (uint8_t)(established >> 16);
	base[36] = (uint8_t)(established >> 8);
	base[37] = (uint8_t)established;
	memset(base + 38, 1, 16);
	put_timing(base + 54, preferred);
	memcpy(base + 72, name, sizeof(name));
	memcpy(base + 90, range, sizeof(range));
	put_timing(base + 108, find("720p60"));
	base[126] = 1;
	put_sum(base);
}

/* Short video descriptors, and the block that says HDMI. */
static void put_extension(uint8_t *block, const char *vics)
{
	static const uint8_t hdmi[] = {0x65, 3, 0x0c, 0, 0x10, 0};
	uint8_t count = 0;
	char *end;

	for (; *vics; vics = *end ? end + 1 : end)
		block[5 + count++] = (uint8_t)strtoul(vics, &end, 10);
	block[0] = 2;
	block[1] = 3;
	block[3] = 1; /* the preferred timing is native */
	block[4] = (uint8_t)(0x40 | count);
	memcpy(block + 5 + count, hdmi, sizeof(hdmi));
	block[2] = (uint8_t)(5 + count + sizeof(hdmi));
	put_sum(block);
}

int main(int argc, char **argv)
{
	uint8_t edid[2 * BLOCK] = {0};
	const char *vics = "";
	unsigned int established = 0;
	int i, headset = 0;

	for (i = 2; i < argc; i++) {
		if (!strncmp(argv[i], "vic=", 4))
			vics = argv[i] + 4;
		else if (!strncmp(argv[i], "est=", 4))
			established = (unsigned int)strtoul(argv[i] + 4, NULL,
							    16);
		else if (!strcmp(argv[i], "headset"))
			headset = 1;
	}
	if (argc < 2)
		return 1;
	put_base(edid, find(argv[1]), established, headset);
	put_extension(edid + BLOCK, vics);
	return fwrite(edid, 1, sizeof(edid), stdout) != sizeof(edid);
}

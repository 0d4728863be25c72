/*
 * uvc_camera: a USB camera made of this process: a UVC 1.0 device of high speed
 * with a bulk endpoint, on one end of a socket pair whose other end the kernel's
 * vhci_hcd takes for a USB port. The real uvcvideo binds to it. Its end is the
 * plug pulled.
 *
 *   uvc_camera PORT WIDTH HEIGHT FPS     as root; needs vhci-hcd, uvcvideo
 *
 * Format 1 is YUYV, format 2 MJPG; each frame is grey, the same in both:
 * uvc_value. Commands on standard input, a line each:
 *   stall, go    no frames, frames again
 *   error        the next frame has UVC's error bit
 *   cut          the next MJPG ends in its middle
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PAYLOAD	    16384 /* bytes of one transfer, with its header */
#define HEADER	    2
#define REQUESTS    256
#define SPEED_HIGH  3
#define CMD_SUBMIT  1
#define CMD_UNLINK  2
#define RET_SUBMIT  3
#define RET_UNLINK  4
#define STALL	    (-32) /* -EPIPE: the request is refused */

/* Documentation/usb/usbip_protocol.rst; big endian. */
struct usbip {
	uint32_t command, number, device, direction, endpoint, field[5];
	uint8_t setup[8];
};

struct camera {
	int socket;
	uint32_t width, height, fps, interval; /* of 100 ns */
	uint8_t configuration[256];
	uint32_t configuration_bytes;
	uint8_t probe[26];
	int streaming;
	int stalled, error, cut; /* asked for */
	/* requests for data that wait */
	struct {
		uint32_t number, bytes;
	} wait[REQUESTS];
	uint32_t waiting;
	/* the frame that is going out; bytes 0: none */
	uint8_t *frame;
	uint32_t bytes, at, count;
	uint8_t id; /* alternates from frame to frame */
};

static struct camera camera;

/* ---- the socket --------------------------------------------------------------- */

static void get(void *data, size_t bytes)
{
	ssize_t n;

	for (; bytes; bytes -= (size_t)n, data = (char *)data + n) {
		n = read(camera.socket, data, bytes);
		if (n <= 0)
			exit(0);
	}
}

static void put(const void *data, size_t bytes)
{
	ssize_t n;

	for (; bytes; bytes -= (size_t)n, data = (const char *)data + n) {
		n = write(camera.socket, data, bytes);
		if (n <= 0)
			exit(0);
	}
}

static void reply(uint32_t number, int status, const void *data, uint32_t bytes)
{
	const struct usbip head = {
		.command = htonl(RET_SUBMIT),
		.number = number,
		.field = {htonl((uint32_t)status), htonl(bytes)},
	};

	put(&head, sizeof(head));
	if (data)
		put(data, bytes);
}

/* ---- what it is ---------------------------------------------------------------- */

#define LE16(v) (uint8_t)(v), (uint8_t)((v) >> 8)
#define LE32(v) LE16(v), LE16((v) >> 16)
#define ADD(...)                                                               \
	do {                                                                   \
		const uint8_t part[] = {__VA_ARGS__};                          \
		memcpy(camera.configuration + camera.configuration_bytes,      \
		       part, sizeof(part));                                    \
		camera.configuration_bytes += sizeof(part);                    \
	} while (0)

static void add_frame(uint8_t kind)
{
	const uint32_t w = camera.width, h = camera.height;
	const uint32_t bits = w * h * 16 * camera.fps;

	ADD(30, 0x24, kind, 1, 0, LE16(w), LE16(h), LE32(bits), LE32(bits),
	    LE32(w * h * 2), LE32(camera.interval), 1, LE32(camera.interval));
}

/* USB Device Class Definition for Video Devices 1.0, chapter 3. */
static void describe(void)
{
	uint32_t streaming;

	ADD(9, 2, 0, 0, 2, 1, 0, 0x80, 50);	  /* configuration */
	ADD(8, 11, 0, 2, 14, 3, 0, 0);		  /* two interfaces, one thing */
	ADD(9, 4, 0, 0, 0, 14, 1, 0, 0);	  /* video control: */
	ADD(13, 0x24, 1, LE16(0x100), LE16(13 + 18 + 9), LE32(48000000), 1, 1);
	ADD(18, 0x24, 2, 1, LE16(0x201), 0, 0, LE16(0), LE16(0), LE16(0), 3, 0,
	    0, 0);				  /* a camera */
	ADD(9, 0x24, 3, 2, LE16(0x101), 0, 1, 0); /* to USB */
	ADD(9, 4, 1, 0, 1, 14, 2, 0, 0);	  /* video streaming: */
	streaming = camera.configuration_bytes;
	ADD(15, 0x24, 1, 2, 0, 0, 0x81, 0, 2, 0, 0, 0, 1, 0, 0);
	ADD(27, 0x24, 4, 1, 1, 'Y', 'U', 'Y', '2', 0, 0, 0x10, 0, 0x80, 0, 0,
	    0xaa, 0, 0x38, 0x9b, 0x71, 16, 1, 0, 0, 0, 0);
	add_frame(5);
	ADD(11, 0x24, 6, 2, 1, 1, 1, 0, 0, 0, 0); /* MJPG */
	add_frame(7);
	ADD(6, 0x24, 13, 1, 1, 4);		  /* colours */
	camera.configuration[streaming + 4] =
		(uint8_t)(camera.configuration_bytes - streaming);
	ADD(7, 5, 0x81, 2, LE16(512), 0);	  /* bulk in */
	camera.configuration[2] = (uint8_t)camera.configuration_bytes;
	camera.configuration[3] = (uint8_t)(camera.configuration_bytes >> 8);
}

static void set_probe(uint8_t format)
{
	const uint8_t probe[26] = {
		1, 0, format < 1 || format > 2 ? 1 : format, 1,
		LE32(camera.interval), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		LE32(camera.width * camera.height * 2), LE32(PAYLOAD)};

	memcpy(camera.probe, probe, sizeof(probe));
}

/* ---- pictures ------------------------------------------------------------------ */

/* Of all pixels in a block of 8x8. */
static uint8_t uvc_value(uint32_t frame, uint32_t block_x, uint32_t block_y)
{
	return (uint8_t)(64 + (block_x * 2 + block_y + frame) % 128);
}

static void make_yuyv(void)
{
	uint32_t x, y;
	uint8_t *to = camera.frame;

	for (y = 0; y < camera.height; y++)
		for (x = 0; x < camera.width; x++) {
			*to++ = uvc_value(camera.count, x / 8, y / 8);
			*to++ = 128;
		}
	camera.bytes = camera.width * camera.height * 2;
}

static uint32_t bits, bit_count;

static void put_byte(uint8_t byte)
{
	camera.frame[camera.bytes++] = byte;
}

static void put_bits(uint32_t value, uint32_t count)
{
	bits = bits << count | value;
	bit_count += count;
	while (bit_count >= 8) {
		put_byte((uint8_t)(bits >> (bit_count - 8)));
		if ((bits >> (bit_count - 8) & 0xff) == 0xff)
			put_byte(0);
		bit_count -= 8;
	}
}

/* A block's mean, as the difference to the one before: with a quantizer of 8 a
 * step of it is a step of the pixels, so that every decoder gives the same. */
static void put_block(int difference)
{
	uint32_t size = 0, value;

	while (abs(difference) >> size)
		size++;
	value = (uint32_t)(difference < 0 ? difference - 1 : difference);
	put_bits(size, 4); /* the table's codes are the numbers */
	if (size)
		put_bits(value & ((1u << size) - 1), size);
	put_bits(0, 1); /* nothing but the mean */
}

static void make_jpeg(void)
{
	static const uint8_t tables[] = {
		0xff, 0xd8,						/* image */
		0xff, 0xc4, LE16(0x1f00), 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, /* means */
		0xff, 0xc4, LE16(0x1400), 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0,					/* rest */
		0xff, 0xdb, LE16(0x4300), 0};			/* 64 quantizers */
	const uint8_t start[] = {
		0xff, 0xc0, LE16(0x0b00), 8, (uint8_t)(camera.height >> 8),
		(uint8_t)camera.height, (uint8_t)(camera.width >> 8),
		(uint8_t)camera.width, 1, 1, 0x11, 0,
		0xff, 0xda, LE16(0x0800), 1, 1, 0, 0, 63, 0};
	uint32_t x, y;
	int value, before = 128;

	memcpy(camera.frame, tables, sizeof(tables));
	memset(camera.frame + sizeof(tables), 8, 64);
	memcpy(camera.frame + sizeof(tables) + 64, start, sizeof(start));
	camera.bytes = sizeof(tables) + 64 + sizeof(start);
	bits = bit_count = 0;
	for (y = 0; y < camera.height / 8; y++)
		for (x = 0; x < camera.width / 8; x++) {
			value = uvc_value(camera.count, x, y);
			put_block(value - before);
			before = value;
		}
	put_bits(0x7f, 7);
	if (camera.cut)
		camera.bytes /= 2;
	camera.cut = 0;
	put_byte(0xff);
	put_byte(0xd9);
}

static void next_frame(void)
{
	camera.bytes = camera.at = 0;
	if (camera.probe[2] == 1)
		make_yuyv();
	else
		make_jpeg();
	camera.count++;
	camera.id ^= 1;
}

/* What is there of the frame, to who waits. */
static void feed(void)
{
	static uint8_t packet[PAYLOAD];
	uint32_t room, n;
	int last;

	while (camera.bytes && camera.waiting) {
		room = camera.wait[0].bytes < PAYLOAD ? camera.wait[0].bytes
						      : PAYLOAD;
		n = camera.bytes - camera.at;
		if (n > room - HEADER)
			n = room - HEADER;
		last = camera.at + n == camera.bytes;
		packet[0] = HEADER;
		packet[1] = (uint8_t)(0x80 | camera.id | (last ? 2 : 0) |
				      (camera.error ? 0x40 : 0));
		memcpy(packet + HEADER, camera.frame + camera.at, n);
		reply(camera.wait[0].number, 0, packet, n + HEADER);
		memmove(camera.wait, camera.wait + 1,
			--camera.waiting * sizeof(camera.wait[0]));
		camera.at += n;
		if (last)
			camera.bytes = 0, camera.error = 0;
	}
}

/* ---- requests ------------------------------------------------------------------- */

static const void *descriptor(uint8_t kind, uint8_t index, uint32_t *bytes)
{
	static const uint8_t device[] = {18, 1, LE16(0x200), 0xef, 2, 1, 64,
					 LE16(0x1d6b), LE16(0x0102), LE16(1), 1,
					 2, 0, 1};
	static const uint8_t language[] = {4, 3, 9, 4};
	static const uint8_t name[] = {18, 3, 't', 0, 'e', 0, 's', 0, 't', 0,
				       ' ', 0, 'c', 0, 'a', 0, 'm', 0};
	static const uint8_t speeds[] = {10, 6, LE16(0x200), 0xef, 2, 1, 64, 1,
					 0};
	const uint8_t *what = kind == 1	  ? device
			      : kind == 2 ? camera.configuration
			      : kind == 3 ? index ? name : language
			      : kind == 6 ? speeds
					  : NULL;

	*bytes = kind == 2 ? camera.configuration_bytes : what ? what[0] : 0;
	return what;
}

/* Of the class: GET_ of probe and commit. */
static const void *video(uint8_t request, uint32_t *bytes)
{
	static const uint8_t length[] = {26, 0}, can[] = {3};

	switch (request) {
	case 0x81: case 0x82: case 0x83: case 0x87:
		*bytes = sizeof(camera.probe);
		return camera.probe;
	case 0x85:
		*bytes = sizeof(length);
		return length;
	case 0x86:
		*bytes = sizeof(can);
		return can;
	default:
		return NULL;
	}
}

static void control(uint32_t number, const uint8_t *setup, const uint8_t *out,
		    uint32_t room)
{
	static const uint8_t status[2];
	const void *data = NULL;
	uint32_t bytes = 0;

	if (!(setup[0] & 0x80)) {
		if (setup[0] == 0x21 && setup[4] == 1 && setup[1] == 1) {
			set_probe(out[2]);
			if (setup[3] == 2)
				camera.streaming = 1, camera.bytes = 0;
		} else if (setup[1] == 11 || setup[1] == 1) {
			camera.streaming = 0; /* SET_INTERFACE, CLEAR_FEATURE */
		}
		reply(number, 0, NULL, room);
		return;
	}
	if (setup[0] == 0x80 && setup[1] == 6)
		data = descriptor(setup[3], setup[2], &bytes);
	else if (setup[1] == 0)
		data = status, bytes = sizeof(status);
	else if (setup[0] == 0xa1 && setup[4] == 1 && setup[3] >= 1 &&
		 setup[3] <= 2)
		data = video(setup[1], &bytes);
	reply(number, data ? 0 : STALL, data, bytes < room ? bytes : room);
}

static void unlink_request(const struct usbip *head)
{
	struct usbip answer = {
		.command = htonl(RET_UNLINK),
		.number = head->number,
	};
	uint32_t i;

	for (i = 0; i < camera.waiting; i++)
		if (camera.wait[i].number == head->field[0])
			break;
	if (i < camera.waiting) {
		memmove(camera.wait + i, camera.wait + i + 1,
			(--camera.waiting - i) * sizeof(camera.wait[0]));
		answer.field[0] = htonl((uint32_t)-ECONNRESET);
	}
	put(&answer, sizeof(answer));
	if (!camera.waiting)
		camera.streaming = 0, camera.bytes = 0;
}

static void take_request(void)
{
	static uint8_t out[65536];
	struct usbip head;
	uint32_t room;

	get(&head, sizeof(head));
	room = ntohl(head.field[1]);
	if (ntohl(head.command) == CMD_UNLINK) {
		unlink_request(&head);
		return;
	}
	if (!head.direction && room)
		get(out, room < sizeof(out) ? room : sizeof(out));
	if (!head.endpoint)
		control(head.number, head.setup, out, room);
	else if (!head.direction || camera.waiting == REQUESTS)
		reply(head.number, STALL, NULL, 0);
	else {
		camera.wait[camera.waiting].number = head.number;
		camera.wait[camera.waiting++].bytes = room;
		feed();
	}
}

/* ---- the run --------------------------------------------------------------------- */

static void attach(const char *port)
{
	char line[64];
	int pair[2], length, fd, big = 4 << 20;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		exit(71);
	camera.socket = pair[0];
	setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &big, sizeof(big));
	length = snprintf(line, sizeof(line), "%s %d 65538 %d", port, pair[1],
			  SPEED_HIGH);
	fd = open("/sys/devices/platform/vhci_hcd.0/attach", O_WRONLY);
	if (fd < 0 || write(fd, line, (size_t)length) < 0) {
		perror("uvc_camera: attach");
		exit(69);
	}
	close(fd);
	close(pair[1]);
}

/* 0: nobody commands any more. */
static int command(void)
{
	char text[64];
	ssize_t n = read(0, text, sizeof(text) - 1);

	if (n <= 0)
		return 0;
	text[n] = '\0';
	camera.stalled |= strstr(text, "stall") != NULL;
	camera.stalled &= !strstr(text, "go");
	camera.error |= strstr(text, "error") != NULL;
	camera.cut |= strstr(text, "cut") != NULL;
	return 1;
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

int main(int argc, char *argv[])
{
	struct pollfd wait[2] = {{.events = POLLIN}, {.events = POLLIN}};
	int64_t due_ns, left_ns;

	if (argc != 5)
		return 64;
	camera.width = (uint32_t)atoi(argv[2]);
	camera.height = (uint32_t)atoi(argv[3]);
	camera.fps = (uint32_t)atoi(argv[4]);
	camera.interval = 10000000 / camera.fps;
	camera.frame = malloc((size_t)camera.width * camera.height * 2 + 4096);
	describe();
	set_probe(1);
	attach(argv[1]);
	wait[1].fd = camera.socket;
	due_ns = now_ns();
	for (;;) {
		left_ns = due_ns - now_ns();
		if (left_ns <= 0) {
			due_ns += INT64_C(1000000000) / camera.fps;
			if (camera.streaming && !camera.stalled &&
			    !camera.bytes)
				next_frame();
			feed();
			continue;
		}
		if (poll(wait, 2, (int)(left_ns / 1000000) + 1) <= 0)
			continue;
		if (wait[1].revents)
			take_request();
		if (wait[0].revents && !command())
			wait[0].fd = -1;
	}
}

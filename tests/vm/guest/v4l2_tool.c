/*
 * tests/vm/guest/v4l2_tool.c: what a scenario does to a capture device, and an
 * independent capture of its frames.
 *
 *   v4l2_tool DEVICE control ID VALUE
 *   v4l2_tool DEVICE timings PIXELCLOCK WIDTH HEIGHT TOTALW TOTALH
 *   v4l2_tool DEVICE capture FOURCC WxH INPUT FILE   one frame
 *   v4l2_tool DEVICE hold                takes buffers until it is ended
 *   v4l2_tool - compare FOURCC WxH RAW XRGB   a captured frame and what became
 *                                        of it: by BT.601 limited, in double
 *   v4l2_tool - grey WxH XRGB            which of uvc_camera's frames it is
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static int fd;

static int said(const char *what, int failed)
{
	printf("%s %s\n", what, failed ? strerror(errno) : "ok");
	fflush(stdout);
	return failed != 0;
}

static int control(const char *id, const char *value)
{
	struct v4l2_ext_control one = {
		.id = (uint32_t)strtoul(id, NULL, 0),
		.value = (int)strtol(value, NULL, 0),
	};
	struct v4l2_ext_controls all = {
		.which = V4L2_CTRL_WHICH_CUR_VAL, .count = 1, .controls = &one};

	return said("control", ioctl(fd, VIDIOC_S_EXT_CTRLS, &all));
}

static int timings(char *v[])
{
	struct v4l2_dv_timings t = {.type = V4L2_DV_BT_656_1120};

	t.bt.pixelclock = strtoull(v[0], NULL, 10);
	t.bt.width = (uint32_t)atoi(v[1]);
	t.bt.height = (uint32_t)atoi(v[2]);
	t.bt.hfrontporch = (uint32_t)atoi(v[3]) - t.bt.width;
	t.bt.vfrontporch = (uint32_t)atoi(v[4]) - t.bt.height;
	t.bt.standards = V4L2_DV_BT_STD_CEA861;
	return said("timings", ioctl(fd, VIDIOC_S_DV_TIMINGS, &t));
}

static int request(uint32_t count)
{
	struct v4l2_requestbuffers r = {
		.count = count,
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_MMAP,
	};

	return ioctl(fd, VIDIOC_REQBUFS, &r);
}

static int capture(char *v[])
{
	struct v4l2_format f = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
	struct v4l2_buffer b = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
				.memory = V4L2_MEMORY_MMAP};
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	int type = (int)f.type, input = atoi(v[2]);
	void *at;
	FILE *file;

	sscanf(v[1], "%ux%u", &f.fmt.pix.width, &f.fmt.pix.height);
	f.fmt.pix.pixelformat = v4l2_fourcc(v[0][0], v[0][1], v[0][2], v[0][3]);
	f.fmt.pix.field = V4L2_FIELD_NONE;
	if (ioctl(fd, VIDIOC_S_INPUT, &input) || ioctl(fd, VIDIOC_S_FMT, &f) ||
	    request(2) || ioctl(fd, VIDIOC_QUERYBUF, &b))
		return said("capture", 1);
	at = mmap(NULL, b.length, PROT_READ, MAP_SHARED, fd, b.m.offset);
	if (at == MAP_FAILED || ioctl(fd, VIDIOC_QBUF, &b) ||
	    ioctl(fd, VIDIOC_STREAMON, &type) || poll(&ready, 1, 5000) != 1 ||
	    ioctl(fd, VIDIOC_DQBUF, &b))
		return said("capture", 1);
	file = fopen(v[3], "wb");
	if (!file || fwrite(at, b.bytesused, 1, file) != 1 || fclose(file))
		return said("capture", 1);
	return said("capture", 0);
}

/* ---- pictures ------------------------------------------------------------------ */

static uint8_t *load(const char *path, size_t bytes)
{
	uint8_t *data = calloc(1, bytes);
	FILE *file = fopen(path, "rb");

	if (!file || fread(data, 1, bytes, file) != bytes) {
		printf("%s is no such picture\n", path);
		exit(1);
	}
	return data;
}

/* Y, Cb and Cr of a pixel; nearest chroma. */
static void sample(const char *fourcc, const uint8_t *raw, uint32_t w,
		   uint32_t h, uint32_t x, uint32_t y, double yuv[3])
{
	const uint8_t *pair = raw + (y * w + x / 2 * 2) * 2;
	const uint8_t *chroma = raw + w * h + y / 2 * w + x / 2 * 2;

	yuv[1] = yuv[2] = 128;
	switch (fourcc[0]) {
	case 'Y':
		yuv[0] = pair[x % 2 * 2];
		yuv[1] = pair[1];
		yuv[2] = pair[3];
		break;
	case 'U':
		yuv[0] = pair[x % 2 * 2 + 1];
		yuv[1] = pair[0];
		yuv[2] = pair[2];
		break;
	case 'N':
		yuv[1] = chroma[0];
		yuv[2] = chroma[1]; /* fall through */
	default:
		yuv[0] = raw[y * w + x];
	}
}

/* ITU-R BT.601: the factors are its own, in real numbers. */
static void exact(const double yuv[3], double rgb[3])
{
	double y = (yuv[0] - 16) * 255 / 219;
	double cb = (yuv[1] - 128) / 224, cr = (yuv[2] - 128) / 224;
	uint32_t i;

	rgb[0] = y + 255 * 2 * (1 - .299) * cr;
	rgb[2] = y + 255 * 2 * (1 - .114) * cb;
	rgb[1] = (y - .299 * rgb[0] - .114 * rgb[2]) / .587;
	for (i = 0; i < 3; i++)
		rgb[i] = rgb[i] < 0 ? 0 : rgb[i] > 255 ? 255 : rgb[i];
}

static int compare(const char *fourcc, const char *size, const char *raw_path,
		   const char *xrgb_path)
{
	uint32_t w, h, x, y, i, off = 0, colors = 0;
	const uint8_t *raw, *xrgb, *pixel;
	double yuv[3], rgb[3], error, worst = 0;

	sscanf(size, "%ux%u", &w, &h);
	raw = load(raw_path, fourcc[0] == 'X' ? (size_t)w * h * 4
			     : fourcc[0] == 'N' ? (size_t)w * h * 3 / 2
			     : fourcc[0] == 'G' ? (size_t)w * h
						: (size_t)w * h * 2);
	xrgb = load(xrgb_path, (size_t)w * h * 4);
	for (y = 0; y < h; y++)
		for (x = 0; x < w; x++) {
			pixel = xrgb + (y * w + x) * 4;
			if (fourcc[0] == 'X') {
				for (i = 0; i < 3; i++)
					rgb[i] = raw[(y * w + x) * 4 + 2 - i];
			} else {
				sample(fourcc, raw, w, h, x, y, yuv);
				exact(yuv, rgb);
			}
			for (i = 0; i < 3; i++) {
				error = rgb[i] - pixel[2 - i];
				error = error < 0 ? -error : error;
				worst = error > worst ? error : worst;
				off += error > 1;
			}
			colors += x && memcmp(pixel, pixel - 4, 4);
		}
	if (off)
		printf("%u values are off by more than 1, at most %.2f\n", off,
		       worst);
	else
		puts(colors > 100 ? "equal" : "one colour only");
	return off != 0;
}

static int grey(const char *size, const char *path)
{
	uint32_t w, h, x, y, frame;
	const uint8_t *xrgb, *pixel;

	sscanf(size, "%ux%u", &w, &h);
	xrgb = load(path, (size_t)w * h * 4);
	frame = (xrgb[0] + 128u - 64) % 128;
	for (y = 0; y < h; y++)
		for (x = 0; x < w; x++) {
			pixel = xrgb + (y * w + x) * 4;
			if (pixel[0] != 64 + (x / 8 * 2 + y / 8 + frame) % 128 ||
			    pixel[1] != pixel[0] || pixel[2] != pixel[0]) {
				printf("none: %u,%u is %u\n", x, y, pixel[0]);
				return 1;
			}
		}
	puts("a frame");
	return 0;
}

int main(int argc, char *argv[])
{
	if (argc == 7 && !strcmp(argv[2], "compare"))
		return compare(argv[3], argv[4], argv[5], argv[6]);
	if (argc == 5 && !strcmp(argv[2], "grey"))
		return grey(argv[3], argv[4]);
	if (argc < 3)
		return 64;
	fd = open(argv[1], O_RDWR);
	if (fd < 0)
		return said("open", 1);
	if (!strcmp(argv[2], "control") && argc == 5)
		return control(argv[3], argv[4]);
	if (!strcmp(argv[2], "timings") && argc == 8)
		return timings(argv + 3);
	if (!strcmp(argv[2], "capture") && argc == 7)
		return capture(argv + 3);
	if (!strcmp(argv[2], "hold")) {
		said("hold", request(2));
		pause();
	}
	return 64;
}

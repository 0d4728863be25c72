/*
 * tests/vm/guest/v4l2_tool.c: what a scenario does to a capture device, and an
 * independent capture of its frames.
 *
 *   v4l2_tool DEVICE control ID VALUE
 *   v4l2_tool DEVICE timings PIXELCLOCK WIDTH HEIGHT TOTALW TOTALH
 *   v4l2_tool DEVICE capture FOURCC WxH INPUT FILE   one frame
 *   v4l2_tool DEVICE hold                takes buffers until it is ended
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

int main(int argc, char *argv[])
{
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

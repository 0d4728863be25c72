/*
 * kms_probe: drives one KMS device from a script on standard input, one
 * command a line, and prints one line of result each, so that a scenario is a
 * script and the text expected from it. Results name errors by their errno.
 * Lines with figures that vary begin with '#'.
 *
 *   kms_probe DRIVER        opens the card of that driver
 *   kms_probe -s SOCKET     takes the descriptor of kms_share
 *   kms_probe -f FD         uses one that it has inherited
 *
 * It does not stop at a failed command: that is what it is there to show.
 * Read kms.h for what it can do, ../README.md for the commands.
 */
#include "kms.h"
#include "share.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static const char *error_name(int err)
{
	static char number[24];

	switch (-err) {
	case 0:
		return "ok";
	case EACCES:
		return "EACCES";
	case EBADF:
		return "EBADF";
	case EBUSY:
		return "EBUSY";
	case EINVAL:
		return "EINVAL";
	case ENODEV:
		return "ENODEV";
	case ENOENT:
		return "ENOENT";
	case ENOMEM:
		return "ENOMEM";
	case ENOSPC:
		return "ENOSPC";
	case ENXIO:
		return "ENXIO";
	case EOPNOTSUPP:
		return "EOPNOTSUPP";
	case EPERM:
		return "EPERM";
	case ETIMEDOUT:
		return "timeout";
	default:
		snprintf(number, sizeof(number), "errno-%d", -err);
		return number;
	}
}

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void do_status(struct kms *kms, bool force)
{
	const int err = kms_read_connector(kms, force);

	if (err)
		printf("status %s\n", error_name(err));
	else
		printf("status %s\n",
		       kms->connected ? "connected" : "disconnected");
}

static void do_modes(const struct kms *kms)
{
	for (uint32_t i = 0; i < kms->mode_count; i++)
		printf("mode %ux%u@%u\n", kms->modes[i].hdisplay,
		       kms->modes[i].vdisplay, kms->modes[i].vrefresh);
}

static void do_first(const struct kms *kms)
{
	if (kms->mode_count == 0)
		printf("first none\n");
	else
		printf("first %ux%u\n", kms->modes[0].hdisplay,
		       kms->modes[0].vdisplay);
}

static void do_size(const struct kms *kms)
{
	struct drm_mode_crtc crtc = {.crtc_id = kms->crtc_id};
	int err = kms_ioctl(kms->fd, DRM_IOCTL_MODE_GETCRTC, &crtc);

	if (err)
		printf("size %s\n", error_name(err));
	else
		printf("size %ux%u\n", crtc.mode.hdisplay, crtc.mode.vdisplay);
}

static int do_modeset(struct kms *kms, const char *args)
{
	uint32_t width = 0, height = 0;
	const struct drm_mode_modeinfo *mode;
	int err;

	if (sscanf(args, "%ux%u", &width, &height) == 1)
		return -EINVAL;
	mode = kms_find_mode(kms, width, height);
	if (!mode)
		return -ENOENT;
	err = kms_make_fbs(kms, mode);
	return err ? err : kms_modeset(kms, false);
}

/* Flip and wait, n times: counts only, so that it is exact on any machine. */
static void do_flips(struct kms *kms, unsigned int n)
{
	const int64_t begin_us = now_us();
	unsigned int flips = 0, events = 0;
	uint32_t first = 0, last = 0;

	for (unsigned int i = 0; i < n; i++) {
		struct drm_event_vblank event;

		if (kms_flip(kms, DRM_MODE_ATOMIC_NONBLOCK |
					  DRM_MODE_PAGE_FLIP_EVENT))
			continue;
		flips++;
		if (kms_wait_event(kms, 1000, &event))
			continue;
		if (event.user_data != (uint64_t)kms->shown)
			continue;
		last = event.sequence;
		if (events++ == 0)
			first = last;
	}
	printf("flips %u events %u\n", flips, events);
	const int64_t us = now_us() - begin_us;
	printf("# %u flips in %lld us, %.1f a second, sequence +%u\n", flips,
	       (long long)us, flips * 1e6 / (double)(us ? us : 1),
	       last - first);
}

static void do_event(const struct kms *kms, const char *args)
{
	struct drm_event_vblank event;

	printf("event %s\n",
	       error_name(kms_wait_event(kms, atoi(args), &event)));
}

static int save(const struct kms_fb *fb, const char *path)
{
	FILE *file = fopen(path, "wb");
	int err = 0;

	if (!file)
		return -errno;
	for (uint32_t y = 0; y < fb->height; y++)
		if (fwrite(fb->map + (size_t)y * fb->pitch_bytes, 4, fb->width,
			   file) != fb->width)
			err = -EIO;
	return fclose(file) == 0 ? err : -EIO;
}

/* Any framebuffer of this file, whoever made it. */
static int dump(int fd, const char *args)
{
	struct drm_mode_fb_cmd2 get = {.fb_id = 0};
	struct drm_mode_map_dumb map = {.handle = 0};
	struct kms_fb fb = {.fb_id = 0};
	char path[256];
	int err;

	if (sscanf(args, "%u %255s", &get.fb_id, path) != 2)
		return -EINVAL;
	err = kms_ioctl(fd, DRM_IOCTL_MODE_GETFB2, &get);
	map.handle = get.handles[0];
	if (!err)
		err = kms_ioctl(fd, DRM_IOCTL_MODE_MAP_DUMB, &map);
	if (err)
		return err;
	fb.width = get.width;
	fb.height = get.height;
	fb.pitch_bytes = get.pitches[0];
	fb.map = mmap(NULL, (size_t)fb.pitch_bytes * fb.height, PROT_READ,
		      MAP_SHARED, fd, (off_t)map.offset);
	if (fb.map == MAP_FAILED)
		return -errno;
	err = save(&fb, path);
	munmap(fb.map, (size_t)fb.pitch_bytes * fb.height);
	return err;
}

static int do_capture(struct kms *kms, const char *path)
{
	struct drm_mode_crtc crtc = {.crtc_id = kms->crtc_id};
	struct kms_fb out;
	int err = kms_ioctl(kms->fd, DRM_IOCTL_MODE_GETCRTC, &crtc);

	if (err)
		return err;
	err = kms_fb_create(kms->fd, &out, crtc.mode.hdisplay,
			    crtc.mode.vdisplay);
	if (err)
		return err;
	memset(out.map, 0x5a, out.size_bytes);
	err = kms_capture(kms, &out);
	if (!err)
		err = save(&out, path);
	kms_fb_destroy(kms->fd, &out);
	return err;
}

static void do_info(const struct kms *kms)
{
	printf("info %s %s %s\n", kms->driver,
	       kms->connected ? "connected" : "disconnected",
	       kms->writeback_id ? "writeback" : "no-writeback");
}

static void do_link(const struct kms *kms)
{
	const int status = kms_link_status(kms);

	printf("link %s\n", status < 0	  ? error_name(status)
			    : status == 0 ? "good"
					  : "bad");
}

static void do_open(struct kms *kms, const char *driver)
{
	kms_close(kms);
	printf("open %s\n", error_name(kms_open(kms, driver)));
}

static void do_hold(void)
{
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigwait(&set, &sig);
}

static void say(const char *word, int err)
{
	printf("%s %s\n", word, error_name(err));
}

/* @return false if the word is no command. */
static bool run_commit(struct kms *kms, const char *word, const char *args)
{
	if (strcmp(word, "modeset") == 0)
		say(word, do_modeset(kms, args));
	else if (strcmp(word, "again") == 0)
		say(word, kms_modeset(kms, false));
	else if (strcmp(word, "relink") == 0)
		say(word, kms_modeset(kms, true));
	else if (strcmp(word, "flip") == 0)
		say(word, kms_flip(kms, DRM_MODE_ATOMIC_NONBLOCK |
						DRM_MODE_PAGE_FLIP_EVENT));
	else if (strcmp(word, "test") == 0)
		say(word, kms_flip(kms, DRM_MODE_ATOMIC_TEST_ONLY));
	else if (strcmp(word, "flips") == 0)
		do_flips(kms, (unsigned int)atoi(args));
	else if (strcmp(word, "event") == 0)
		do_event(kms, args);
	else
		return false;
	return true;
}

static bool run_other(struct kms *kms, const char *word, const char *args)
{
	if (strcmp(word, "info") == 0)
		do_info(kms);
	else if (strcmp(word, "status") == 0)
		do_status(kms, true);
	else if (strcmp(word, "cached") == 0)
		do_status(kms, false);
	else if (strcmp(word, "modes") == 0)
		do_modes(kms);
	else if (strcmp(word, "first") == 0)
		do_first(kms);
	else if (strcmp(word, "size") == 0)
		do_size(kms);
	else if (strcmp(word, "save") == 0)
		say(word, save(&kms->fb[kms->shown], args));
	else if (strcmp(word, "dump") == 0)
		say(word, dump(kms->fd, args));
	else if (strcmp(word, "capture") == 0)
		say(word, do_capture(kms, args));
	else if (strcmp(word, "link") == 0)
		do_link(kms);
	else if (strcmp(word, "open") == 0)
		do_open(kms, args);
	else if (strcmp(word, "drop") == 0)
		say(word, ioctl(kms->fd, DRM_IOCTL_DROP_MASTER, 0) ? -errno : 0);
	else if (strcmp(word, "hold") == 0)
		do_hold();
	else if (strcmp(word, "!") == 0)
		return system(args) != -1;
	else
		return false;
	return true;
}

static int run_script(struct kms *kms)
{
	char line[512];

	while (fgets(line, sizeof(line), stdin)) {
		char word[32] = "";
		int used = 0;

		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%31s %n", word, &used) < 1)
			continue;
		if (!run_commit(kms, word, line + used) &&
		    !run_other(kms, word, line + used)) {
			fprintf(stderr, "kms_probe: no such command: %s\n",
				word);
			return 64;
		}
		fflush(stdout);
	}
	return 0;
}

static int open_device(struct kms *kms, int argc, char **argv)
{
	int fd = -1;

	if (argc == 2)
		return kms_open(kms, argv[1]);
	if (strcmp(argv[1], "-s") == 0)
		fd = share_receive(argv[2]);
	else if (strcmp(argv[1], "-f") == 0)
		fd = atoi(argv[2]);
	return fd < 0 ? fd : kms_adopt(kms, fd);
}

int main(int argc, char **argv)
{
	static struct kms kms = {.fd = -1};
	int status;

	if (argc < 2 || argc > 3) {
		fprintf(stderr,
			"usage: kms_probe DRIVER | -s SOCKET | -f FD\n");
		return 64;
	}
	printf("open %s\n", error_name(open_device(&kms, argc, argv)));
	fflush(stdout);
	status = run_script(&kms);
	kms_close(&kms);
	return status;
}

/*
 * tests/fakes/egl/config.c: how the fake libEGL is told what to be:
 *
 * FAKE_EGL_FAIL=CALL:ERROR:N	the N-th call (from 1) of that entry ("*": of
 *	any) fails with this EGL error, a number as C writes it; with N+ all
 *	later ones too
 * FAKE_EGL_BLOCK=CALL:N	the N-th call of that entry never returns
 * FAKE_EGL_MISSING=NAME	an extension that is not there
 * FAKE_EGL_DEVICES=N,...	a device each, with that CUDA ordinal; -1: it is
 *	no CUDA device; "": there is none; 0
 * FAKE_EGL_DRM=PATH		the devices' DRM file; they have none
 * FAKE_EGL_LAYERS=crtc|plane	output layers of CRTCs and planes, or of planes
 *	only; none
 * FAKE_EGL_GONE=N[,M]		at the N-th frame put in, of all streams, the
 *	consumer goes; at the M-th again
 * FAKE_EGL_STUCK=N		from the N-th frame on this stream gives none back
 * FAKE_EGL_LATE=N		each is given back when it was asked for N times
 * FAKE_EGL_REORDER=1		the newest first
 * FAKE_EGL_BOTTOM_UP=1		a surface's frames reach a consumer that is no
 *	screen with the last row first
 * FAKE_EGL_GL_FAIL=CALL:N	the N-th call of that entry of GLES's does nothing
 *	but GL_OUT_OF_MEMORY; a shader or program does not compile or link
 * FAKE_EGL_REPORT=FILE		see report.h
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fakes/egl/card.h"
#include "tests/fakes/egl/fake.h"

struct fake_egl_config fake_egl_config;
const struct fake_card_ops *fake_egl_card = &fake_card_ops;
static struct fake_egl_report own_report;
struct fake_egl_report *fake_egl_report = &own_report;
pthread_mutex_t fake_egl_lock = PTHREAD_MUTEX_INITIALIZER;

#define SYMBOL(name, symbol, returned, arguments) symbol,
static const char *const symbols[] = {EGLSTREAM_ENTRIES(SYMBOL)};

static void bad(const char *what)
{
	fprintf(stderr, "fake libEGL: bad %s\n", what);
	_exit(99);
}

static void read_injection(const char *text)
{
	char symbol[128];
	int call = 0;

	if (sscanf(text, "%127[^:]:%i:%ld", symbol, &fake_egl_config.fail_error,
		   &fake_egl_config.fail_left) != 3)
		bad("FAKE_EGL_FAIL");
	fake_egl_config.fail_on = strchr(text, '+') != NULL;
	while (call < EGLSTREAM_CALL_COUNT && strcmp(symbols[call], symbol))
		call++;
	if (call == EGLSTREAM_CALL_COUNT && strcmp(symbol, "*"))
		bad("FAKE_EGL_FAIL: no such entry");
	fake_egl_config.fail_call = call == EGLSTREAM_CALL_COUNT ? -1 : call;
}

static void read_devices(const char *text)
{
	char copy[64], *each, *rest = copy;

	snprintf(copy, sizeof(copy), "%s", text);
	while ((each = strtok_r(rest, ",", &rest)) &&
	       fake_egl_config.device_count < FAKE_EGL_DEVICES)
		fake_egl_config.devices[fake_egl_config.device_count++] =
			atoi(each);
}

static void open_report(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	void *memory = MAP_FAILED;

	if (fd >= 0 && !ftruncate(fd, sizeof(struct fake_egl_report)))
		memory = mmap(NULL, sizeof(struct fake_egl_report),
			      PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		bad("FAKE_EGL_REPORT");
	close(fd);
	fake_egl_report = memory;
}

static long number(const char *name)
{
	const char *text = getenv(name);

	return text ? atol(text) : 0;
}

__attribute__((constructor)) static void start(void)
{
	const char *devices = getenv("FAKE_EGL_DEVICES");
	const char *block = getenv("FAKE_EGL_BLOCK");
	const char *gone = getenv("FAKE_EGL_GONE");
	const char *layers = getenv("FAKE_EGL_LAYERS");

	if (getenv("FAKE_EGL_FAIL"))
		read_injection(getenv("FAKE_EGL_FAIL"));
	if (block && sscanf(block, "%63[^:]:%ld", fake_egl_config.block,
			    &fake_egl_config.block_left) != 2)
		bad("FAKE_EGL_BLOCK");
	if (gone && sscanf(gone, "%ld,%ld", &fake_egl_config.gone,
			   &fake_egl_config.gone_again) < 1)
		bad("FAKE_EGL_GONE");
	read_devices(devices ? devices : "0");
	fake_egl_config.missing = getenv("FAKE_EGL_MISSING");
	fake_egl_config.drm_file = getenv("FAKE_EGL_DRM");
	if (layers && strcmp(layers, "crtc") && strcmp(layers, "plane"))
		bad("FAKE_EGL_LAYERS");
	fake_egl_config.has_crtc_layers = layers && *layers == 'c';
	fake_egl_config.has_plane_layers = layers;
	fake_egl_config.stuck = number("FAKE_EGL_STUCK");
	fake_egl_config.late = (uint32_t)number("FAKE_EGL_LATE");
	fake_egl_config.reorder = number("FAKE_EGL_REORDER");
	fake_egl_config.bottom_up = number("FAKE_EGL_BOTTOM_UP");
	if (getenv("FAKE_EGL_GL_FAIL") &&
	    sscanf(getenv("FAKE_EGL_GL_FAIL"), "%63[^:]:%ld",
		   fake_egl_config.gl_fail, &fake_egl_config.gl_fail_left) != 2)
		bad("FAKE_EGL_GL_FAIL");
	if (getenv("FAKE_EGL_REPORT"))
		open_report(getenv("FAKE_EGL_REPORT"));
	fake_egl_report->magic = FAKE_EGL_MAGIC;
}

void fake_egl_misuse(const char *what)
{
	if (!fake_egl_report->misuse_count++)
		snprintf(fake_egl_report->misuse,
			 sizeof(fake_egl_report->misuse), "%s", what);
	else
		return;
	fprintf(stderr, "fake libEGL: misused: %s\n", what);
}

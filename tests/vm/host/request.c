/*
 * request: see request.h. Called by vmhost.c; the monitor is qmp.c's and the
 * pulled plug vnc.c's.
 */
#include "request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "qmp.h"
#include "vnc.h"

#define STOP_MS_MAX 60000

static const char *monitor(int fd, const char *json)
{
	static char reply[4096], answer[4200];

	switch (qmp_command(fd, json, reply, sizeof(reply))) {
	case 0:
		return "ok";
	case 1:
		snprintf(answer, sizeof(answer), "error %s", reply);
		return answer;
	default:
		return "error the monitor is gone";
	}
}

static const char *screendump(int fd, const char *args)
{
	char device[32], file[64], json[256];
	unsigned int head = 0;

	if (sscanf(args, "%31[a-z0-9] %63[a-zA-Z0-9._-] %u", device, file,
		   &head) < 2)
		return "error usage: screendump DEVICE FILE [HEAD]";
	snprintf(json, sizeof(json),
		 "{\"execute\":\"screendump\",\"arguments\":"
		 "{\"device\":\"%s\",\"head\":%u,\"filename\":\"out/%s\"}}",
		 device, head, file);
	return monitor(fd, json);
}

static const char *resize(const char *args)
{
	unsigned int width, height, head = 0;

	if (sscanf(args, "%u %u %u", &width, &height, &head) < 2 ||
	    width > 8192 || height > 8192 || head > 1)
		return "error usage: resize WIDTH HEIGHT [HEAD]";
	return vnc_resize(head ? "vnc1.sock" : "vnc.sock", width, height)
		       ? "error no answer"
		       : "ok";
}

static const char *stop(int fd, const char *args)
{
	const int ms = atoi(args);
	struct timespec pause = {ms / 1000, ms % 1000 * 1000000L};

	if (ms <= 0 || ms > STOP_MS_MAX)
		return "error usage: stop MILLISECONDS";
	if (strcmp(monitor(fd, "{\"execute\":\"stop\"}"), "ok") != 0)
		return "error the monitor refused to stop";
	nanosleep(&pause, NULL);
	return monitor(fd, "{\"execute\":\"cont\"}");
}

static const char *carry_out(const char *text, int monitor_fd)
{
	if (strncmp(text, "screendump ", 11) == 0)
		return screendump(monitor_fd, text + 11);
	if (strncmp(text, "resize ", 7) == 0)
		return resize(text + 7);
	if (strncmp(text, "stop ", 5) == 0)
		return stop(monitor_fd, text + 5);
	if (strncmp(text, "qmp ", 4) == 0)
		return monitor(monitor_fd, text + 4);
	return "error no such request";
}

static void answer(int fd, const char *text)
{
	const size_t size = strlen(text);

	if (write(fd, text, size) != (ssize_t)size || write(fd, "\n", 1) != 1)
		perror("vmhost: answer");
}

void request_serve(struct request_line *line, int guest_fd, int monitor_fd)
{
	const ssize_t got = read(guest_fd, line->text + line->used,
				 sizeof(line->text) - 1 - line->used);
	char *end;

	if (got <= 0)
		return;
	line->used += (size_t)got;
	line->text[line->used] = '\0';
	while ((end = strchr(line->text, '\n'))) {
		*end = '\0';
		answer(guest_fd, carry_out(line->text, monitor_fd));
		line->used -= (size_t)(end + 1 - line->text);
		memmove(line->text, end + 1, line->used + 1);
	}
	if (line->used == sizeof(line->text) - 1)
		line->used = 0;
}

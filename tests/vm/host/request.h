/*
 * request: what a guest may ask of its host, one line a request, one line the
 * answer ("ok", or "error" and the reason):
 *
 *   screendump DEVICE FILE [HEAD]  picture of that display, as PPM, into
 *                             out/FILE; HEAD: of which output, 0 or 1
 *   resize WIDTH HEIGHT [HEAD]     the monitor's size, through VNC; 0 0 unplugs
 *                             it
 *   stop MILLISECONDS         the whole guest stands still that long
 *   qmp JSON                  any other monitor command
 */
#ifndef TESTS_VM_HOST_REQUEST_H
#define TESTS_VM_HOST_REQUEST_H

#include <stddef.h>

/* A request as it arrives; zero it before the first call. */
struct request_line {
	char text[1024];
	size_t used;
};

/* Read what is there; carry out and answer each complete line. */
void request_serve(struct request_line *line, int guest_fd, int monitor_fd);

#endif

/*
 * tools/tickline/view.h: a running program's statistics page, mapped: the verb
 * `page` of docs/control.md.
 */
#ifndef TOOLS_TICKLINE_VIEW_H
#define TOOLS_TICKLINE_VIEW_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "runtime/observe/page.h"

#define VIEW_NAME_MAX 64

struct view {
	int fd; /* the control socket: closed from there, the program is gone */
	char graph[VIEW_NAME_MAX];
	const struct tickline_page *page;
	/* readings, of page->bytes bytes: this one and the one before */
	struct tickline_page *now, *before;
	bool has_before;
};

/* Sends a request (takes the reference) whose answer has a descriptor with it. NULL:
 * a line was printed. The caller frees the one and closes the other. */
json_t *view_ask(int fd, json_t *request, int *answer_fd);

/* name: as client_open. An exit status; not 0: a line was printed and nothing is
 * left open. */
int view_open(struct view *view, const char *name);

/* The next reading. False: the writer was always in the middle of one. */
bool view_read(struct view *view);

/* Waits for that long. False: the program is gone. */
bool view_wait(const struct view *view, int milliseconds);

void view_close(struct view *view);

#endif

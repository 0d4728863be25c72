/*
 * tools/tickline/view.c: see tools/tickline/view.h.
 */
#define _GNU_SOURCE /* POLLRDHUP */

#include "tools/tickline/view.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/exit_status.h"
#include "runtime/base/message.h"
#include "tools/tickline/client.h"
#include "tools/tickline/command.h"

#define VIEW_ANSWER_BYTES 2048

/* An answer and the descriptor that came with it; -1: none. NULL: none came. */
static json_t *view_receive(int fd, int *page_fd)
{
	union {
		struct cmsghdr head; /* aligns it */
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	char text[VIEW_ANSWER_BYTES];
	struct iovec part = {text, sizeof(text)};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	ssize_t got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	struct cmsghdr *head = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;

	*page_fd = -1;
	if (head && head->cmsg_type == SCM_RIGHTS &&
	    head->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(page_fd, CMSG_DATA(head), sizeof(int));
	return got > 0 ? json_loadb(text, (size_t)got, 0, NULL) : NULL;
}

json_t *view_ask(int fd, json_t *request, int *answer_fd)
{
	const char *verb = json_string_value(json_object_get(request, "verb"));
	char *text = json_dumps(request, JSON_COMPACT);
	json_t *answer = NULL;

	*answer_fd = -1;
	if (text && send(fd, text, strlen(text), MSG_NOSIGNAL) > 0)
		answer = view_receive(fd, answer_fd);
	free(text);
	if (answer && *answer_fd >= 0) {
		json_decref(request);
		return answer;
	}
	if (!answer)
		message("%s: no answer; is the program stopped, or gone?",
			verb);
	else if (json_integer_value(json_object_get(answer, "code")) != 200)
		message("%s",
			json_string_value(json_object_get(answer, "comment")));
	else
		message("%s: it came without a descriptor", verb);
	json_decref(request);
	json_decref(answer);
	return NULL;
}

static int view_map(struct view *view, int page_fd)
{
	struct stat status;
	void *memory;

	if (fstat(page_fd, &status) || status.st_size <= 0) {
		message("page: %s", strerror(errno));
		return COMMAND_REFUSED;
	}
	memory = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED,
		      page_fd, 0);
	if (memory == MAP_FAILED) {
		message("page: %s", strerror(errno));
		return COMMAND_REFUSED;
	}
	view->page = memory;
	if (!tickline_page_check(view->page, (size_t)status.st_size)) {
		message("page: it is of another version than %d: take the "
			"tickline that was built with the program",
			TICKLINE_PAGE_VERSION);
		munmap(memory, (size_t)status.st_size);
		view->page = NULL;
		return COMMAND_REFUSED;
	}
	return 0;
}

static void view_name(struct view *view)
{
	json_t *info = client_must(view->fd, json_pack("{s:s}", "verb", "info"));
	const char *graph = json_string_value(json_object_get(info, "graph"));

	snprintf(view->graph, sizeof(view->graph), "%s", graph ? graph : "");
	json_decref(info);
}

int view_open(struct view *view, const char *name)
{
	int page_fd, status = COMMAND_REFUSED;
	json_t *answer;

	*view = (struct view){.fd = client_open(name)};
	if (view->fd < 0)
		return EXIT_STATUS_NO_DEVICE;
	answer = view_ask(view->fd, json_pack("{s:s}", "verb", "page"),
			  &page_fd);
	if (answer) {
		status = view_map(view, page_fd);
		close(page_fd);
		json_decref(answer);
	}
	if (!status) {
		view_name(view);
		view->now = calloc(1, view->page->bytes);
		view->before = calloc(1, view->page->bytes);
		if (!view->now || !view->before)
			status = EXIT_STATUS_OS_LIMIT;
	}
	if (status)
		view_close(view);
	return status;
}

bool view_read(struct view *view)
{
	struct tickline_page *older = view->before;
	bool had = view->now->magic != 0;

	view->before = view->now;
	view->now = older;
	if (tickline_page_read_all(view->page, view->now)) {
		view->has_before = had;
		return true;
	}
	view->now = view->before;
	view->before = older;
	return false;
}

bool view_wait(const struct view *view, int milliseconds)
{
	struct pollfd gone = {.fd = view->fd, .events = POLLIN | POLLRDHUP};

	return poll(&gone, 1, milliseconds) == 0;
}

void view_close(struct view *view)
{
	if (view->page)
		munmap((void *)(uintptr_t)view->page, view->page->bytes);
	free(view->now);
	free(view->before);
	close(view->fd);
}

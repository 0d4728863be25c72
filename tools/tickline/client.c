/*
 * tools/tickline/client.c: see tools/tickline/client.h.
 */
#include "tools/tickline/client.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "runtime/base/message.h"
#include "runtime/base/text.h"

/* ---- who is here ------------------------------------------------------------------ */

static bool client_is_live(const char *path)
{
	int fd = socket_connect(path);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool client_take(struct client_program *program, const char *folder,
			const char *file)
{
	size_t length = strlen(file), suffix = strlen(SOCKET_SUFFIX);

	if (length <= suffix || strcmp(file + length - suffix, SOCKET_SUFFIX) ||
	    strlen(folder) + 1 + length >= sizeof(program->path))
		return false;
	program->path[0] = program->name[0] = '\0';
	text_append(program->path, sizeof(program->path), "%s/%s", folder, file);
	text_append(program->name, sizeof(program->name), "%.*s",
		    (int)(length - suffix), file);
	return client_is_live(program->path);
}

static int client_compare(const void *a, const void *b)
{
	return strcmp(((const struct client_program *)a)->name,
		      ((const struct client_program *)b)->name);
}

unsigned int client_find(struct client_program programs[CLIENT_PROGRAMS_MAX])
{
	char folder[SOCKET_PATH_MAX];
	unsigned int i, count = 0;

	for (i = 0; i < SOCKET_FOLDERS; i++) {
		struct dirent *entry;
		DIR *dir;

		socket_folder(i, folder, sizeof(folder));
		dir = folder[0] ? opendir(folder) : NULL;
		while (dir && count < CLIENT_PROGRAMS_MAX &&
		       (entry = readdir(dir)))
			count += client_take(&programs[count], folder,
					     entry->d_name);
		if (dir)
			closedir(dir);
	}
	qsort(programs, count, sizeof(*programs), client_compare);
	return count;
}

static bool client_path_of(const char *name, char *path, size_t bytes)
{
	char folder[SOCKET_PATH_MAX];
	unsigned int i;

	for (i = 0; i < SOCKET_FOLDERS; i++) {
		socket_folder(i, folder, sizeof(folder));
		path[0] = '\0';
		text_append(path, bytes, "%s/%s" SOCKET_SUFFIX, folder, name);
		if (folder[0] && client_is_live(path))
			return true;
	}
	return false;
}

bool client_is_program(const char *name)
{
	char path[2 * SOCKET_PATH_MAX];

	return strchr(name, '/') ? client_is_live(name)
				 : client_path_of(name, path, sizeof(path));
}

/* ---- connecting -------------------------------------------------------------------- */

static void client_list(const struct client_program *programs,
			unsigned int count, char *list, size_t bytes)
{
	unsigned int i;

	list[0] = '\0';
	for (i = 0; i < count; i++)
		text_append(list, bytes, "%s%s", i ? ", " : "",
			    programs[i].name);
}

/* The only one; false: a line was printed. */
static bool client_only(char *path, size_t bytes)
{
	struct client_program *programs =
		calloc(CLIENT_PROGRAMS_MAX, sizeof(*programs));
	unsigned int count = programs ? client_find(programs) : 0;
	char list[256];

	if (count == 1)
		snprintf(path, bytes, "%s", programs[0].path);
	client_list(programs, count, list, sizeof(list));
	free(programs);
	if (!count)
		message("no program runs here that may be asked: start one, or "
			"name its socket by a path");
	if (count > 1)
		message("several programs run: name one of %s", list);
	return count == 1;
}

static bool client_named(const char *name, char *path, size_t bytes)
{
	struct client_program *programs;
	unsigned int count;
	char list[256];

	if (strchr(name, '/')) {
		snprintf(path, bytes, "%s", name);
		return true;
	}
	if (client_path_of(name, path, bytes))
		return true;
	programs = calloc(CLIENT_PROGRAMS_MAX, sizeof(*programs));
	count = programs ? client_find(programs) : 0;
	client_list(programs, count, list, sizeof(list));
	free(programs);
	message("%.64s: no program of that name runs here; %s%s", name,
		count ? "there are " : "none does", list);
	return false;
}

int client_open(const char *name)
{
	struct timeval wait = {.tv_sec = CLIENT_WAIT_S};
	char path[2 * SOCKET_PATH_MAX];
	int fd;

	if (name ? !client_named(name, path, sizeof(path))
		 : !client_only(path, sizeof(path)))
		return -1;
	fd = socket_connect(path);
	if (fd < 0) {
		message("%s: %s", path,
			fd == -ECONNREFUSED ? "nobody listens there any more"
					    : strerror(-fd));
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	return fd;
}

/* ---- asking ---------------------------------------------------------------------- */

static bool client_send(int fd, json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT);
	bool sent = text && send(fd, text, strlen(text), MSG_NOSIGNAL) >= 0;

	if (!text)
		message("what is asked for is no UTF-8");
	else if (!sent && errno != EPIPE) /* then it says why it closed */
		message("sending: %s", errno == EMSGSIZE
					       ? "too much at once"
					       : strerror(errno));
	sent |= text && errno == EPIPE;
	free(text);
	json_decref(request);
	return sent;
}

json_t *client_ask(int fd, json_t *request)
{
	char *text = malloc(CLIENT_MESSAGE_BYTES);
	json_t *answer = NULL;
	ssize_t got;

	errno = 0;
	if (!text || !client_send(fd, request)) {
		free(text);
		return NULL;
	}
	got = recv(fd, text, CLIENT_MESSAGE_BYTES, 0);
	if (got > 0)
		answer = json_loadb(text, (size_t)got, 0, NULL);
	free(text);
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		message("no answer for %d s: is the program stopped?",
			CLIENT_WAIT_S);
	else if (!answer)
		message("the program is gone");
	return answer;
}

json_t *client_next(int fd)
{
	struct timeval forever = {.tv_sec = 0};
	char *text = malloc(CLIENT_MESSAGE_BYTES);
	json_t *message = NULL;
	ssize_t got = -1;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &forever, sizeof(forever));
	if (text)
		got = recv(fd, text, CLIENT_MESSAGE_BYTES, 0);
	if (got > 0)
		message = json_loadb(text, (size_t)got, 0, NULL);
	free(text);
	return message;
}

json_t *client_must(int fd, json_t *request)
{
	json_t *answer = client_ask(fd, request);

	if (!answer ||
	    json_integer_value(json_object_get(answer, "code")) == 200)
		return answer;
	message("%s", json_string_value(json_object_get(answer, "comment")));
	json_decref(answer);
	return NULL;
}

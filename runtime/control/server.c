/*
 * runtime/control/server.c: see runtime/control/server.h.
 */
#define _GNU_SOURCE /* struct ucred, accept4 */

#include "runtime/control/server.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/base/message.h"
#include "runtime/base/text.h"

#define SERVER_ROUND_MS 200
#ifdef __SANITIZE_THREAD__
#define SERVER_STACK_BYTES THREAD_STACK_BYTES
#else
#define SERVER_STACK_BYTES (128 * 1024) /* all of it is locked memory */
#endif

/* ---- a request ------------------------------------------------------------------ */

void call_refuse(struct call *call, enum call_code code, const char *format,
		 ...)
{
	va_list arguments;

	call->code = code;
	va_start(arguments, format);
	text_line(call->comment, sizeof(call->comment), format, arguments);
	va_end(arguments);
	json_object_clear(call->answer);
	call->give_count = 0;
}

const char *call_string(struct call *call, const char *key)
{
	const json_t *value = json_object_get(call->request, key);

	if (!value)
		return NULL;
	if (json_is_string(value))
		return json_string_value(value);
	call_refuse(call, CALL_BAD, "%s: must be a string", key);
	return NULL;
}

/* jansson descends as deep as a text goes; our stack does not. */
static bool server_is_deep(const char *text, size_t bytes)
{
	bool quoted = false;
	int depth = 0;
	size_t i;

	for (i = 0; i < bytes; i++) {
		if (quoted && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && (text[i] == '{' || text[i] == '['))
			depth++;
		else if (!quoted && (text[i] == '}' || text[i] == ']'))
			depth--;
		if (depth > SERVER_DEPTH_MAX)
			return true;
	}
	return false;
}

static json_t *server_parse(struct call *call, const char *text, size_t bytes)
{
	json_error_t error;
	json_t *request;

	if (bytes > SERVER_MESSAGE_BYTES) {
		call_refuse(call, CALL_TOO_LARGE,
			    "a request is %d bytes at most; send several",
			    SERVER_MESSAGE_BYTES);
		return NULL;
	}
	if (server_is_deep(text, bytes)) {
		call_refuse(call, CALL_BAD, "not a request: nested more than %d deep",
			    SERVER_DEPTH_MAX);
		return NULL;
	}
	request = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error);
	if (request && json_is_object(request))
		return request;
	if (request)
		call_refuse(call, CALL_BAD,
			    "not a request: it must be a JSON object: "
			    "{\"verb\": \"info\"}");
	else
		call_refuse(call, CALL_BAD, "not JSON: %s, at byte %d",
			    error.text, error.position);
	json_decref(request);
	return NULL;
}

static const struct verb *server_find(const struct verb *verbs,
				      struct call *call)
{
	struct text_nearest best = {NULL, 0};
	const char *name = call_string(call, "verb");
	const struct verb *verb;

	if (!name) {
		if (call->code == CALL_DONE)
			call_refuse(call, CALL_BAD,
				    "verb: is missing: {\"verb\": \"info\"}");
		return NULL;
	}
	for (verb = verbs; verb->name; verb++) {
		if (!strcmp(verb->name, name))
			return verb;
		text_nearest(&best, name, strlen(name), verb->name);
	}
	call_refuse(call, CALL_NOT_FOUND, "%.64s: no such verb; %s%s%s", name,
		    best.name ? "did you mean " : "info lists them",
		    best.name ? best.name : "", best.name ? "?" : "");
	return NULL;
}

static bool server_has_key(const struct verb *verb, const char *key)
{
	const char *const *known;

	if (!strcmp(key, "verb") || !strcmp(key, "id"))
		return true;
	for (known = verb->keys; known && *known; known++)
		if (!strcmp(*known, key))
			return true;
	return false;
}

static bool server_check_keys(const struct verb *verb, struct call *call)
{
	struct text_nearest best = {NULL, 0};
	const char *const *known;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)call->request, key, value) {
		if (server_has_key(verb, key))
			continue;
		for (known = verb->keys; known && *known; known++)
			text_nearest(&best, key, strlen(key), *known);
		call_refuse(call, CALL_BAD, "%.64s: %s has no such key%s%s%s",
			    key, verb->name, best.name ? "; did you mean " : "",
			    best.name ? best.name : "", best.name ? "?" : "");
		return false;
	}
	return true;
}

static void server_run(const struct verb *verbs, struct call *call)
{
	const struct verb *verb = server_find(verbs, call);

	if (verb && server_check_keys(verb, call))
		verb->run(call, verb->arg);
}

/* A comment may have been cut within a character. */
static json_t *server_comment(char *comment)
{
	json_t *text = json_string(comment);
	char *byte;

	if (text)
		return text;
	for (byte = comment; *byte; byte++)
		if ((unsigned char)*byte > '~')
			*byte = '?';
	return json_string(comment);
}

json_t *server_answer(const struct verb *verbs, struct call *call,
		      const char *text, size_t bytes)
{
	json_t *answer = json_object(), *request, *id = NULL;

	call->answer = json_object();
	call->code = CALL_DONE;
	snprintf(call->comment, sizeof(call->comment), "OK");
	call->give_count = 0;
	request = server_parse(call, text, bytes);
	call->request = request;
	if (request) {
		id = json_object_get(request, "id");
		server_run(verbs, call);
	}
	json_object_set(answer, "id", id ? id : json_null());
	json_object_set_new(answer, "code", json_integer(call->code));
	json_object_set_new(answer, "comment", server_comment(call->comment));
	json_object_update(answer, call->answer);
	json_decref(call->answer);
	json_decref(request);
	return answer;
}

/* ---- a client ------------------------------------------------------------------- */

static void server_close(struct server_client *client)
{
	close(client->fd);
	client->fd = -1;
}

/* 0 or -errno. */
static int server_send(int fd, const char *text, size_t bytes, const int *fds,
		       unsigned int fd_count)
{
	struct iovec part = {(void *)(uintptr_t)text, bytes};
	union {
		char bytes[CMSG_SPACE(sizeof(int) * CALL_FDS_MAX)];
		struct cmsghdr align;
	} control = {{0}};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	if (fd_count) {
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
		control.align.cmsg_level = SOL_SOCKET;
		control.align.cmsg_type = SCM_RIGHTS;
		control.align.cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
		memcpy(CMSG_DATA(&control.align), fds, sizeof(int) * fd_count);
	}
	return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno
								       : 0;
}

/* Takes the reference. */
static int server_send_json(int fd, json_t *object, const struct call *call)
{
	char *text = json_dumps(object, JSON_COMPACT);
	int error = -ENOMEM;

	if (text && strlen(text) <= SERVER_MESSAGE_BYTES)
		error = server_send(fd, text, strlen(text),
				    call ? call->give_fd : NULL,
				    call ? call->give_count : 0);
	else if (text)
		error = -EMSGSIZE;
	free(text);
	json_decref(object);
	return error;
}

static json_t *server_refusal(enum call_code code, const char *comment)
{
	return json_pack("{s:n, s:i, s:s}", "id", "code", (int)code, "comment",
			 comment);
}

void server_tell_all(struct server *server, json_t *message)
{
	unsigned int i;

	for (i = 0; i < SERVER_CLIENTS_MAX; i++) {
		struct server_client *client = &server->client[i];

		if (client->fd >= 0 && client->subscribed &&
		    server_send_json(client->fd, json_incref(message), NULL))
			server_close(client);
	}
	json_decref(message);
}

bool server_has_subscribers(const struct server *server)
{
	unsigned int i;

	for (i = 0; i < SERVER_CLIENTS_MAX; i++)
		if (server->client[i].fd >= 0 && server->client[i].subscribed)
			return true;
	return false;
}

/* The answer, or one that says that it is too large. */
static void server_reply(struct server_client *client, json_t *answer,
			 const struct call *call)
{
	int error = server_send_json(client->fd, answer, call);

	if (error == -EMSGSIZE)
		error = server_send_json(
			client->fd,
			server_refusal(CALL_TOO_LARGE,
				       "the answer is larger than a message: "
				       "ask for less at a time"),
			NULL);
	if (error)
		server_close(client); /* it does not read, or is gone */
}

/* Those that came with a message; *call has room for CALL_FDS_MAX. */
static void server_take_fds(struct msghdr *message, struct call *call)
{
	struct cmsghdr *part;

	for (part = CMSG_FIRSTHDR(message); part;
	     part = CMSG_NXTHDR(message, part)) {
		size_t count;

		if (part->cmsg_level != SOL_SOCKET ||
		    part->cmsg_type != SCM_RIGHTS)
			continue;
		count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(part) + i * sizeof(int),
			       sizeof(fd));
			if (call->fd_count < CALL_FDS_MAX)
				call->fd[call->fd_count++] = fd;
			else
				close(fd);
		}
	}
}

/* One message. False: the client is to be closed. */
static bool server_receive(struct server *server, struct server_client *client,
			   struct call *call, size_t *bytes)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int) * CALL_FDS_MAX)];
		struct cmsghdr align;
	} control;
	struct iovec part = {server->message, SERVER_MESSAGE_BYTES};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t got = recvmsg(client->fd, &message,
			      MSG_DONTWAIT | MSG_CMSG_CLOEXEC | MSG_TRUNC);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN;
	server_take_fds(&message, call);
	*bytes = (size_t)got;
	return got > 0;
}

static void server_serve(struct server *server, unsigned int index)
{
	struct server_client *client = &server->client[index];
	struct call call = {
		.pid = client->pid, .uid = client->uid, .client = index};
	size_t bytes = 0;
	bool open = server_receive(server, client, &call, &bytes);

	if (bytes)
		server_reply(client,
			     server_answer(server->verbs, &call,
					   server->message, bytes),
			     &call);
	else if (!open)
		server_close(client);
	client->subscribed |= call.subscribe && client->fd >= 0;
	while (call.fd_count)
		if (call.fd[--call.fd_count] >= 0)
			close(call.fd[call.fd_count]);
}

/* ---- clients come ---------------------------------------------------------------- */

static struct server_client *server_place(struct server *server)
{
	unsigned int i;

	for (i = 0; i < SERVER_CLIENTS_MAX; i++)
		if (server->client[i].fd < 0)
			return &server->client[i];
	return NULL;
}

/* Our own are not worth a line. */
static void server_log(const struct server_client *client)
{
	if (client->uid != geteuid())
		message("control: process %d of user %u is here",
			(int)client->pid, (unsigned int)client->uid);
}

static void server_accept(struct server *server)
{
	struct server_client *client = server_place(server);
	int fd = accept4(server->listen_fd, NULL, NULL, SOCK_CLOEXEC);
	struct ucred peer = {.pid = 0};
	socklen_t length = sizeof(peer);

	if (fd < 0)
		return;
	if (!client) {
		server_send_json(fd,
				 server_refusal(CALL_BUSY,
						"all 16 clients are taken: "
						"come back later"),
				 NULL);
		close(fd);
		return;
	}
	getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length);
	*client = (struct server_client){
		.fd = fd, .pid = peer.pid, .uid = peer.uid};
	server_log(client);
}
_Static_assert(SERVER_CLIENTS_MAX == 16, "the line above says 16");

/* ---- the thread ------------------------------------------------------------------ */

static void *server_thread(void *arg)
{
	enum { STOP, LISTEN, CLIENTS, ALL = CLIENTS + SERVER_CLIENTS_MAX };
	struct server *server = arg;
	struct pollfd polls[ALL];
	unsigned int i;

	for (;;) {
		polls[STOP] = (struct pollfd){server->stop_fd, POLLIN, 0};
		polls[LISTEN] = (struct pollfd){server->listen_fd, POLLIN, 0};
		for (i = 0; i < SERVER_CLIENTS_MAX; i++) /* -1: passed over */
			polls[CLIENTS + i] = (struct pollfd){
				server->client[i].fd, POLLIN, 0};
		if (poll(polls, ALL, SERVER_ROUND_MS) < 0 && errno != EINTR)
			return NULL;
		if (polls[STOP].revents)
			return NULL;
		for (i = 0; i < SERVER_CLIENTS_MAX; i++)
			if (polls[CLIENTS + i].fd >= 0 &&
			    polls[CLIENTS + i].revents)
				server_serve(server, i);
		if (polls[LISTEN].revents)
			server_accept(server);
		if (server->idle)
			server->idle(server->idle_arg);
	}
}

int server_start(struct server *server)
{
	const struct thread_config config = {
		.name = "control",
		.cpu = -1,
		.stack_bytes = SERVER_STACK_BYTES,
		.run = server_thread,
		.arg = server,
	};
	unsigned int i;
	int error;

	for (i = 0; i < SERVER_CLIENTS_MAX; i++)
		server->client[i].fd = -1;
	server->message = malloc(SERVER_MESSAGE_BYTES + 1);
	if (!server->message)
		return -ENOMEM;
	server->stop_fd = eventfd(0, EFD_CLOEXEC);
	error = server->stop_fd < 0 ? -errno
				    : thread_start(&server->thread, &config);
	server->running = !error;
	if (!error)
		return 0;
	if (server->stop_fd >= 0)
		close(server->stop_fd);
	free(server->message);
	return error;
}

void server_finish(struct server *server)
{
	const uint64_t one = 1;
	unsigned int i;

	if (!server->running)
		return;
	/* an eventfd takes the first write always */
	if (write(server->stop_fd, &one, sizeof(one)) == sizeof(one))
		thread_join(&server->thread);
	for (i = 0; i < SERVER_CLIENTS_MAX; i++)
		if (server->client[i].fd >= 0)
			server_close(&server->client[i]);
	close(server->stop_fd);
	free(server->message);
	server->running = false;
}

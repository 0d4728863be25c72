/*
 * runtime/control/server.h: the control socket: requests in, answers out, one
 * JSON object a message.
 *
 * One ordinary thread, which no other waits for. All is bounded: messages,
 * clients, descriptors, what is kept for a client that does not read (nothing:
 * it is closed). Main thread, but for the thread itself.
 */
#ifndef RUNTIME_CONTROL_SERVER_H
#define RUNTIME_CONTROL_SERVER_H

#include "runtime/base/thread.h"
#include "runtime/control/verb.h"

#define SERVER_CLIENTS_MAX   16
#define SERVER_MESSAGE_BYTES (64 * 1024) /* of a request, and of an answer */
#define SERVER_DEPTH_MAX     16 /* of objects and arrays in a request */

struct server_client {
	int fd; /* -1: free */
	pid_t pid;
	uid_t uid;
	bool subscribed;
};

struct server {
	/* config */
	int listen_fd;		  /* SOCK_SEQPACKET, non-blocking; stays the
				     caller's */
	const struct verb *verbs; /* ends with a name of NULL */
	/* In the control thread, a few times a second and after each round of
	 * requests; NULL: nothing. */
	void (*idle)(void *arg);
	void *idle_arg;
	/* main thread only */
	struct thread thread;
	int stop_fd; /* eventfd; written to end the thread */
	bool running;
	/* control thread only */
	struct server_client client[SERVER_CLIENTS_MAX];
	char *message; /* SERVER_MESSAGE_BYTES + 1 */
};

/* Starts the thread, with the config filled in and the rest zeroed. 0 or
 * -errno, nothing printed, nothing left behind. */
int server_start(struct server *server) __attribute__((warn_unused_result));

/* Ends it; clients are closed. Accepts a zeroed one. */
void server_finish(struct server *server);

/* Control thread, of a verb or of idle: a message for each client that
 * subscribed; one that does not read is closed. Takes the reference. */
void server_tell_all(struct server *server, json_t *message);

/* Control thread. */
bool server_has_subscribers(const struct server *server);

/* The thread's work, for tests: answers one request, which has `bytes` bytes.
 * `call` has the client's facts. The caller frees the object. */
json_t *server_answer(const struct verb *verbs, struct call *call,
		      const char *request, size_t bytes);

#endif

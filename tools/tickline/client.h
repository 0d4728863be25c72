/*
 * tools/tickline/client.h: finding running programs and asking them: the
 * protocol of docs/control.md, which any language speaks as well.
 */
#ifndef TOOLS_TICKLINE_CLIENT_H
#define TOOLS_TICKLINE_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "runtime/control/socket.h"

#define CLIENT_WAIT_S	     5 /* for an answer */
#define CLIENT_MESSAGE_BYTES (64 * 1024)
#define CLIENT_PROGRAMS_MAX  64

/* A program that answers. */
struct client_program {
	char name[SOCKET_PATH_MAX]; /* of its socket, without .sock */
	char path[SOCKET_PATH_MAX];
};

/* All that run here, by name; how many. */
unsigned int client_find(struct client_program programs[CLIENT_PROGRAMS_MAX]);

/*
 * Connects to the program of that name, to the socket at that path (with a '/'),
 * or, NULL, to the only one that runs. The descriptor; -1: a line was printed.
 */
int client_open(const char *name);

/* Is a program of that name here? */
bool client_is_program(const char *name);

/* Sends a request (takes the reference) and waits for its answer. NULL: a line
 * was printed. The caller frees. */
json_t *client_ask(int fd, json_t *request);

/* Waits for the next message of those that were subscribed to, as long as it
 * takes. NULL: the program ended. */
json_t *client_next(int fd);

/* The same as client_ask; also NULL, with its line, where the program refused. */
json_t *client_must(int fd, json_t *request);

#endif

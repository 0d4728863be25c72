/*
 * runtime/control/socket.h: where a program's control socket is, and making it.
 *
 * The default is NAME.sock in $XDG_RUNTIME_DIR/tickline, else in /run/tickline:
 * the first that can be written to. A socket that nobody listens on any more is
 * replaced; where another program listens this one becomes NAME.PID.sock. Main
 * thread. tools/tickline finds sockets by the same functions.
 */
#ifndef RUNTIME_CONTROL_SOCKET_H
#define RUNTIME_CONTROL_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/un.h>

#include "runtime/base/exit_status.h"

#define SOCKET_PATH_MAX	  sizeof(((struct sockaddr_un *)0)->sun_path)
#define SOCKET_FOLDERS	  2
#define SOCKET_SUFFIX	  ".sock"
#define SOCKET_FOLDER_VARIABLE "TICKLINE_SOCKETS" /* one folder, in place of both */
#define SOCKET_AUTO	  "auto"
#define SOCKET_NONE	  "none"

struct control_socket {
	int fd;			    /* listening; -1: none */
	char path[SOCKET_PATH_MAX]; /* "": none */
	dev_t device;		    /* of the socket at `path`, so that what */
	ino_t inode;		    /* took its place is left alone */
};

/* The folders, in order; "" where there is none: 0 to SOCKET_FOLDERS - 1. */
void socket_folder(unsigned int which, char *folder, size_t bytes);

/* Connects, SOCK_SEQPACKET and CLOEXEC. The descriptor or -errno. */
int socket_connect(const char *path);

/*
 * how: SOCKET_AUTO, SOCKET_NONE or a path. With auto it never refuses: `line`
 * says why there is none, or none under the usual name ("": all is well). A
 * path refuses: the status to leave with, and the line.
 */
enum exit_status control_socket_open(struct control_socket *socket,
				     const char *how, const char *name,
				     char *line, size_t bytes)
	__attribute__((warn_unused_result));

/* Closes it, and takes its file away. Accepts one that was never opened, with
 * an fd of -1. */
void control_socket_close(struct control_socket *socket);

#endif

/*
 * runtime/control/socket.c: see runtime/control/socket.h.
 */
#define _GNU_SOURCE /* struct ucred */

#include "runtime/control/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/text.h"

#define SOCKET_BACKLOG 16
#define SOCKET_MODE    0660
#define LOCK_TRIES     50 /* of 10 ms */

void socket_folder(unsigned int which, char *folder, size_t bytes)
{
	const char *user = getenv("XDG_RUNTIME_DIR");
	const char *own = getenv(SOCKET_FOLDER_VARIABLE);

	folder[0] = '\0';
	if (own && *own) {
		if (which == 0)
			snprintf(folder, bytes, "%s", own);
		return;
	}
	if (which == 0 && user && user[0] == '/')
		snprintf(folder, bytes, "%s/tickline", user);
	if (which == 1)
		snprintf(folder, bytes, "/run/tickline");
}

/* False: it is too long. */
static bool socket_address(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(address->sun_path))
		return false;
	memcpy(address->sun_path, path, strlen(path));
	return true;
}

int socket_connect(const char *path)
{
	struct sockaddr_un address;
	int error, fd;

	if (!socket_address(path, &address))
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	error = -errno;
	close(fd);
	return error;
}

/* Who listens there: "process 4711 (demo)". False: nobody does. */
static bool socket_is_live(const char *path, char *who, size_t bytes)
{
	struct ucred peer = {.pid = 0};
	socklen_t length = sizeof(peer);
	char file[64], name[64];
	int fd = socket_connect(path);

	snprintf(who, bytes, "another program");
	if (fd < 0) /* refused: nobody; another error: somebody, who is full */
		return fd != -ECONNREFUSED && fd != -ENOENT;
	if (!getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length)) {
		snprintf(file, sizeof(file), "/proc/%d/comm", (int)peer.pid);
		if (!text_first_line(file, name, sizeof(name)))
			snprintf(name, sizeof(name), "?");
		snprintf(who, bytes, "process %d (%.32s)", (int)peer.pid, name);
	}
	close(fd);
	return true;
}

/* Two programs that start at once must not take each other's socket for a stale
 * one. Without the lock it goes on. */
static int socket_lock(const char *path)
{
	char folder[SOCKET_PATH_MAX];
	char *slash;
	int fd, tries;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash)
		slash[slash == folder] = '\0';
	fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (tries = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) &&
			tries < LOCK_TRIES;
	     tries++)
		usleep(10000);
	return fd;
}

/* A socket file that nobody listens on; -EEXIST: something else is there. */
static int socket_remove_stale(const char *path, char *who, size_t bytes)
{
	struct stat file;

	if (lstat(path, &file))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(file.st_mode))
		return -EEXIST;
	if (socket_is_live(path, who, bytes))
		return -EADDRINUSE;
	return unlink(path) ? -errno : 0;
}

static int socket_bind(struct control_socket *control, const char *path,
		       char *who, size_t bytes)
{
	struct sockaddr_un address;
	struct stat file;
	int error, fd;

	if (!socket_address(path, &address))
		return -ENAMETOOLONG;
	error = socket_remove_stale(path, who, bytes);
	if (error)
		return error;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* before bind, so that it is never wider; after, past the umask */
	if (fchmod(fd, SOCKET_MODE) ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		error = -errno;
		close(fd);
		return error;
	}
	if (chmod(path, SOCKET_MODE) || listen(fd, SOCKET_BACKLOG) ||
	    lstat(path, &file)) {
		error = -errno;
		unlink(path);
		close(fd);
		return error;
	}
	control->fd = fd;
	control->device = file.st_dev;
	control->inode = file.st_ino;
	snprintf(control->path, sizeof(control->path), "%s", path);
	return 0;
}

/* 0 or -errno; *who is who has it, with -EADDRINUSE. */
static int socket_make(struct control_socket *control, const char *path,
		       char *who, size_t bytes)
{
	int lock = socket_lock(path);
	int error = socket_bind(control, path, who, bytes);

	if (lock >= 0)
		close(lock);
	return error;
}

static enum exit_status socket_refuse(const char *path, int error,
				      const char *who, char *line, size_t bytes)
{
	line[0] = '\0';
	text_append(line, bytes, "--control %.128s: ", path);
	switch (-error) {
	case ENAMETOOLONG:
		text_append(line, bytes,
			    "a socket's path is %zu bytes at most; take a "
			    "shorter one",
			    SOCKET_PATH_MAX - 1);
		return EXIT_STATUS_USAGE;
	case EEXIST:
		text_append(line, bytes,
			    "something is there that is no socket; take "
			    "another path");
		return EXIT_STATUS_USAGE;
	case EADDRINUSE:
		text_append(line, bytes,
			    "%s listens there; take another path, or --control "
			    "auto",
			    who);
		return EXIT_STATUS_USAGE;
	case ENOENT:
	case ENOTDIR:
		text_append(line, bytes, "its folder is not there; make it");
		return EXIT_STATUS_USAGE;
	case EACCES:
	case EPERM:
	case EROFS:
		text_append(line, bytes,
			    "%s: take a folder that you may write to",
			    strerror(-error));
		return EXIT_STATUS_NO_PERMISSION;
	default:
		text_append(line, bytes, "%s; take another path",
			    strerror(-error));
		return EXIT_STATUS_OS_LIMIT;
	}
}

/* 0 or -errno. */
static int socket_make_auto(struct control_socket *control, const char *folder,
			    const char *name, char *line, size_t bytes)
{
	char path[2 * SOCKET_PATH_MAX], who[96];
	int error;

	if (mkdir(folder, 0755) && errno != EEXIST)
		return -errno;
	snprintf(path, sizeof(path), "%s/%s" SOCKET_SUFFIX, folder, name);
	error = socket_make(control, path, who, sizeof(who));
	if (error != -EADDRINUSE)
		return error;
	snprintf(path, sizeof(path), "%s/%s.%d" SOCKET_SUFFIX, folder, name,
		 (int)getpid());
	error = socket_make(control, path, who, sizeof(who));
	if (!error)
		text_append(line, bytes, "control: %s: %s has the usual one",
			    path, who);
	return error;
}

static void socket_open_auto(struct control_socket *control, const char *name,
			     char *line, size_t bytes)
{
	char folder[SOCKET_PATH_MAX], last[SOCKET_PATH_MAX] = "";
	int error = -ENOENT;
	unsigned int i;

	for (i = 0; i < SOCKET_FOLDERS; i++) {
		socket_folder(i, folder, sizeof(folder));
		if (!folder[0])
			continue;
		memcpy(last, folder, sizeof(last));
		error = socket_make_auto(control, folder, name, line, bytes);
		if (!error)
			return;
	}
	text_append(line, bytes,
		    "control: none: %s: %s; --control PATH names another place",
		    last, strerror(-error));
}

enum exit_status control_socket_open(struct control_socket *control,
				     const char *how, const char *name,
				     char *line, size_t bytes)
{
	char who[96] = "";
	int error;

	*control = (struct control_socket){.fd = -1};
	line[0] = '\0';
	if (!strcmp(how, SOCKET_NONE))
		return EXIT_STATUS_OK;
	if (!strcmp(how, SOCKET_AUTO)) {
		socket_open_auto(control, name, line, bytes);
		return EXIT_STATUS_OK;
	}
	error = socket_make(control, how, who, sizeof(who));
	return error ? socket_refuse(how, error, who, line, bytes)
		     : EXIT_STATUS_OK;
}

void control_socket_close(struct control_socket *control)
{
	struct stat file;

	if (control->fd < 0)
		return;
	if (!lstat(control->path, &file) && file.st_dev == control->device &&
	    file.st_ino == control->inode)
		unlink(control->path);
	close(control->fd);
	control->fd = -1;
}

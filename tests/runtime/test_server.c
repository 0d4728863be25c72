/*
 * tests/runtime/test_server.c: the control socket and what hostile clients can
 * do to it: nothing. And where it is made.
 */
#define _GNU_SOURCE

#include "runtime/control/server.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/control/socket.h"
#include "tests/runtime/run_suite.h"

static char folder[32];
static struct server server;
static struct control_socket control;

static void verb_echo(struct call *call, void *arg)
{
	(void)arg;
	json_object_set_new(call->answer, "fds",
			    json_integer(call->fd_count));
	json_object_set_new(call->answer, "uid", json_integer(call->uid));
}

static void verb_large(struct call *call, void *arg)
{
	static char text[60000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	json_object_set_new(call->answer, "text", json_string(text));
	if (arg)
		json_object_set_new(call->answer, "more", json_string(text));
}

static void verb_give(struct call *call, void *arg)
{
	call->give_fd[call->give_count++] = *(const int *)arg;
}

static int given_fd = -1;

static const struct verb verbs[] = {
	{"echo", NULL, verb_echo, NULL},
	{"large", NULL, verb_large, NULL},
	{"too_large", NULL, verb_large, &given_fd},
	{"give", NULL, verb_give, &given_fd},
	{NULL, NULL, NULL, NULL},
};

static const char *at(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void open_server(void)
{
	char line[512];

	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(control_socket_open(&control, at("s.sock"), "s", line,
					     sizeof(line)),
			 EXIT_STATUS_OK);
	server = (struct server){.listen_fd = control.fd, .verbs = verbs};
	ck_assert_int_eq(server_start(&server), 0);
}

static void close_server(void)
{
	server_finish(&server);
	control_socket_close(&control);
}

static int open_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static int join(void)
{
	int fd = socket_connect(at("s.sock"));

	ck_assert_int_ge(fd, 0);
	return fd;
}

/* NULL: it closed. */
static json_t *receive(int fd)
{
	static char text[2 * SERVER_MESSAGE_BYTES];
	ssize_t got = recv(fd, text, sizeof(text), 0);

	return got > 0 ? json_loadb(text, (size_t)got, 0, NULL) : NULL;
}

static int ask(int fd, const char *request, size_t bytes)
{
	json_t *answer;
	int code;

	if (send(fd, request, bytes, MSG_NOSIGNAL) < 0)
		return -errno;
	answer = receive(fd);
	code = (int)json_integer_value(json_object_get(answer, "code"));
	json_decref(answer);
	return code;
}

static void must_answer(void)
{
	static const char request[] = "{\"verb\":\"echo\"}";
	int fd = join();

	ck_assert_int_eq(ask(fd, request, sizeof(request) - 1), CALL_DONE);
	close(fd);
}

/* ---- hostile clients ------------------------------------------------------------- */

START_TEST(requests_of_every_size)
{
	char *text = malloc(3 * SERVER_MESSAGE_BYTES);
	static const size_t sizes[] = {1, 2, 100, SERVER_MESSAGE_BYTES - 1,
				       SERVER_MESSAGE_BYTES,
				       SERVER_MESSAGE_BYTES + 1,
				       2 * SERVER_MESSAGE_BYTES};
	size_t i;
	int fd;

	open_server();
	fd = join();
	memset(text, ' ', 3 * SERVER_MESSAGE_BYTES);
	memcpy(text, "{\"verb\":\"echo\"}", 15);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		ck_assert_int_eq(ask(fd, text, sizes[i]),
				 sizes[i] < 15 ? CALL_BAD
				 : sizes[i] > SERVER_MESSAGE_BYTES
					 ? CALL_TOO_LARGE
					 : CALL_DONE);
	memset(text, '[', SERVER_MESSAGE_BYTES);
	ck_assert_int_eq(ask(fd, text, SERVER_MESSAGE_BYTES), CALL_BAD);
	memset(text, 0, SERVER_MESSAGE_BYTES);
	ck_assert_int_eq(ask(fd, text, SERVER_MESSAGE_BYTES), CALL_BAD);
	close(fd);
	free(text);
	close_server();
}
END_TEST

START_TEST(an_answer_that_is_too_large_says_so)
{
	int fd;

	open_server();
	fd = join();
	ck_assert_int_eq(ask(fd, "{\"verb\":\"too_large\"}", 20),
			 CALL_TOO_LARGE);
	ck_assert_int_eq(ask(fd, "{\"verb\":\"large\"}", 16), CALL_DONE);
	close(fd);
	close_server();
}
END_TEST

/* It is closed, and others are answered meanwhile. */
START_TEST(one_that_does_not_read)
{
	int fd, sent = 0;

	open_server();
	fd = join();
	while (send(fd, "{\"verb\":\"large\"}", 16, MSG_NOSIGNAL) == 16 &&
	       sent++ < 100000)
		must_answer();
	ck_assert_int_lt(sent, 100000);
	close(fd);
	must_answer();
	close_server();
}
END_TEST

START_TEST(a_thousand_connections)
{
	static int fds[1000];
	int i, before, codes[2] = {0, 0};

	open_server();
	before = open_fds();
	for (i = 0; i < 1000; i++) {
		json_t *answer;

		fds[i] = join();
		if (i < SERVER_CLIENTS_MAX) {
			codes[0] += ask(fds[i], "{\"verb\":\"echo\"}", 15) ==
				    CALL_DONE;
			continue;
		}
		answer = receive(fds[i]);
		codes[1] += json_integer_value(json_object_get(answer, "code")) ==
			    CALL_BUSY;
		json_decref(answer);
	}
	ck_assert_int_eq(codes[0], SERVER_CLIENTS_MAX);
	ck_assert_int_eq(codes[1], 1000 - SERVER_CLIENTS_MAX);
	while (open_fds() > before + 1000 + SERVER_CLIENTS_MAX)
		usleep(1000); /* the last one is closed after its answer */
	for (i = 0; i < 1000; i++)
		close(fds[i]);
	while (open_fds() > before)
		usleep(1000);
	must_answer();
	close_server();
}
END_TEST

static int send_fds(int fd, const int *fds, unsigned int count)
{
	static char text[] = "{\"verb\":\"echo\"}";
	struct iovec part = {text, 15};
	_Alignas(struct cmsghdr) char bytes[CMSG_SPACE(64 * sizeof(int))] = {0};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = bytes,
		.msg_controllen = CMSG_SPACE(count * sizeof(int)),
	};
	struct cmsghdr *head = (void *)bytes;

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(head), fds, count * sizeof(int));
	return (int)sendmsg(fd, &message, MSG_NOSIGNAL);
}

/* Files, folders, pipes, sockets, itself, more than are taken: none stays. */
START_TEST(descriptors_of_every_kind)
{
	int pipes[2], fd, before, kinds[64], i;
	json_t *answer;

	open_server();
	ck_assert_int_eq(pipe(pipes), 0);
	fd = join();
	kinds[0] = pipes[0];
	kinds[1] = open("/", O_RDONLY);
	kinds[2] = open("/dev/null", O_RDWR);
	kinds[3] = eventfd(0, 0);
	kinds[4] = fd;
	kinds[5] = memfd_create("m", 0);
	kinds[6] = open("/", O_PATH);
	for (i = 7; i < 64; i++)
		kinds[i] = kinds[i % 7];
	ck_assert_int_eq(ask(fd, "{\"verb\":\"echo\"}", 15), CALL_DONE);
	before = open_fds(); /* the server's end too */
	for (i = 1; i <= 64; i++) {
		ck_assert_int_eq(send_fds(fd, kinds, (unsigned int)i), 15);
		answer = receive(fd);
		ck_assert_int_eq(json_integer_value(
					 json_object_get(answer, "fds")),
				 i < CALL_FDS_MAX ? i : CALL_FDS_MAX);
		json_decref(answer);
	}
	must_answer();
	while (open_fds() > before)
		usleep(1000); /* the last one's are closed after its answer */
	close_server();
}
END_TEST

START_TEST(a_descriptor_with_an_answer)
{
	_Alignas(struct cmsghdr) char bytes[CMSG_SPACE(sizeof(int))];
	char text[256];
	struct iovec part = {text, sizeof(text)};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = bytes,
				 .msg_controllen = sizeof(bytes)};
	int fd, got;

	open_server();
	given_fd = memfd_create("given", MFD_CLOEXEC);
	ck_assert_int_eq(write(given_fd, "page", 4), 4);
	fd = join();
	ck_assert_int_eq(send(fd, "{\"verb\":\"give\"}", 15, 0), 15);
	ck_assert_int_gt(recvmsg(fd, &message, 0), 0);
	ck_assert_ptr_nonnull(CMSG_FIRSTHDR(&message));
	memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(got));
	ck_assert_int_eq(pread(got, text, 4, 0), 4);
	ck_assert(!memcmp(text, "page", 4));
	close_server();
}
END_TEST

static void verb_subscribe(struct call *call, void *arg)
{
	(void)arg;
	call->subscribe = true;
}

static void tell(void *arg)
{
	(void)arg;
	if (server_has_subscribers(&server))
		server_tell_all(&server, json_pack("{s:s}", "event", "it"));
}

/* To those that asked, and no one who takes their place; one that does not read
 * is closed. */
START_TEST(subscribers)
{
	static const struct verb one[] = {
		{"subscribe", NULL, verb_subscribe, NULL},
		{NULL, NULL, NULL, NULL}};
	struct timeval soon = {.tv_usec = 600000};
	json_t *event;
	int fd, i;

	open_server();
	server_finish(&server);
	server = (struct server){
		.listen_fd = control.fd, .verbs = one, .idle = tell};
	ck_assert_int_eq(server_start(&server), 0);
	fd = join();
	ck_assert_int_eq(ask(fd, "{\"verb\":\"subscribe\"}", 20), CALL_DONE);
	for (i = 0; i < 3; i++) {
		event = receive(fd);
		ck_assert_str_eq(json_string_value(
					 json_object_get(event, "event")),
				 "it");
		json_decref(event);
	}
	close(fd);
	fd = join(); /* in the same place, once that is free */
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon));
	ck_assert_ptr_null(receive(fd));
	close_server();
}
END_TEST

START_TEST(a_client_that_leaves_at_once)
{
	int i;

	open_server();
	for (i = 0; i < 200; i++) {
		int fd = join();

		if (i % 2)
			send(fd, "{\"verb\":\"large\"}", 16, MSG_NOSIGNAL);
		if (i % 3)
			shutdown(fd, i % 3 == 1 ? SHUT_RD : SHUT_WR);
		close(fd);
	}
	must_answer();
	close_server();
}
END_TEST

/* ---- where it is ------------------------------------------------------------------ */

static enum exit_status try_open(const char *how, char *line)
{
	return control_socket_open(&control, how, "prog", line, 512);
}

START_TEST(only_owner_and_group)
{
	struct stat file;
	char line[512];

	umask(0);
	ck_assert_int_eq(try_open(at("a.sock"), line), EXIT_STATUS_OK);
	ck_assert_int_eq(stat(at("a.sock"), &file), 0);
	ck_assert_int_eq(file.st_mode & 07777, 0660);
	control_socket_close(&control);
	ck_assert_int_ne(stat(at("a.sock"), &file), 0);
	umask(077);
	ck_assert_int_eq(try_open(at("a.sock"), line), EXIT_STATUS_OK);
	ck_assert_int_eq(stat(at("a.sock"), &file), 0);
	ck_assert_int_eq(file.st_mode & 07777, 0660);
	control_socket_close(&control);
}
END_TEST

START_TEST(a_stale_one_is_replaced)
{
	char line[512];

	ck_assert_int_eq(try_open(at("a.sock"), line), EXIT_STATUS_OK);
	close(control.fd); /* as kill -9 leaves it */
	ck_assert_int_eq(try_open(at("a.sock"), line), EXIT_STATUS_OK);
	ck_assert_str_eq(line, "");
	control_socket_close(&control);
}
END_TEST

START_TEST(what_took_its_place_stays)
{
	struct stat file;
	char line[512];

	ck_assert_int_eq(try_open(at("b.sock"), line), EXIT_STATUS_OK);
	unlink(at("b.sock"));
	close(open(at("b.sock"), O_CREAT | O_WRONLY, 0600));
	control_socket_close(&control);
	ck_assert_int_eq(stat(at("b.sock"), &file), 0);
}
END_TEST

START_TEST(paths_that_are_refused)
{
	char line[512], path[256];
	struct control_socket first;

	snprintf(path, sizeof(path), "%s/%0150d", folder, 7);
	ck_assert_int_eq(try_open(path, line), EXIT_STATUS_USAGE);
	ck_assert_ptr_nonnull(strstr(line, "107 bytes at most"));
	close(open(at("file"), O_CREAT | O_WRONLY, 0600));
	ck_assert_int_eq(try_open(at("file"), line), EXIT_STATUS_USAGE);
	ck_assert_ptr_nonnull(strstr(line, "no socket"));
	ck_assert_int_eq(try_open(folder, line), EXIT_STATUS_USAGE);
	ck_assert_int_eq(try_open(at("none/a.sock"), line), EXIT_STATUS_USAGE);
	ck_assert_ptr_nonnull(strstr(line, "folder is not there"));
	ck_assert_int_ne(try_open("/proc/a.sock", line), EXIT_STATUS_OK);
	ck_assert_int_eq(try_open(at("a.sock"), line), EXIT_STATUS_OK);
	first = control;
	ck_assert_int_eq(try_open(at("a.sock"), line), EXIT_STATUS_USAGE);
	snprintf(path, sizeof(path), "process %d (", (int)getpid());
	ck_assert_msg(strstr(line, path) != NULL, "%s", line);
	control_socket_close(&first);
}
END_TEST

START_TEST(auto_never_refuses)
{
	struct control_socket first, second;
	char line[512], expected[128];

	unsetenv(SOCKET_FOLDER_VARIABLE);
	setenv("XDG_RUNTIME_DIR", folder, 1);
	ck_assert_int_eq(try_open("auto", line), EXIT_STATUS_OK);
	ck_assert_str_eq(line, "");
	ck_assert_str_eq(control.path, at("tickline/prog.sock"));
	first = control;
	ck_assert_int_eq(try_open("auto", line), EXIT_STATUS_OK);
	snprintf(expected, sizeof(expected), "tickline/prog.%d.sock",
		 (int)getpid());
	ck_assert_str_eq(control.path, at(expected));
	ck_assert_ptr_nonnull(strstr(line, "has the usual one"));
	second = control;
	control_socket_close(&first);
	control_socket_close(&second);
	setenv(SOCKET_FOLDER_VARIABLE, at("own"), 1);
	ck_assert_int_eq(try_open("auto", line), EXIT_STATUS_OK);
	ck_assert_str_eq(control.path, at("own/prog.sock"));
	control_socket_close(&control);
	ck_assert_int_eq(try_open("none", line), EXIT_STATUS_OK);
	ck_assert_int_eq(control.fd, -1);
	ck_assert_str_eq(line, "");
	control_socket_close(&control);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, requests_of_every_size);
	tcase_add_test(tests, an_answer_that_is_too_large_says_so);
	tcase_add_test(tests, one_that_does_not_read);
	tcase_add_test(tests, a_thousand_connections);
	tcase_add_test(tests, descriptors_of_every_kind);
	tcase_add_test(tests, a_descriptor_with_an_answer);
	tcase_add_test(tests, subscribers);
	tcase_add_test(tests, a_client_that_leaves_at_once);
	tcase_add_test(tests, only_owner_and_group);
	tcase_add_test(tests, a_stale_one_is_replaced);
	tcase_add_test(tests, what_took_its_place_stays);
	tcase_add_test(tests, paths_that_are_refused);
	tcase_add_test(tests, auto_never_refuses);
}

static void remove_all(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	if (system(command))
		fprintf(stderr, "%s stays\n", folder);
}

int main(void)
{
	int failed;

	snprintf(folder, sizeof(folder), "/tmp/server.XXXXXX");
	if (!mkdtemp(folder))
		return 1;
	failed = run_suite("server", add);
	remove_all();
	return failed;
}

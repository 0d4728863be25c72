/*
 * runtime/control/verb.h: what can be asked of a running program: a table of
 * verbs, which a program passes to its server (runtime/control/server.h).
 *
 * A verb is called in the control thread, an ordinary one, one call at a time;
 * it must not wait for anything. docs/control.md is the protocol.
 */
#ifndef RUNTIME_CONTROL_VERB_H
#define RUNTIME_CONTROL_VERB_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#define CALL_COMMENT_MAX 512 /* bytes, with the NUL */
#define CALL_FDS_MAX	 4   /* descriptors with a request, or an answer */

/* What an answer's `code` says. */
enum call_code {
	CALL_DONE = 200,
	CALL_BAD = 400,	     /* not a request, or a value out of its range */
	CALL_NOT_FOUND = 404, /* no such verb, node or parameter */
	CALL_CONFLICT = 409,  /* right, but not now: too late, over, in the way */
	CALL_TOO_LARGE = 413, /* a message is 64 KB at most */
	CALL_TOO_MANY = 429,  /* what pends is bounded */
	CALL_FAILED = 500,    /* the program could not */
	CALL_BUSY = 503,      /* too many clients */
};

/* One request and its answer. */
struct call {
	const json_t *request; /* an object, of the verb's keys only */
	json_t *answer;	       /* an object: the verb adds what it has to say */
	enum call_code code;   /* CALL_DONE, unless refused */
	char comment[CALL_COMMENT_MAX];
	/* Descriptors that came with it, CLOEXEC. The server closes those that
	 * are not -1 when the verb returns. */
	int fd[CALL_FDS_MAX];
	unsigned int fd_count;
	/* Those that go with the answer; they stay the verb's. */
	int give_fd[CALL_FDS_MAX];
	unsigned int give_count;
	bool subscribe; /* by the verb: the client gets server_tell_all too */
	pid_t pid; /* of the client, as the kernel says */
	uid_t uid;
	unsigned int client; /* 0 to SERVER_CLIENTS_MAX - 1 */
};

struct verb {
	const char *name;
	/* What a request may hold beside "verb" and "id"; NULL at the end. */
	const char *const *keys;
	void (*run)(struct call *call, void *arg);
	void *arg;
};

/* The answer is a refusal: one line that names the object and the way out. What
 * was added to the answer is taken out again. */
void call_refuse(struct call *call, enum call_code code, const char *format,
		 ...) __attribute__((format(printf, 3, 4)));

/* The request's string of that name; NULL: it has none, or it is refused for
 * being something else (call->code tells). */
const char *call_string(struct call *call, const char *key);

#endif

/*
 * tests/runtime/test_show.c: a running cycle, in simulated time, while eight
 * clients set as fast as they are answered: no tick is late, skipped or dropped,
 * the tick thread allocates nothing, and each answer's tick is the one.
 *
 * SETS=1000000 in a full run.
 */
#include "tests/fakes/clock.c"
#include "tests/runtime/cycle_rig.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/control/server.h"
#include "runtime/control/socket.h"
#include "runtime/control/verbs.h"
#include "tests/runtime/run_suite.h"

#define CLIENTS	 8
#define SETS_MAX 1000000

static const struct graph_param show_param = {
	"show.value", GRAPH_PARAM_INT, 1, 64, 0, SETS_MAX + 1, "", NULL};

static struct changes changes;
static struct editor editor;
static struct edit edit;
static int sets = 40000; /* of all clients */
static char path[64];

/* By value, each is set once: the tick of its answer, in the order of answers;
 * the first and the last tick that drew it. */
static uint64_t answered[SETS_MAX + 1], first[SETS_MAX + 1], last[SETS_MAX + 1];
static int32_t order[SETS_MAX];
static int order_count;

static void show_tick(const struct graph_work *work, const struct tick *tick)
{
	int32_t value;

	memcpy(&value, work->pool + show_param.offset, sizeof(value));
	if (!first[value])
		first[value] = tick->number;
	last[value] = tick->number;
	if (tick->number % 8 == 0)
		sched_yield(); /* time is not the clients' otherwise */
	rig_tick(work, tick);
}

static struct when_clock show_clock(void *arg)
{
	(void)arg;
	return (struct when_clock){{1000, 1}, INT64_MIN};
}

static void show_done(void *arg, const struct call *call,
		      const struct edit *done, uint64_t tick)
{
	int32_t value;

	(void)arg;
	(void)call;
	memcpy(&value, done->bytes + done->value[0], sizeof(value));
	answered[value] = tick;
	order[order_count++] = value;
}

/* Answers that are wrong. */
static void *client(void *arg)
{
	int number = *(const int *)arg, fd = socket_connect(path), i;
	char text[256];
	long bad = fd < 0;

	for (i = 0; i < sets / CLIENTS && !bad; i++) {
		int value = 1 + number * (sets / CLIENTS) + i;
		unsigned long long tick = 0;
		char *found;
		ssize_t got;

		snprintf(text, sizeof(text),
			 "{\"verb\":\"set\",\"id\":%d,\"set\":{\"show.value\":%d}}",
			 value, value);
		send(fd, text, strlen(text), 0);
		got = recv(fd, text, sizeof(text) - 1, 0);
		text[got > 0 ? got : 0] = '\0';
		found = strstr(text, "\"tick\":");
		bad = !found || sscanf(found, "\"tick\":%llu", &tick) != 1 ||
		      tick != answered[value];
	}
	close(fd);
	return (void *)bad;
}

static void *run_cycle(void *unused)
{
	cycle_run(&rig.cycle);
	return unused;
}

static void open_show(struct server *server, struct control_socket *control,
		      struct verb *verbs, struct verb_desk *desk)
{
	struct cycle_config config = rig_config(0);
	char line[512];

	rig_graph.params = &show_param;
	rig_graph.param_count = 1;
	rig_graph.changed_offset = 96;
	rig_graph.tick = show_tick;
	rig_open(&config, CLOCK_TIMER);
	ck_assert_int_eq(cycle_warm(&rig.cycle), 0);
	memset(first, 0, sizeof(first));
	memset(rig.cycle.work.pool + show_param.offset, 0, 4);
	ck_assert_int_eq(changes_init(&changes, &rig_graph,
				      rig.cycle.work.pool, EDITOR_CHANGES_MAX,
				      EDITOR_BYTES_MAX),
			 0);
	rig.cycle.config.changes = &changes;
	ck_assert_int_eq(editor_init(&editor, &rig_graph, &changes, 0), 0);
	*desk = (struct verb_desk){.editor = &editor,
				   .edit = &edit,
				   .rate = {1000, 1},
				   .clock = show_clock,
				   .done = show_done};
	verbs[0] = (struct verb){"set", verb_set_keys, verb_set, desk};
	ck_assert_int_eq(control_socket_open(control, path, "s", line,
					     sizeof(line)),
			 EXIT_STATUS_OK);
	*server = (struct server){.listen_fd = control->fd, .verbs = verbs};
	ck_assert_int_eq(server_start(server), 0);
}

static void check_answers(void)
{
	int i;

	ck_assert_int_eq(order_count, sets / CLIENTS * CLIENTS);
	for (i = 0; i < order_count; i++) {
		int32_t value = order[i];
		uint64_t until = i + 1 < order_count ? answered[order[i + 1]]
						     : UINT64_MAX;

		if (answered[value] == until) /* another one won */
			ck_assert_msg(!first[value], "%d was drawn", value);
		else
			ck_assert_msg(first[value] == answered[value] &&
					      last[value] < until,
				      "%d: answered %lu, drawn %lu to %lu",
				      value, (unsigned long)answered[value],
				      (unsigned long)first[value],
				      (unsigned long)last[value]);
	}
}

START_TEST(eight_clients)
{
	static struct server server;
	static struct verb verbs[2];
	static struct verb_desk desk;
	struct control_socket control;
	pthread_t threads[CLIENTS], cycle;
	int numbers[CLIENTS], i;
	void *bad;

	open_show(&server, &control, verbs, &desk);
	pthread_create(&cycle, NULL, run_cycle, NULL);
	for (i = 0; i < CLIENTS; i++) {
		numbers[i] = i;
		pthread_create(&threads[i], NULL, client, &numbers[i]);
	}
	for (i = 0; i < CLIENTS; i++) {
		pthread_join(threads[i], &bad);
		ck_assert_msg(!bad, "client %d was answered wrongly", i);
	}
	while (editor_next_tick(&editor) <= answered[order[order_count - 1]])
		sched_yield();
	cycle_stop(&rig.cycle);
	pthread_join(cycle, NULL);
	server_finish(&server);
	control_socket_close(&control);
	check_answers();
	ck_assert_uint_eq(rig_ledger()->skipped, 0);
	for (i = 0; i < RIG_SINKS; i++) {
		ck_assert_uint_eq(rig_ledger()->sink[i].late, 0);
		ck_assert_uint_eq(rig_ledger()->sink[i].dropped, 0);
	}
	printf("%d sets over %lu ticks\n", order_count,
	       (unsigned long)rig_ledger()->ticks);
}
END_TEST

static void add(TCase *tests)
{
	const char *wanted = getenv("SETS");

	if (wanted)
		sets = atoi(wanted) < SETS_MAX ? atoi(wanted) : SETS_MAX;
	snprintf(path, sizeof(path), "/tmp/test_show.%d.sock", (int)getpid());
	tcase_add_test(tests, eight_clients);
	tcase_set_timeout(tests, wanted ? 600 : 60);
}

int main(void)
{
	return run_suite("show", add);
}

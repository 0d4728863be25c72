/*
 * tests/runtime/test_verbs.c: requests about parameters and their answers, good
 * and bad ones, as they come out of the socket.
 */
#include "runtime/control/verbs.h"

#include "runtime/control/server.h"
#include "tests/runtime/editor_rig.h"
#include "tests/runtime/run_suite.h"

static struct when_clock rig_clock(void *arg)
{
	(void)arg;
	return (struct when_clock){{60, 1}, INT64_MIN};
}

static struct verb_desk desk = {
	.editor = &rig_editor,
	.edit = &rig_edit,
	.rate = {60, 1},
	.clock = rig_clock,
};

static const struct verb verbs[] = {
	{"params", verb_params_keys, verb_params, &desk},
	{"get", verb_get_keys, verb_get, &desk},
	{"set", verb_set_keys, verb_set, &desk},
	{"toggle", verb_toggle_keys, verb_toggle, &desk},
	{NULL, NULL, NULL, NULL},
};

static json_t *ask(const char *request)
{
	struct call call = {.pid = 1};

	return server_answer(verbs, &call, request, strlen(request));
}

static json_int_t code(const json_t *answer)
{
	return json_integer_value(json_object_get(answer, "code"));
}

static const char *comment(const json_t *answer)
{
	return json_string_value(json_object_get(answer, "comment"));
}

static void must(const char *request)
{
	json_t *answer = ask(request);

	ck_assert_msg(code(answer) == CALL_DONE, "%s: %s", request,
		      comment(answer));
	json_decref(answer);
}

static const struct {
	const char *request;
	int code;
	const char *words; /* of the comment */
} refused[] = {
	{"", 400, "not JSON"},
	{"{", 400, "not JSON"},
	{"[]", 400, "must be a JSON object"},
	{"\"set\"", 400, "not JSON"},
	{"{}", 400, "verb: is missing"},
	{"{\"verb\":7}", 400, "verb: must be a string"},
	{"{\"verb\":\"sett\"}", 404, "did you mean set?"},
	{"{\"verb\":\"\"}", 404, "no such verb"},
	{"{\"verb\":\"set\",\"verb\":\"get\"}", 400, "duplicate"},
	{"{\"verb\":\"set\"} x", 400, "not JSON"},
	{"{\"verb\":\"set\",\"sett\":{}}", 400, "did you mean set?"},
	{"{\"verb\":\"set\"}", 400, "set: must be an object"},
	{"{\"verb\":\"set\",\"set\":{}}", 400, "set: must be an object"},
	{"{\"verb\":\"set\",\"set\":[1]}", 400, "set: must be an object"},
	{"{\"verb\":\"set\",\"set\":{\"ball.raduis\":1}}", 404, "ball.radius?"},
	{"{\"verb\":\"set\",\"set\":{\"ball\":1}}", 404, "no such parameter"},
	{"{\"verb\":\"set\",\"set\":{\"ball.radius\":0}}", 400, "1 to 4096 px"},
	{"{\"verb\":\"set\",\"set\":{\"ball.radius\":1.5}}", 400, "whole number"},
	{"{\"verb\":\"set\",\"set\":{\"ball.radius\":null}}", 400, "ball.radius"},
	{"{\"verb\":\"set\",\"set\":{\"ball.radius\":[1,2]}}", 400, "whole number"},
	{"{\"verb\":\"set\",\"set\":{\"ball.velocity\":[1]}}", 400, "2 values"},
	{"{\"verb\":\"set\",\"set\":{\"ball.velocity\":[1,[2]]}}", 400, "2 values"},
	{"{\"verb\":\"set\",\"set\":{\"back.mode\":\"fas\"}}", 400, "fast, slow"},
	{"{\"verb\":\"set\",\"set\":{\"back.color\":\"red\"}}", 400, "#rrggbb"},
	{"{\"verb\":\"set\",\"set\":{\"back.text\":7}}", 400, "no string"},
	{"{\"verb\":\"set\",\"set\":{\"back.text\":\"1234567890123\"}}", 400,
	 "this has 13"},
	{"{\"verb\":\"set\",\"set\":{\"back.text\":\"\\u0000\"}}", 400, "not JSON"},
	{"{\"verb\":\"set\",\"set\":{\"back.text\":\"\xff\"}}", 400, "not JSON"},
	{"{\"verb\":\"set\",\"set\":{\"back.text\":\"a\\nb\"}}", 400, "back.text"},
	{"{\"verb\":\"set\",\"set\":{\"back.text\":\"a\"},\"over\":5}", 400,
	 "does not move"},
	{"{\"verb\":\"set\",\"set\":{\"ball.radius\":5},\"over\":-1}", 400, "over:"},
	{"{\"verb\":\"set\",\"set\":{\"ball.radius\":5},\"ease\":\"cubic\"}", 400,
	 "over how long"},
	{"{\"verb\":\"set\",\"set\":{\"ball.radius\":5},\"over\":9,\"ease\":\"x\"}",
	 400, "ease: must be"},
	{"{\"verb\":\"set\",\"set\":{\"ball.radius\":5},\"late\":\"maybe\"}", 400,
	 "late: must be"},
	{"{\"verb\":\"set\",\"set\":{\"ball.radius\":5},\"at\":-5}", 400, "at:"},
	{"{\"verb\":\"set\",\"set\":{\"ball.radius\":5},\"at\":2,"
	 "\"late\":\"refuse\"}",
	 409, "tick 2 has begun, the next one is 8"},
	{"{\"verb\":\"set\",\"set\":{\"ball.radius\":5},\"at\":1000}", 409,
	 "never reached"},
	{"{\"verb\":\"get\"}", 400, "params: must be an array"},
	{"{\"verb\":\"get\",\"params\":[7]}", 404, "no such parameter"},
	{"{\"verb\":\"toggle\",\"params\":[\"ball.radius\"]}", 400, "use set"},
	{"{\"verb\":\"params\",\"node\":\"bal\"}", 404, "no node"},
	{"{\"verb\":\"params\",\"node\":7}", 400, "must be a string"},
	{"{\"verb\":\"params\",\"from\":\"x.y\"}", 404, "no such parameter"},
};

/* Each with its code and its line, and nothing changes: a good value beside a
 * bad one neither. */
START_TEST(refusals)
{
	struct sample_params before;
	json_t *answer;

	rig_open(1000);
	changes_begin(&rig_changes, 7);
	before = *rig_params();
	answer = ask(refused[_i].request);
	ck_assert_msg(code(answer) == refused[_i].code &&
			      strstr(comment(answer), refused[_i].words),
		      "%s: %d %s", refused[_i].request, (int)code(answer),
		      comment(answer));
	ck_assert_uint_eq(json_object_size(answer), 3);
	json_decref(answer);
	changes_begin(&rig_changes, 999);
	ck_assert(!memcmp(&before, rig_params(), sizeof(before)));
	rig_close();
}
END_TEST

START_TEST(all_or_nothing)
{
	json_t *answer;

	rig_open(0);
	answer = ask("{\"verb\":\"set\",\"set\":{\"ball.radius\":5,"
		     "\"back.text\":\"ok\",\"back.mode\":\"none\"}}");
	ck_assert_int_eq(code(answer), CALL_BAD);
	json_decref(answer);
	changes_begin(&rig_changes, 0);
	ck_assert_int_eq(rig_params()->radius, 40);
	rig_close();
}
END_TEST

START_TEST(every_type)
{
	rig_open(0);
	must("{\"verb\":\"set\",\"id\":{\"a\":[1]},\"set\":{\"ball.radius\":5,"
	     "\"ball.on\":false,\"ball.velocity\":[1,-2.5],"
	     "\"back.color\":\"#010203\",\"back.mode\":\"slow\","
	     "\"back.weights\":\"3,2,1\",\"/back/veil\":\"#01020304\","
	     "\"back.text\":\"a,=\\\"\\u00c4\"}}");
	changes_begin(&rig_changes, 0);
	ck_assert_int_eq(rig_params()->radius, 5);
	ck_assert_int_eq(rig_params()->on, 0);
	ck_assert_double_eq(rig_params()->velocity[1], -2.5);
	ck_assert_uint_eq(rig_params()->color, 0xff010203);
	ck_assert_int_eq(rig_params()->mode, 1);
	ck_assert_int_eq(rig_params()->weights[0], 3);
	ck_assert_uint_eq(rig_params()->veil, 0x04010203);
	ck_assert_str_eq(rig_params()->text, "a,=\"\303\204");
	rig_close();
}
END_TEST

/* What get and params give is what set takes. */
START_TEST(what_is_got_can_be_set)
{
	json_t *answer, *row, *request, *values;
	struct sample_params before;
	size_t i;
	char *text;

	rig_open(0);
	before = *rig_params();
	answer = ask("{\"verb\":\"params\",\"id\":\"x\"}");
	ck_assert_str_eq(json_string_value(json_object_get(answer, "id")), "x");
	ck_assert_uint_eq(json_array_size(json_object_get(answer, "params")), 8);
	ck_assert(json_is_null(json_object_get(answer, "next")));
	values = json_object();
	json_array_foreach(json_object_get(answer, "params"), i, row)
		json_object_set(values,
				json_string_value(json_object_get(row, "name")),
				json_object_get(row, "value"));
	request = json_pack("{s:s, s:o}", "verb", "set", "set", values);
	text = json_dumps(request, 0);
	must("{\"verb\":\"set\",\"set\":{\"ball.radius\":5}}");
	changes_begin(&rig_changes, 0);
	must(text);
	changes_begin(&rig_changes, 1);
	ck_assert(!memcmp(&before, rig_params(), sizeof(before)));
	free(text);
	json_decref(request);
	json_decref(answer);
	rig_close();
}
END_TEST

START_TEST(present_and_target)
{
	json_t *answer, *row;

	rig_open(0);
	must("{\"verb\":\"set\",\"set\":{\"ball.radius\":60},\"over\":20}");
	changes_begin(&rig_changes, 9);
	answer = ask("{\"verb\":\"get\",\"params\":[\"/ball/radius\"]}");
	row = json_object_get(json_object_get(answer, "values"), "ball.radius");
	ck_assert_int_eq(json_integer_value(json_object_get(row, "value")), 50);
	ck_assert_int_eq(json_integer_value(json_object_get(row, "target")), 60);
	ck_assert_int_eq(json_integer_value(json_object_get(row, "changed")), 9);
	json_decref(answer);
	rig_close();
}
END_TEST

/* Twice for one tick is as it was; of what is to come, not of what is. */
START_TEST(toggles)
{
	rig_open(0);
	must("{\"verb\":\"toggle\",\"params\":[\"ball.on\"]}");
	changes_begin(&rig_changes, 0);
	ck_assert_int_eq(rig_params()->on, 0);
	must("{\"verb\":\"toggle\",\"params\":[\"ball.on\"],\"at\":\"+4\"}");
	must("{\"verb\":\"toggle\",\"params\":[\"ball.on\"],\"at\":\"+9\"}");
	changes_begin(&rig_changes, 5);
	ck_assert_int_eq(rig_params()->on, 1);
	changes_begin(&rig_changes, 10);
	ck_assert_int_eq(rig_params()->on, 0);
	rig_close();
}
END_TEST

START_TEST(a_set_is_refused_with_the_programs_line)
{
	json_t *answer;

	rig_open(0);
	desk.refused = "a show is being repeated";
	answer = ask("{\"verb\":\"set\",\"set\":{\"ball.radius\":5}}");
	ck_assert_int_eq(code(answer), CALL_CONFLICT);
	ck_assert_str_eq(comment(answer), desk.refused);
	json_decref(answer);
	changes_begin(&rig_changes, 0);
	ck_assert_int_eq(rig_params()->radius, 40);
	rig_close();
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, refusals, 0,
			    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(tests, all_or_nothing);
	tcase_add_test(tests, every_type);
	tcase_add_test(tests, what_is_got_can_be_set);
	tcase_add_test(tests, present_and_target);
	tcase_add_test(tests, toggles);
	tcase_add_test(tests, a_set_is_refused_with_the_programs_line);
}

int main(void)
{
	return run_suite("verbs", add);
}

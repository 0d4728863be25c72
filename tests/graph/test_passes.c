/*
 * tests/graph/test_passes.c: what every compiled graph must keep, held against
 * random graphs (seeds are in the messages) and worked out here a second time,
 * from the graph alone, not from the passes' own reasoning: steps, groups and
 * rows. Memory, transfers and kernels are in test_memory.c.
 */
#include "tests/graph/seeds.h"

/* Can it be fused with others in this plan? */
static bool is_pixel(const struct ir_node *node)
{
	return (node->binding->kind == BINDING_PIXEL || ir_samples(node)) &&
	       node->backend == ir->backend;
}

/* Is there a step of that kind and backend for a source before step `end`? */
static bool done_before(uint32_t end, enum ir_step_kind kind,
			enum graph_backend backend, uint32_t source)
{
	uint32_t i;

	for (i = 0; i < end; i++)
		if (ir->steps[i].kind == kind &&
		    ir->steps[i].backend == backend &&
		    ir->steps[i].nodes[0] == source &&
		    (kind != IR_STEP_LOAD || ir->steps[i].buffers))
			return true;
	return false;
}

/* Can step `i` read this source? It is on the step's backend; a frame node has
 * it in a frame buffer, others say that they load it. */
static void source_is_there(uint32_t i, uint32_t source)
{
	const struct ir_step *step = &ir->steps[i];
	uint32_t j, found = 0;

	HOLDS(step->backend == GRAPH_BACKEND_CPU ||
	      done_before(i, IR_STEP_SOURCE, GRAPH_BACKEND_CUDA, source));
	if (step->kind == IR_STEP_FRAME) {
		HOLDS(done_before(i, IR_STEP_LOAD, step->backend, source));
		return;
	}
	for (j = 0; j < step->source_count; j++)
		found += step->sources[j] == source;
	HOLDS(found == 1);
}

/* Every node in one step, sinks in none; steps after those they read. */
static void steps_in_order(void)
{
	uint32_t seen[LIMIT_NODES] = {0}, i, j, k;
	const struct ir_step *step;
	const struct ir_node *node, *from;

	for (i = 0; i < ir->step_count; i++) {
		step = &ir->steps[i];
		for (j = 0; j < step->node_count; j++) {
			node = &ir->nodes[step->nodes[j]];
			if (node->source != IR_NONE) {
				HOLDS(step->kind == IR_STEP_SOURCE ||
				      step->kind == IR_STEP_LOAD);
				if (step->kind == IR_STEP_LOAD)
					source_is_there(i, step->nodes[j]);
				continue;
			}
			if (step->kind == IR_STEP_COPY ||
			    ir_is_transfer(step)) {
				HOLDS(node->step < i);
				continue;
			}
			HOLDS(!seen[step->nodes[j]]++ && node->step == i);
			HOLDS(node->backend == step->backend);
			HOLDS((node->binding->kind == BINDING_FRAME) ==
			      (step->kind == IR_STEP_FRAME));
			for (k = 0; k < node->input_count; k++) {
				from = &ir->nodes[node->from[k]];
				if (from->source != IR_NONE)
					source_is_there(i, node->from[k]);
				else
					HOLDS(from->step < i ||
					      (from->step == i &&
					       seen[node->from[k]]));
			}
		}
		HOLDS(f.fuse || step->node_count == 1 || ir_is_transfer(step));
		HOLDS(step->kind == IR_STEP_FUSED || step->node_count == 1 ||
		      ir_is_transfer(step));
	}
	for (i = 0; i < ir->node_count; i++)
		HOLDS(seen[i] == (ir->nodes[i].sink == IR_NONE &&
				  ir->nodes[i].source == IR_NONE));
}

START_TEST(every_step_comes_after_those_it_reads)
{
	for_all_seeds(steps_in_order);
}
END_TEST

/* Does a frame node read this output before any other frame node has to run
 * that this node's level does not wait for, maybe through pixel nodes? Or one of
 * kind sample, for which it is drawn before that one's group. */
static bool frame_waits(uint32_t index)
{
	const struct ir_node *user, *node = &ir->nodes[index];
	uint32_t i;

	for (i = 0; i < node->user_count; i++) {
		user = &ir->nodes[node->users[i]];
		if (user->sink == IR_NONE && ir_samples(user))
			return true;
		if (user->sink != IR_NONE || user->level != node->level)
			continue;
		if (!is_pixel(user) || frame_waits(node->users[i]))
			return true;
	}
	return false;
}

/* A link between two pixel nodes is only cut where the first must be drawn for
 * a frame node that runs before the second can be. */
static void groups_are_maximal(void)
{
	const struct ir_node *from, *node;
	uint32_t i, j;

	for (i = 0; i < ir->node_count && f.fuse; i++) {
		node = &ir->nodes[i];
		if (!is_pixel(node))
			continue;
		for (j = 0; j < node->input_count; j++) {
			from = &ir->nodes[node->from[j]];
			if (ir_samples(node) && from->source == IR_NONE)
				HOLDS(from->level < node->level);
			HOLDS(!is_pixel(from) || from->step == node->step ||
			      ir_samples(node) ||
			      (from->level < node->level &&
			       frame_waits(node->from[j])));
		}
	}
}

START_TEST(pixel_nodes_are_fused_unless_a_frame_node_is_in_the_way)
{
	for_all_seeds(groups_are_maximal);
}
END_TEST

/* The memory behind a row, as a number: frame buffers, slots, scratches. */
static uint32_t place(const struct ir_row *row, bool slow)
{
	if (row->kind == IR_ROW_FRAME)
		return row->index;
	if (row->kind == IR_ROW_TARGET && !slow)
		return LIMIT_NODES + row->index;
	return LIMIT_NODES + LIMIT_SINKS + row->scratch;
}

/* Where a step has what a node of its own, or a source, put there. */
static uint32_t place_of(const struct ir_step *step, uint32_t index, bool slow)
{
	uint32_t i;

	for (i = 0; i < step->source_count; i++)
		if (step->sources[i] == index)
			return place(&step->source_row[i], slow);
	return place(&ir->nodes[index].row, slow);
}

/* Draws one row of a step in thought: `holds` says whose pixels are where. */
static void draw_row(const struct ir_step *step, bool slow)
{
	static uint32_t holds[2 * LIMIT_NODES + LIMIT_SINKS];
	const struct ir_node *node, *from, *user;
	uint32_t i, j, out, in;

	memset(holds, 0xFF, sizeof(holds));
	for (i = 0; i < step->source_count; i++)
		if (ir_reads_rows(ir, step, step->sources[i]))
			holds[place_of(step, step->sources[i], slow)] =
				step->sources[i];
	for (i = 0; i < step->node_count; i++) {
		node = &ir->nodes[step->nodes[i]];
		out = place(&node->row, slow);
		for (j = 0; j < node->input_count; j++) {
			from = &ir->nodes[node->from[j]];
			if (from->source == IR_NONE &&
			    from->step != node->step) {
				HOLDS(from->buffered);
				continue; /* read only, never drawn here */
			}
			if (ir_samples(node))
				continue; /* a source, where it lies */
			in = place_of(step, node->from[j], slow);
			HOLDS(holds[in] == node->from[j]);
			HOLDS(j == 0 || in != out);
		}
		holds[out] = step->nodes[i];
	}
	for (i = 0; i < step->node_count; i++) {
		node = &ir->nodes[step->nodes[i]];
		for (j = 0; j < node->user_count; j++) {
			user = &ir->nodes[node->users[j]];
			if (user->sink != IR_NONE || user->step != node->step)
				HOLDS(holds[place(&node->row, slow)] ==
				      step->nodes[i]);
			if (user->sink == IR_NONE && user->step != node->step)
				HOLDS(node->row.kind == IR_ROW_FRAME &&
				      node->row.index == step->nodes[i]);
		}
	}
}

static void rows_are_sound(void)
{
	uint32_t i;

	for (i = 0; i < ir->step_count; i++) {
		if (ir->steps[i].kind != IR_STEP_FUSED ||
		    ir->steps[i].backend != GRAPH_BACKEND_CPU)
			continue;
		draw_row(&ir->steps[i], false);
		draw_row(&ir->steps[i], true);
	}
}

START_TEST(no_row_is_drawn_over_while_it_is_needed)
{
	for_all_seeds(rows_are_sound);
}
END_TEST

/* Bytes in and out of a tick: with fusion never more than without. */
static uint64_t moved(void)
{
	uint64_t bytes = 0;
	uint32_t i;

	for (i = 0; i < ir->step_count; i++)
		bytes += ir->steps[i].bytes_read + ir->steps[i].bytes_written;
	return bytes;
}

START_TEST(fusing_never_moves_more)
{
	uint64_t plain, fused, less = 0;

	for (seed = 0; seed < SEEDS; seed++) {
		f.fuse = false;
		compile_seed();
		plain = moved();
		f.fuse = true;
		compile_seed();
		fused = moved();
		HOLDS(fused <= plain);
		less += fused < plain;
	}
	ck_assert_uint_gt(less, SEEDS / 2);
}
END_TEST

START_TEST(same_text_same_bytes)
{
	static char first[1 << 18];

	for (seed = 0; seed < SEEDS / 10; seed++) {
		f.fuse = true;
		compile_seed();
		HOLDS(f.output.source.used < sizeof(first));
		memcpy(first, f.output.source.bytes, f.output.source.used + 1);
		compile_seed();
		HOLDS(!strcmp(first, f.output.source.bytes));
	}
}
END_TEST

/* The example in fuse.c, step by step. */
START_TEST(a_node_waits_for_the_level_of_its_user)
{
	f.fuse = true;
	ck_assert_int_eq(fixture_compile_text(&f, "graph: example\n"
						  "size: 16x16\n"
						  "rate: 60\n"
						  "nodes:\n"
						  "  a: {type: plain}\n"
						  "  b: {type: tint}\n"
						  "  F: {type: turn}\n"
						  "  c: {type: tint}\n"
						  "  d: {type: join3}\n"
						  "  e: {type: plain}\n"
						  "  sink: {type: headless}\n"
						  "links:\n"
						  "  - a -> b -> F.left\n"
						  "  - b -> F.right\n"
						  "  - F -> c -> d.a\n"
						  "  - e -> d.b\n"
						  "  - e -> d.c\n"
						  "  - d -> sink\n"),
			 0);
	ir = &f.ir;
	ck_assert_uint_eq(ir->step_count, 3);
	ck_assert_str_eq(ir->steps[0].name, "a+b");
	ck_assert_str_eq(ir->steps[1].name, "F");
	ck_assert_str_eq(ir->steps[2].name, "c+e+d");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("graphc: passes");
	TCase *tcase = tcase_create("random graphs");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, every_step_comes_after_those_it_reads);
	tcase_add_test(tcase,
		       pixel_nodes_are_fused_unless_a_frame_node_is_in_the_way);
	tcase_add_test(tcase, no_row_is_drawn_over_while_it_is_needed);
	tcase_add_test(tcase, fusing_never_moves_more);
	tcase_add_test(tcase, same_text_same_bytes);
	tcase_add_test(tcase, a_node_waits_for_the_level_of_its_user);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}

/*
 * tests/graph/test_passes.c: what every compiled graph must keep, held against
 * random graphs (seeds are in the messages) and worked out here a second time,
 * from the graph alone, not from the passes' own reasoning.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/graph/fixture.h"
#include "tests/graph/random_graph.h"

#define SEEDS 1500

static struct fixture f;

static void setup(void)
{
	static const char *const folders[] = {"tests/graph/nodes", NULL};

	fixture_init(&f, folders);
}

static void teardown(void)
{
	fixture_finish(&f);
}

static uint64_t seed;
static const struct ir *ir; /* the plan that is looked at */

#define HOLDS(condition)                                                       \
	ck_assert_msg(                                                         \
		condition, "seed %llu, %s plan%s", (unsigned long long)seed,   \
		ir && ir->backend == GRAPH_BACKEND_CUDA ? "cuda" : "cpu",      \
		f.fuse ? "" : ", not fused")

/* Can it be fused with others in this plan? */
static bool is_pixel(const struct ir_node *node)
{
	return node->binding->kind == BINDING_PIXEL &&
	       node->backend == ir->backend;
}

static char text[1 << 16]; /* of the graph of `seed` */

static int compile_text(void)
{
	return fixture_compile_text(&f, text);
}

static void compile_seed(void)
{
	struct text built;

	arena_reset(&f.arena);
	text_init(&built, &f.arena);
	HOLDS(!random_graph(&built, &f.library, seed, &f.diag));
	HOLDS(built.used < sizeof(text));
	memcpy(text, built.bytes, built.used + 1);
	ck_assert_msg(!compile_text(), "seed %llu: %s\n%s",
		      (unsigned long long)seed, fixture_message(&f), text);
	ir = &f.ir;
}

/* For both plans, where there are two. */
static void for_all_seeds(void (*hold)(void))
{
	uint32_t cuda = 0;

	for (seed = 0; seed < SEEDS; seed++) {
		f.fuse = seed % 3 != 0;
		compile_seed();
		hold();
		ir = ir->cuda;
		if (!ir)
			continue;
		cuda++;
		hold();
	}
	ck_assert_uint_gt(cuda, SEEDS / 2);
}

/* Every node in one step, sinks in none; steps after those they read. */
static void steps_in_order(void)
{
	uint32_t seen[LIMIT_NODES] = {0}, i, j, k;
	const struct ir_step *step;
	const struct ir_node *node, *source;

	for (i = 0; i < ir->step_count; i++) {
		step = &ir->steps[i];
		for (j = 0; j < step->node_count; j++) {
			node = &ir->nodes[step->nodes[j]];
			if (step->kind == IR_STEP_COPY ||
			    ir_is_transfer(step)) {
				HOLDS(node->step < i);
				continue;
			}
			HOLDS(!seen[step->nodes[j]]++ && node->step == i);
			HOLDS(node->backend == step->backend);
			HOLDS((node->binding->kind == BINDING_PIXEL) ==
			      (step->kind == IR_STEP_FUSED));
			for (k = 0; k < node->binding->input_count; k++) {
				source = &ir->nodes[node->source[k]];
				HOLDS(source->step < i ||
				      (source->step == i &&
				       seen[node->source[k]]));
			}
		}
		HOLDS(f.fuse || step->node_count == 1 || ir_is_transfer(step));
		HOLDS(step->kind == IR_STEP_FUSED || step->node_count == 1 ||
		      ir_is_transfer(step));
	}
	for (i = 0; i < ir->node_count; i++)
		HOLDS(seen[i] == (ir->nodes[i].sink == IR_NONE));
}

START_TEST(every_step_comes_after_those_it_reads)
{
	for_all_seeds(steps_in_order);
}
END_TEST

/* Does a frame node read this output before any other frame node has to run
 * that this node's level does not wait for, maybe through pixel nodes? */
static bool frame_waits(uint32_t index)
{
	const struct ir_node *user, *node = &ir->nodes[index];
	uint32_t i;

	for (i = 0; i < node->user_count; i++) {
		user = &ir->nodes[node->users[i]];
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
	const struct ir_node *source, *node;
	uint32_t i, j;

	for (i = 0; i < ir->node_count && f.fuse; i++) {
		node = &ir->nodes[i];
		if (!is_pixel(node))
			continue;
		for (j = 0; j < node->binding->input_count; j++) {
			source = &ir->nodes[node->source[j]];
			HOLDS(!is_pixel(source) || source->step == node->step ||
			      (source->level < node->level &&
			       frame_waits(node->source[j])));
		}
	}
}

START_TEST(pixel_nodes_are_fused_unless_a_frame_node_is_in_the_way)
{
	for_all_seeds(groups_are_maximal);
}
END_TEST

/* The last step of a backend that reads an output. */
static uint32_t last_reader(uint32_t index, enum graph_backend backend)
{
	const struct ir_node *user, *node = &ir->nodes[index];
	const struct ir_step *step;
	uint32_t i, j, last = 0;

	for (i = 0; i < node->user_count; i++) {
		user = &ir->nodes[node->users[i]];
		if (user->sink == IR_NONE && user->step > last &&
		    user->backend == backend)
			last = user->step;
	}
	for (i = 0; i < ir->step_count; i++) {
		step = &ir->steps[i];
		if ((step->kind != IR_STEP_COPY && !ir_is_transfer(step)) ||
		    step->backend != backend)
			continue;
		for (j = 0; j < step->node_count; j++)
			if (step->nodes[j] == index && i > last)
				last = i;
	}
	return last;
}

static const struct ir_object *find_in(enum domain domain, const char *what,
				       const char *of)
{
	uint32_t i;

	for (i = 0; i < ir->object_count; i++)
		if (ir->objects[i].domain == domain &&
		    !strcmp(ir->objects[i].what, what) &&
		    !strcmp(ir->objects[i].of, of))
			return &ir->objects[i];
	return NULL;
}

static const struct ir_object *find(const char *what, const char *of)
{
	return find_in(DOMAIN_HOST, what, of);
}

static bool lives(const struct ir_object *object, uint32_t step)
{
	return object->always ||
	       (object->first <= step && step <= object->last);
}

static void objects_are_apart(void)
{
	const struct ir_object *a, *b;
	uint32_t i, j, step;

	for (i = 0; i < ir->object_count; i++) {
		a = &ir->objects[i];
		HOLDS(a->offset % GRAPH_ALIGN == 0);
		HOLDS(a->bytes &&
		      a->offset + a->bytes <= ir->pool_bytes[a->domain]);
		for (j = 0; j < i; j++) {
			b = &ir->objects[j];
			if (a->domain != b->domain ||
			    a->offset >= b->offset + b->bytes ||
			    b->offset >= a->offset + a->bytes)
				continue;
			for (step = 0; step < ir->step_count; step++)
				HOLDS(!lives(a, step) || !lives(b, step));
		}
	}
}

/* The step that moves a node's output, or its own. */
static uint32_t moved_in(uint32_t index)
{
	uint32_t i, j;

	for (i = 0; i < ir->step_count; i++)
		for (j = 0; ir_is_transfer(&ir->steps[i]) &&
			    j < ir->steps[i].node_count;
		     j++)
			if (ir->steps[i].nodes[j] == index)
				return i;
	return ir->nodes[index].step;
}

/* A frame buffer in a domain lives from the step that fills it to the last
 * that reads it there. */
static void frame_lives(uint32_t index, enum domain domain)
{
	const struct ir_node *node = &ir->nodes[index];
	const struct ir_object *frame =
		find_in(domain, "FRAME_", node->c_upper);
	bool device = domain == DOMAIN_DEVICE;
	uint32_t filled = node->step;

	HOLDS(node->in[domain] == !!frame);
	if (!frame)
		return;
	if (device != (node->backend == GRAPH_BACKEND_CUDA))
		filled = moved_in(index);
	HOLDS(frame->bytes == (uint64_t)ir->pitch * ir->height);
	HOLDS(frame->offset == node->offset[domain]);
	HOLDS(lives(frame, filled));
	HOLDS(frame->always ||
	      frame->last >= last_reader(index, device ? GRAPH_BACKEND_CUDA
						       : GRAPH_BACKEND_CPU));
}

/* A buffered output is in the memory of its own backend, and in that of each
 * backend that reads it. */
static void frames_are_there(uint32_t index)
{
	const struct ir_node *user, *node = &ir->nodes[index];
	bool on[GRAPH_BACKEND_COUNT] = {false};
	uint32_t i;

	if (node->sink != IR_NONE)
		return;
	on[node->backend] = node->buffered;
	for (i = 0; i < node->user_count; i++) {
		user = &ir->nodes[node->users[i]];
		if (user->sink == IR_NONE && user->step != node->step)
			on[user->backend] = true;
	}
	HOLDS(node->in[DOMAIN_DEVICE] == on[GRAPH_BACKEND_CUDA]);
	HOLDS((node->in[DOMAIN_HOST] || node->in[DOMAIN_PINNED]) ==
	      on[GRAPH_BACKEND_CPU]);
	HOLDS(node->in[DOMAIN_PINNED] ==
	      (on[GRAPH_BACKEND_CPU] && on[GRAPH_BACKEND_CUDA]));
	HOLDS(!node->in[DOMAIN_HOST] || !node->in[DOMAIN_PINNED]);
	frame_lives(index, DOMAIN_HOST);
	frame_lives(index, DOMAIN_PINNED);
	frame_lives(index, DOMAIN_DEVICE);
}

static void pool_is_sound(void)
{
	const struct ir_object *a;
	const struct ir_node *node;
	uint32_t i;

	objects_are_apart();
	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[i];
		frames_are_there(i);
		a = find("UNIFORM_", node->c_upper);
		HOLDS(a ? a->always && a->bytes == node->uniform_bytes
			: !node->uniform_bytes);
		a = find("STATE_", node->c_upper);
		HOLDS(a ? a->always && a->bytes == node->state_bytes
			: !node->state_bytes);
		a = find("SCRATCH_", node->c_upper);
		if (node->backend == GRAPH_BACKEND_CPU)
			HOLDS(a ? lives(a, node->step) : !node->scratch_bytes);
		else
			HOLDS(!a);
	}
}

START_TEST(nothing_alive_shares_bytes)
{
	for_all_seeds(pool_is_sound);
}
END_TEST

/* tick() is shared: its objects are at the same places in both plans. */
START_TEST(both_plans_share_what_tick_writes)
{
	const struct ir_object *a, *b;
	uint32_t i, compared = 0;

	for (seed = 0; seed < SEEDS; seed++) {
		compile_seed();
		if (!f.ir.cuda)
			continue;
		ir = f.ir.cuda;
		for (i = 0; i < f.ir.object_count; i++) {
			a = &f.ir.objects[i];
			if (!a->shared)
				continue;
			b = find(a->what, a->of);
			HOLDS(b && b->shared && b->offset == a->offset &&
			      b->bytes == a->bytes);
			compared++;
		}
		HOLDS(f.ir.cuda->params_bytes == f.ir.params_bytes);
	}
	ck_assert_uint_gt(compared, SEEDS);
}
END_TEST

/* Each output that crosses is in one transfer, side by side with the others of
 * it in both pools, after its own step and before those that read it. */
static void transfers_are_sound(void)
{
	const struct ir_step *step;
	const struct ir_node *node, *first;
	uint32_t i, j, seen[LIMIT_NODES] = {0};
	uint64_t bytes = (uint64_t)ir->pitch * ir->height;

	for (i = 0; i < ir->step_count; i++) {
		step = &ir->steps[i];
		if (!ir_is_transfer(step))
			continue;
		HOLDS(!i || step->kind != step[-1].kind);
		HOLDS(step->bytes_read == bytes * step->node_count);
		first = &ir->nodes[step->nodes[0]];
		for (j = 0; j < step->node_count; j++) {
			node = &ir->nodes[step->nodes[j]];
			HOLDS(!seen[step->nodes[j]]++ && node->step < i);
			HOLDS((node->backend == GRAPH_BACKEND_CPU) ==
			      (step->kind == IR_STEP_UPLOAD));
			HOLDS(node->offset[DOMAIN_PINNED] ==
			      first->offset[DOMAIN_PINNED] + j * bytes);
			HOLDS(node->offset[DOMAIN_DEVICE] ==
			      first->offset[DOMAIN_DEVICE] + j * bytes);
		}
	}
	for (i = 0; i < ir->node_count; i++) {
		node = &ir->nodes[i];
		HOLDS(seen[i] == node->in[DOMAIN_PINNED]);
		for (j = 0; seen[i] && j < node->user_count; j++)
			HOLDS(ir->nodes[node->users[j]].sink != IR_NONE ||
			      ir->nodes[node->users[j]].backend ==
				      node->backend ||
			      ir->nodes[node->users[j]].step > moved_in(i));
	}
}

static uint32_t merged; /* transfers of several outputs */

static void count_merged(void)
{
	uint32_t i;

	for (i = 0; i < ir->step_count; i++)
		merged += ir_is_transfer(&ir->steps[i]) &&
			  ir->steps[i].node_count > 1;
}

START_TEST(what_crosses_is_moved_once)
{
	for_all_seeds(transfers_are_sound);
	merged = 0;
	for_all_seeds(count_merged);
	ck_assert_uint_gt(merged, SEEDS / 10);
}
END_TEST

/* Does `value` appear in the block exactly once? */
static uint32_t copied(const struct ir_kernel *kernel, uint32_t node,
		       bool params)
{
	uint32_t i, count = 0;

	for (i = 0; i < kernel->copy_count; i++)
		count += kernel->copies[i].node == node &&
			 kernel->copies[i].params == params;
	return count;
}

/* The block of graph/device.h: parts aligned, one after the other, to its end;
 * all that the step's nodes read, once. */
static void block_is_sound(const struct ir_step *step)
{
	const struct ir_kernel *kernel = step->kernel;
	uint32_t i, at = GRAPH_BLOCK_TARGETS + 16 * kernel->sink_count;
	const struct ir_node *node;

	for (i = 0; i < kernel->copy_count; i++) {
		HOLDS(kernel->copies[i].bytes);
		HOLDS(kernel->copies[i].block_offset == at);
		at += (kernel->copies[i].bytes + 15) / 16 * 16;
	}
	HOLDS(kernel->block_bytes == at);
	for (i = 0; i < step->node_count && step->kind != IR_STEP_COPY; i++) {
		node = &ir->nodes[step->nodes[i]];
		HOLDS(copied(kernel, step->nodes[i], false) ==
		      (node->head_bytes > 0));
		HOLDS(copied(kernel, step->nodes[i], true) ==
		      (step->kind == IR_STEP_FRAME &&
		       node->binding->params_bytes));
	}
}

/* Kernels for the steps on the device, and only for those; a sink is filled by
 * one kernel if its node is there, else by none. */
static void kernels_are_sound(void)
{
	uint32_t i, j, filled[LIMIT_SINKS] = {0};
	const struct ir_node *sink;
	const struct ir_step *step;

	for (i = 0; i < ir->step_count; i++) {
		step = &ir->steps[i];
		HOLDS(!!step->kernel == (step->backend == GRAPH_BACKEND_CUDA &&
					 !ir_is_transfer(step)));
		if (!step->kernel)
			continue;
		block_is_sound(step);
		for (j = 0; j < step->kernel->sink_count; j++)
			filled[step->kernel->sinks[j]]++;
	}
	for (i = 0; i < ir->sink_count; i++) {
		sink = &ir->nodes[ir->sinks[i]];
		HOLDS(filled[i] == (ir->nodes[sink->source[0]].backend ==
				    GRAPH_BACKEND_CUDA));
	}
}

START_TEST(a_kernel_gets_all_that_it_reads)
{
	for_all_seeds(kernels_are_sound);
}
END_TEST

/* One byte less than a graph needs in a memory, and it is refused; without a
 * device it has a cpu plan only. */
START_TEST(boards_limit_each_memory)
{
	uint32_t domain, refused = 0;
	uint64_t needs;

	f.fuse = true;
	for (seed = 0; seed < SEEDS / 10; seed++)
		for (domain = 0; domain < DOMAIN_COUNT; domain++) {
			f.board = board_default;
			compile_seed();
			if (!ir->cuda)
				continue;
			needs = ir->cuda->pool_bytes[domain];
			if (needs < 2 || needs < ir->pool_bytes[domain])
				continue;
			f.board.bytes[domain] = needs - 1;
			HOLDS(compile_text() == -1);
			HOLDS(f.diag.rule == RULE_POOL_SIZE &&
			      strstr(f.diag.text, domain_names[domain]));
			refused |= 1u << domain;
			f.board = board_default;
			f.board.bytes[DOMAIN_DEVICE] = 0;
			HOLDS(!compile_text() && !f.ir.cuda);
		}
	f.board = board_default;
	ck_assert_uint_eq(refused, (1u << DOMAIN_COUNT) - 1);
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

/* Draws one row of a step in thought: `holds` says whose pixels are where. */
static void draw_row(const struct ir_step *step, bool slow)
{
	static uint32_t holds[2 * LIMIT_NODES + LIMIT_SINKS];
	const struct ir_node *node, *source, *user;
	uint32_t i, j, out;

	memset(holds, 0xFF, sizeof(holds));
	for (i = 0; i < step->node_count; i++) {
		node = &ir->nodes[step->nodes[i]];
		out = place(&node->row, slow);
		for (j = 0; j < node->binding->input_count; j++) {
			source = &ir->nodes[node->source[j]];
			if (source->step != node->step) {
				HOLDS(source->buffered);
				continue; /* read only, never drawn here */
			}
			HOLDS(holds[place(&source->row, slow)] ==
			      node->source[j]);
			HOLDS(j == 0 || place(&source->row, slow) != out);
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
	tcase_add_test(tcase, nothing_alive_shares_bytes);
	tcase_add_test(tcase, both_plans_share_what_tick_writes);
	tcase_add_test(tcase, what_crosses_is_moved_once);
	tcase_add_test(tcase, a_kernel_gets_all_that_it_reads);
	tcase_add_test(tcase, boards_limit_each_memory);
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

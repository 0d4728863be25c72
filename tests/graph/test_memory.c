/*
 * tests/graph/test_memory.c: where each plan of a random graph keeps its data,
 * what it moves between the memories, and what its kernels get; worked out here
 * a second time. Steps and groups are in test_passes.c.
 */
#include "tests/graph/seeds.h"

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

	if (node->sink != IR_NONE || node->source != IR_NONE)
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

/* A source's converted frame is where frame nodes read it, from the load on;
 * its picture on the device, from the upload to the last that loads it. */
static void source_lives(uint32_t index)
{
	const struct ir_node *user, *node = &ir->nodes[index];
	const struct ir_object *picture =
		find_in(DOMAIN_DEVICE, "SOURCE_", node->c_upper);
	const struct ir_object *frame[GRAPH_BACKEND_COUNT] = {
		find("FRAME_", node->c_upper),
		find_in(DOMAIN_DEVICE, "FRAME_", node->c_upper)};
	bool framed[GRAPH_BACKEND_COUNT] = {false}, uploaded = false;
	uint32_t i, j;

	for (i = 0; i < node->user_count; i++) {
		user = &ir->nodes[node->users[i]];
		if (user->binding->kind != BINDING_FRAME)
			continue;
		framed[user->backend] = true;
		HOLDS(frame[user->backend] &&
		      lives(frame[user->backend], user->step));
	}
	for (i = 0; i < ir->step_count; i++)
		for (j = 0; j < ir->steps[i].source_count; j++) {
			const struct ir_step *step = &ir->steps[i];

			if (step->sources[j] != index)
				continue;
			uploaded |= step->backend == GRAPH_BACKEND_CUDA;
			HOLDS(step->backend == GRAPH_BACKEND_CPU ||
			      (picture && lives(picture, i)));
			HOLDS(step->kind != IR_STEP_LOAD || !step->buffers ||
			      lives(frame[step->backend], i));
		}
	for (i = 0; i < GRAPH_BACKEND_COUNT; i++)
		HOLDS(framed[i] == !!frame[i]);
	HOLDS(uploaded == !!picture);
	HOLDS(!picture || picture->offset == node->picture);
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
		if (node->source != IR_NONE)
			source_lives(i);
		a = find("UNIFORM_", node->c_upper);
		HOLDS(a ? a->always && a->bytes == node->uniform_bytes
			: !node->uniform_bytes);
		a = find("STATE_", node->c_upper);
		HOLDS(a ? a->always && a->bytes == node->state_bytes
			: !node->state_bytes);
		a = find_in(node->binding->bands ? DOMAIN_SCRATCH
						 : DOMAIN_HOST,
			    "SCRATCH_", node->c_upper);
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
		if (!ir_is_transfer(step) || step->kind == IR_STEP_SOURCE)
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
		HOLDS(filled[i] == (ir->nodes[sink->from[0]].backend ==
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

int main(void)
{
	Suite *suite = suite_create("graphc: memory");
	TCase *tcase = tcase_create("random graphs");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, nothing_alive_shares_bytes);
	tcase_add_test(tcase, both_plans_share_what_tick_writes);
	tcase_add_test(tcase, what_crosses_is_moved_once);
	tcase_add_test(tcase, a_kernel_gets_all_that_it_reads);
	tcase_add_test(tcase, boards_limit_each_memory);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}

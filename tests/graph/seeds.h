/*
 * tests/graph/seeds.h: random graphs, compiled, one after the other.
 *
 * For test_passes.c and test_memory.c, each a program of its own.
 */
#ifndef TESTS_GRAPH_SEEDS_H
#define TESTS_GRAPH_SEEDS_H

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

static char text[1 << 16]; /* of the graph of `seed` */

static inline int compile_text(void)
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

#endif

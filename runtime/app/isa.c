/*
 * runtime/app/isa.c: the table of instruction sets, best last.
 */
#include "runtime/app/isa.h"

extern const struct graph graph_base;

static bool always(void)
{
	return true;
}

#ifdef __x86_64__
extern const struct graph graph_avx2, graph_avx512;

/* What the Makefile's ISA_avx2 lets the compiler use. */
static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2") &&
	       __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

/* What the Makefile's ISA_avx512 lets the compiler use. */
static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx2") &&
	       __builtin_cpu_supports("avx512f") &&
	       __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512vl") &&
	       __builtin_cpu_supports("avx512dq");
}
#endif

static const struct {
	enum options_isa option;
	bool (*is_here)(void);
	struct isa isa;
} table[] = {
	{OPTIONS_ISA_BASE, always, {"base", &graph_base}},
#ifdef __x86_64__
	{OPTIONS_ISA_AVX2, has_avx2, {"avx2", &graph_avx2}},
	{OPTIONS_ISA_AVX512, has_avx512, {"avx512", &graph_avx512}},
#endif
};

#define ISA_COUNT (sizeof(table) / sizeof(table[0]))

const struct isa *isa_base(void)
{
	return &table[0].isa;
}

const struct isa *isa_choose(enum options_isa wanted)
{
	size_t i = ISA_COUNT;

	while (i--)
		if ((wanted == OPTIONS_ISA_AUTO || wanted == table[i].option) &&
		    table[i].is_here())
			return &table[i].isa;
	return NULL;
}

const char *const *isa_names(void)
{
	static const char *names[ISA_COUNT + 1];
	size_t i, count = 0;

	for (i = 0; i < ISA_COUNT; i++)
		if (table[i].is_here())
			names[count++] = table[i].isa.name;
	names[count] = NULL;
	return names;
}

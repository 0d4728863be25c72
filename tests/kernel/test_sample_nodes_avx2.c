/*
 * tests/kernel/test_sample_nodes_avx2.c: tests/kernel/test_sample_nodes.c with the rows that
 * AVX2 has a form of its own for.
 */
int sample_nodes_main(void);
#define main sample_nodes_main
#include "tests/kernel/test_sample_nodes.c"
#undef main

int main(void)
{
#ifdef __AVX2__
	if (__builtin_cpu_supports("avx2"))
		return sample_nodes_main();
	puts("this processor has no AVX2");
#else
	puts("not built for AVX2");
#endif
	return 77;
}

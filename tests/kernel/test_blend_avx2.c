/*
 * tests/kernel/test_blend_avx2.c: tests/kernel/test_blend.c with the rows that
 * AVX2 has a form of its own for.
 */
int blend_main(void);
#define main blend_main
#include "tests/kernel/test_blend.c"
#undef main

int main(void)
{
#ifdef __AVX2__
	if (__builtin_cpu_supports("avx2"))
		return blend_main();
	puts("this processor has no AVX2");
#else
	puts("not built for AVX2");
#endif
	return 77;
}

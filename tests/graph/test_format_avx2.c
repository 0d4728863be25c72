/*
 * tests/graph/test_format_avx2.c: tests/graph/test_format.c with the runs of
 * pixels that AVX2 has a form of its own for.
 */
#define STEP_OF_Y 17 /* the definition is no other one */
int format_main(void);
#define main format_main
#include "tests/graph/test_format.c"
#undef main

int main(void)
{
#ifdef __AVX2__
	if (__builtin_cpu_supports("avx2"))
		return format_main();
	puts("this processor has no AVX2");
#else
	puts("not built for AVX2");
#endif
	return 77;
}

/*
 * tests/graph/test_chroma_avx2.c: tests/graph/test_chroma.c with the runs of
 * pixels as compilers make them for AVX2.
 */
int chroma_main(void);
#define main chroma_main
#include "tests/graph/test_chroma.c"
#undef main

int main(void)
{
#ifdef __AVX2__
	if (__builtin_cpu_supports("avx2"))
		return chroma_main();
	puts("this processor has no AVX2");
#else
	puts("not built for AVX2");
#endif
	return 77;
}

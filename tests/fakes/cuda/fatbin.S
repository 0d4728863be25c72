/*
 * tests/fakes/cuda/fatbin.S: in place of drivers/cuda/fatbin.S: what the fake
 * libcuda takes for code. Its kernels come from elsewhere: see kernel.h.
 */
	.section .note.GNU-stack, "", %progbits
	.section .rodata
	.global graph_fatbin, graph_fatbin_end, graph_fatbin_architectures
	.balign 16
graph_fatbin:
	.ascii "\177ELF"
	.skip 60
graph_fatbin_end:
	.byte 0
graph_fatbin_architectures:
	.asciz "sm_90"

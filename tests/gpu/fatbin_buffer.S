/*
 * tests/gpu/fatbin_buffer.S: room for the kernels of one graph after another,
 * in place of drivers/cuda/fatbin.S: gpu_random fills it.
 */
	.section .note.GNU-stack, "", %progbits
	.section .bss
	.global graph_fatbin, graph_fatbin_end
	.balign 16
graph_fatbin:
	.skip 8 << 20
graph_fatbin_end:
	.skip 1
	.section .rodata
	.global graph_fatbin_architectures
graph_fatbin_architectures:
	.asciz "of the graph at hand"

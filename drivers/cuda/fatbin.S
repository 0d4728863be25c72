/*
 * drivers/cuda/fatbin.S: puts a graph's fatbin into its program. The Makefile
 * assembles this once a graph, with FATBIN and ARCHITECTURES defined where nvcc
 * is there.
 */
	.section .note.GNU-stack, "", %progbits
	.section .rodata
	.global graph_fatbin, graph_fatbin_end, graph_fatbin_architectures
	.balign 16
graph_fatbin:
#ifdef FATBIN
	.incbin FATBIN
#endif
graph_fatbin_end:
	.byte 0
graph_fatbin_architectures:
#ifdef ARCHITECTURES
	.asciz ARCHITECTURES
#else
	.asciz ""
#endif

/*
 * tools/graphc/emit_plans.c: in NAME.c the tables of both plans: steps,
 * kernels and transfers (graph/graph.h, graph/device.h); see emit.h.
 */
#include "tools/graphc/emit.h"

static const char *const kinds[] = {
	[IR_STEP_FUSED] = "FUSED",	 [IR_STEP_FRAME] = "FRAME",
	[IR_STEP_COPY] = "FUSED",	 [IR_STEP_UPLOAD] = "UPLOAD",
	[IR_STEP_DOWNLOAD] = "DOWNLOAD", [IR_STEP_LOAD] = "FUSED",
	[IR_STEP_SOURCE] = "UPLOAD",
};

static void plans_add_copies(const struct ir *ir, struct text *text,
		       const struct ir_kernel *kernel, uint32_t index)
{
	const struct ir_copy *copy;
	const struct ir_node *node;
	uint32_t i;

	if (!kernel->copy_count)
		return;
	text_add(text,
		 "\nstatic const struct graph_block_copy copies_%u[] = {\n",
		 index);
	for (i = 0; i < kernel->copy_count; i++) {
		copy = &kernel->copies[i];
		node = &ir->nodes[copy->node];
		if (copy->params)
			text_add(text,
				 "\t{%s_POOL_PARAMS + offsetof(struct "
				 "graph_%s_params, %s_params), %u, %u},\n",
				 ir->c_upper, ir->c_name, node->c_name,
				 copy->block_offset, copy->bytes);
		else
			text_add(text, "\t{%s_POOL_UNIFORM_%s, %u, %u},\n",
				 ir->c_upper, node->c_upper, copy->block_offset,
				 copy->bytes);
	}
	text_add(text, "};\n");
}

static void add_kernel_sinks(struct text *text, const struct ir_kernel *kernel)
{
	uint32_t i;

	for (i = 0; i < kernel->sink_count; i++)
		text_add(text, "%s%u", i ? ", " : "(const uint32_t[]){",
			 kernel->sinks[i]);
	text_add(text, kernel->sink_count ? "}" : "NULL");
}

/* What the steps' rows refer to: one kernel a step. */
static void plans_add_kernels(const struct ir *ir, struct text *text)
{
	const struct ir_kernel *kernel;
	uint32_t i;

	for (i = 0; i < ir->step_count; i++)
		if (ir->steps[i].kernel)
			plans_add_copies(ir, text, ir->steps[i].kernel, i);
	text_add(text,
		 "\n/* Symbol, blocks, threads, bytes of the block, sinks, "
		 "copies. */\nstatic const struct graph_kernel kernels[] = "
		 "{\n");
	for (i = 0; i < ir->step_count; i++) {
		kernel = ir->steps[i].kernel;
		if (!kernel)
			continue;
		text_add(text,
			 "\t[%u] = {\"step_%u\", %u, %u, %u, %u, %u, %u, %u, ",
			 i, i, kernel->blocks_x, kernel->blocks_y,
			 kernel->threads_x, kernel->threads_y,
			 kernel->block_bytes, kernel->sink_count,
			 kernel->copy_count);
		add_kernel_sinks(text, kernel);
		if (kernel->copy_count)
			text_add(text, ", copies_%u},\n", i);
		else
			text_add(text, ", NULL},\n");
	}
	text_add(text, "};\n");
}

/* A transfer's outputs lie side by side from its first one on. */
static void plans_add_transfers(const struct ir *ir, struct text *text)
{
	const struct ir_node *node;
	bool any = false;
	uint32_t i;

	for (i = 0; i < ir->step_count; i++) {
		if (!ir_is_transfer(&ir->steps[i]) ||
		    ir->steps[i].kind == IR_STEP_SOURCE)
			continue;
		if (!any)
			text_add(text,
				 "\n/* Where from and to: pinned pool, device "
				 "pool; bytes. */\n"
				 "static const struct graph_transfer "
				 "transfers[] = {\n");
		any = true;
		node = &ir->nodes[ir->steps[i].nodes[0]];
		text_add(text,
			 "\t[%u] = {%s_PINNED_FRAME_%s, %s_DEVICE_FRAME_%s, "
			 "%llu},\n",
			 i, ir->c_upper, node->c_upper, ir->c_upper,
			 node->c_upper,
			 (unsigned long long)ir->steps[i].bytes_read);
	}
	if (any)
		text_add(text, "};\n");
}

static void add_upload(const struct ir *ir, struct text *text,
		       const struct ir_node *node)
{
	struct picture picture;
	uint64_t offset = 0;
	uint32_t i, planes = graph_format_row(node->format)->planes;

	graph_picture(&picture, node->format, node->width, node->height, NULL);
	text_add(text, "{%u, %u, {", node->source, planes);
	for (i = 0; i < planes; i++) {
		uint32_t rows = graph_plane_rows(node->format, i, node->height);

		text_add(text, "%s{%s_DEVICE_SOURCE_%s + %llu, %zu, %u, %u}",
			 i ? ", " : "", ir->c_upper, node->c_upper,
			 (unsigned long long)offset, picture.pitch[i],
			 graph_plane_row_bytes(node->format, i, node->width),
			 rows);
		offset += picture.pitch[i] * rows;
	}
	text_add(text, "}},\n");
}

static void add_uploads(const struct ir *ir, struct text *text)
{
	bool any = false;
	uint32_t i;

	for (i = 0; i < ir->step_count; i++) {
		if (ir->steps[i].kind != IR_STEP_SOURCE)
			continue;
		if (!any)
			text_add(text,
				 "\n/* Source, planes; of each: offset and "
				 "pitch on the device, bytes of a row, rows. "
				 "*/\n"
				 "static const struct graph_upload uploads[] = "
				 "{\n");
		any = true;
		text_add(text, "\t[%u] = ", i);
		add_upload(ir, text, &ir->nodes[ir->steps[i].nodes[0]]);
	}
	if (any)
		text_add(text, "};\n");
}

static void plans_add_step(struct text *text, const struct ir *ir, uint32_t i)
{
	const struct ir_step *step = &ir->steps[i];
	bool cuda = ir->backend == GRAPH_BACKEND_CUDA;

	text_add(text, "\t{\"%s\", GRAPH_STEP_%s, %u, ", step->name,
		 kinds[step->kind], step->band);
	if (step->backend == GRAPH_BACKEND_CPU)
		text_add(text, "%sstep_%u, ", cuda ? "cuda_" : "", i);
	else
		text_add(text, "NULL, ");
	if (step->kernel)
		text_add(text, "&kernels[%u], NULL, NULL},\n", i);
	else if (step->kind == IR_STEP_SOURCE)
		text_add(text, "NULL, NULL, &uploads[%u]},\n", i);
	else if (ir_is_transfer(step))
		text_add(text, "NULL, &transfers[%u], NULL},\n", i);
	else
		text_add(text, "NULL, NULL, NULL},\n");
}

static void add_steps(const struct ir *ir, struct text *text)
{
	uint32_t i;

	text_add(text, "\nstatic const struct graph_step %s_steps[] = {\n",
		 ir->backend == GRAPH_BACKEND_CUDA ? "cuda" : "cpu");
	for (i = 0; i < ir->step_count; i++)
		plans_add_step(text, ir, i);
	text_add(text, "};\n");
}

static void add_sink_from(const struct ir *ir, struct text *text)
{
	const struct ir_node *sink;
	uint32_t i;

	text_add(text, "\nstatic const enum graph_backend cuda_sink_from[] = "
		       "{\n");
	for (i = 0; i < ir->sink_count; i++) {
		sink = &ir->nodes[ir->sinks[i]];
		text_add(text, "\tGRAPH_BACKEND_%s, /* %s */\n",
			 ir->nodes[sink->from[0]].backend ==
					 GRAPH_BACKEND_CUDA
				 ? "CUDA"
				 : "CPU",
			 sink->name);
	}
	text_add(text, "};\n");
}

void emit_plans(const struct ir *ir, struct text *text)
{
	const struct ir *cuda = ir->cuda;

	add_steps(ir, text);
	if (cuda) {
		plans_add_kernels(cuda, text);
		plans_add_transfers(cuda, text);
		add_uploads(cuda, text);
		add_steps(cuda, text);
		add_sink_from(cuda, text);
	}
	text_add(text,
		 "\nstatic const struct graph_plan plans[] = {\n"
		 "\t{GRAPH_BACKEND_CPU, %u, cpu_steps, NULL, 0, 0},\n",
		 ir->step_count);
	if (cuda)
		text_add(text,
			 "\t{GRAPH_BACKEND_CUDA, %u, cuda_steps, "
			 "cuda_sink_from, %llu, %llu},\n",
			 cuda->step_count,
			 (unsigned long long)cuda->pool_bytes[DOMAIN_DEVICE],
			 (unsigned long long)cuda->pool_bytes[DOMAIN_PINNED]);
	text_add(text, "};\n");
}

/*
 * tools/graphc/emit_cuda.c: NAME.cu, a kernel for each step on the device; see
 * emit.h, and graph/kernel.cuh for what they call.
 *
 * Names in a kernel end in _uniform, _params, _image, _picture, _matrix or _run, so that
 * none meets a TYPE_pixel, TYPE_touches or TYPE_tile.
 */
#include <stdio.h>

#include "tools/graphc/emit.h"

static bool on_device(const struct ir_node *node)
{
	return node->binding->header && node->backend == GRAPH_BACKEND_CUDA;
}

/* The first node on the device of its type, to do things once a type. */
static bool is_first(const struct ir *ir, uint32_t position)
{
	const struct ir_node *node = &ir->nodes[ir->order[position]];
	uint32_t i;

	for (i = 0; i < position; i++)
		if (ir->nodes[ir->order[i]].binding == node->binding)
			return false;
	return on_device(node);
}

static void cuda_add_includes(const struct ir *ir, struct text *text)
{
	const struct binding *binding;
	uint32_t i;

	text_add(text, "#include \"graph/kernel.cuh\"\n\n");
	emit_faces(ir, text);
	emit_baked(ir, text);
	for (i = 0; i < ir->node_count; i++) {
		binding = ir->nodes[ir->order[i]].binding;
		if (!is_first(ir, i))
			continue;
		text_add(text, "#include \"%s\"\n", binding->header);
		if (binding->source)
			text_add(text, "#include \"%s\"\n", binding->source);
	}
}

/* Pointers to what the block holds of the host pool. */
static void cuda_add_copies(const struct ir *ir, struct text *text,
		       const struct ir_kernel *kernel)
{
	const struct ir_copy *copy;
	const struct ir_node *node;
	const char *what;
	uint32_t i;

	for (i = 0; i < kernel->copy_count; i++) {
		copy = &kernel->copies[i];
		node = &ir->nodes[copy->node];
		what = copy->params ? "params" : "uniform";
		if (node->source != IR_NONE) {
			text_add(text,
				 "\tconst struct ycbcr *%s_matrix =\n"
				 "\t\t(const struct ycbcr *)(block + %u);\n",
				 node->c_name, copy->block_offset);
			continue;
		}
		text_add(text,
			 "\tconst struct %s_%s *%s_%s =\n"
			 "\t\t(const struct %s_%s *)(block + %u);\n",
			 node->type, what, node->c_name, what, node->type, what,
			 copy->block_offset);
	}
}

static void add_frame_image(const struct ir *ir, struct text *text,
			    uint32_t index)
{
	const struct ir_node *node = &ir->nodes[index];

	text_add(text,
		 "\tconst struct image %s_image =\n"
		 "\t\tgraph_image_at(graph_pool(block) + %llu, %u, %u, %u);\n",
		 node->c_name, (unsigned long long)node->offset[DOMAIN_DEVICE],
		 ir->pitch, ir->width, ir->height);
}

/* A source, where its upload puts it. */
static void cuda_add_picture(struct text *text, const struct ir_node *node)
{
	uint32_t i, planes = graph_format_row(node->format)->planes;
	uint64_t offset = node->picture;
	struct picture picture;

	graph_picture(&picture, node->format, node->width, node->height, NULL);
	text_add(text, "\tconst struct picture %s_picture = {\n\t\t{",
		 node->c_name);
	for (i = 0; i < planes; i++) {
		text_add(text, "%sgraph_pool(block) + %llu", i ? ", " : "",
			 (unsigned long long)offset);
		offset += picture.pitch[i] *
			  graph_plane_rows(node->format, i, node->height);
	}
	for (i = 0; i < planes; i++)
		text_add(text, "%s%zu", i ? ", " : "}, {", picture.pitch[i]);
	text_add(text, "}, %u, %u, ", node->width, node->height);
	if (node->head_bytes)
		text_add(text, "*%s_matrix", node->c_name);
	else
		text_add(text, "{}");
	text_add(text, ", GRAPH_FORMAT_%s, PICTURE_%s};\n",
		 graph_format_name(node->format), emit_chroma(node));
}

static void add_sink_images(const struct ir *ir, struct text *text,
			    const struct ir_kernel *kernel)
{
	uint32_t i;

	for (i = 0; i < kernel->sink_count; i++)
		text_add(text,
			 "\tconst struct image %s_image =\n"
			 "\t\tgraph_sink(block, %u, %u, %u);\n",
			 ir->nodes[ir->sinks[kernel->sinks[i]]].c_name, i,
			 ir->width, ir->height);
}

/* Does a sample node of the step read this frame buffer? */
static bool is_sampled(const struct ir *ir, const struct ir_step *step,
		       uint32_t index)
{
	const struct ir_node *node;
	uint32_t i, j;

	for (i = 0; i < step->node_count; i++) {
		node = &ir->nodes[step->nodes[i]];
		for (j = 0; j < node->input_count; j++)
			if (node->from[j] == index && ir_samples(node))
				return true;
	}
	return false;
}

/* All images that a step reads or writes. */
static void cuda_add_images(const struct ir *ir, struct text *text,
		       const struct ir_step *step)
{
	uint32_t i;

	for (i = 0; i < step->input_count; i++)
		add_frame_image(ir, text, step->inputs[i]);
	for (i = 0; i < step->source_count; i++)
		cuda_add_picture(text, &ir->nodes[step->sources[i]]);
	for (i = 0; i < step->input_count; i++)
		if (is_sampled(ir, step, step->inputs[i]))
			text_add(text,
				 "\tconst struct picture %s_picture = "
				 "picture_of(&%s_image);\n",
				 ir->nodes[step->inputs[i]].c_name,
				 ir->nodes[step->inputs[i]].c_name);
	for (i = 0; i < step->node_count && step->kind != IR_STEP_COPY; i++)
		if (ir->nodes[step->nodes[i]].buffered || step->buffers)
			add_frame_image(ir, text, step->nodes[i]);
	add_sink_images(ir, text, step->kernel);
}

/* TYPE_what(NODE_uniform, column, y */
static void add_call(struct text *text, const struct ir_node *node,
		     const char *what, const char *column)
{
	text_add(text, "%s_%s(", node->type, what);
	if (node->head_bytes)
		text_add(text, "%s_uniform", node->c_name);
	else
		text_add(text, "(const struct %s_uniform *)NULL", node->type);
	text_add(text, ", %s, y", column);
}

/* What the run is where the node does not touch it, and the question whether
 * it does. */
static void add_untouched(const struct ir *ir, struct text *text,
			  const struct ir_node *node)
{
	if (node->input_count) {
		text_add(text, " = %s_run;\n",
			 ir->nodes[node->from[0]].c_name);
	} else {
		text_add(text, " =\n\t\tgraph_repeat(");
		add_call(text, node, "pixel", "x");
		text_add(text, "));\n");
	}
	text_add(text, "\tif (");
	add_call(text, node, "touches", "x");
	text_add(text, ")) {\n\t\t");
}

/* What a call of foo_pixel or foo_run is given of the inputs. `pixel`: of those
 * of kind pixel. */
static void add_inputs(const struct ir *ir, struct text *text,
		       const struct ir_node *node, const char *pixel)
{
	uint32_t i;

	for (i = 0; i < node->input_count; i++)
		if (ir_samples(node))
			text_add(text, ", &%s_picture",
				 ir->nodes[node->from[i]].c_name);
		else
			text_add(text, ", %s_run.%s",
				 ir->nodes[node->from[i]].c_name, pixel);
	for (; i < node->binding->input_count; i++)
		text_add(text, ", NULL");
}

/* The call of a node that draws the run itself. */
static void add_whole_run(const struct ir *ir, struct text *text,
			  const struct ir_node *node)
{
	add_call(text, node, "run", "x");
	add_inputs(ir, text, node, "pixel");
	text_add(text, ", %s_run.pixel);\n", node->c_name);
}

/* The calls of one that does not. */
static void add_each_pixel(const struct ir *ir, struct text *text,
			   const struct ir_node *node)
{
	const char *in = node->binding->touches ? "\t" : "";
	char column[48];

	text_add(text, "GRAPH_EACH_PIXEL(i)\n%s\t\t%s_run.pixel[i] = ", in,
		 node->c_name);
	if (ir->width % NODE_RUN)
		snprintf(column, sizeof(column), "graph_inside(x + i, %u)",
			 ir->width);
	else
		snprintf(column, sizeof(column), "x + i");
	add_call(text, node, "pixel", column);
	add_inputs(ir, text, node, "pixel[i]");
	text_add(text, ");\n");
}

/* One node's pixels of the run. Node by node, not pixel by pixel: what does not
 * depend on x is then decided once. */
static void cuda_add_node(const struct ir *ir, struct text *text,
		     const struct ir_node *node)
{
	text_add(text, "\tstruct graph_run %s_run", node->c_name);
	if (node->binding->touches)
		add_untouched(ir, text, node);
	else
		text_add(text, ";\n\t");
	if (node->binding->run)
		add_whole_run(ir, text, node);
	else
		add_each_pixel(ir, text, node);
	if (node->binding->touches)
		text_add(text, "\t}\n");
}

static void add_store(const struct ir *ir, struct text *text, const char *to,
		      const char *run)
{
	text_add(text, "\tgraph_store(%s_image, %u, x, y, %s_run);\n", to,
		 ir->width, run);
}

static void cuda_add_stores(const struct ir *ir, struct text *text,
		       const struct ir_step *step)
{
	const struct ir_node *user, *node;
	uint32_t i, j;

	for (i = 0; i < step->node_count; i++) {
		node = &ir->nodes[step->nodes[i]];
		if (step->buffers ||
		    (node->buffered && step->kind != IR_STEP_COPY))
			add_store(ir, text, node->c_name, node->c_name);
		for (j = 0; j < node->user_count; j++) {
			user = &ir->nodes[node->users[j]];
			if (user->sink != IR_NONE)
				add_store(ir, text, user->c_name, node->c_name);
		}
	}
}

/* A fused group, a copy or a load. */
static void add_runs(const struct ir *ir, struct text *text,
		     const struct ir_step *step)
{
	const struct ir_node *input;
	uint32_t i;

	text_add(text,
		 "\tconst int32_t x = graph_run_x(), y = graph_run_y();\n\n");
	if (ir->width % (step->kernel->threads_x * NODE_RUN) ||
	    ir->height % step->kernel->threads_y)
		text_add(text, "\tif (x >= %u || y >= %u)\n\t\treturn;\n",
			 ir->width, ir->height);
	for (i = 0; i < step->input_count; i++) {
		input = &ir->nodes[step->inputs[i]];
		if (!ir_reads_rows(ir, step, step->inputs[i]))
			continue;
		text_add(text,
			 "\tconst struct graph_run %s_run =\n"
			 "\t\tgraph_load(%s_image, x, y);\n",
			 input->c_name, input->c_name);
	}
	for (i = 0; i < step->source_count; i++) {
		input = &ir->nodes[step->sources[i]];
		if (!ir_reads_rows(ir, step, step->sources[i]))
			continue;
		text_add(text,
			 "\tconst struct graph_run %s_run =\n"
			 "\t\tgraph_load_source(%s_picture, x, y);\n",
			 input->c_name, input->c_name);
	}
	for (i = 0; i < step->node_count && step->kind == IR_STEP_FUSED; i++)
		cuda_add_node(ir, text, &ir->nodes[step->nodes[i]]);
	cuda_add_stores(ir, text, step);
}

/* The tile that this thread block draws of a frame node. */
static void add_tile(const struct ir *ir, struct text *text,
		     const struct ir_step *step)
{
	const struct ir_node *node = &ir->nodes[step->nodes[0]];
	uint32_t i, inputs = node->input_count;
	const struct ir_node *to = node;

	if (!node->buffered)
		to = &ir->nodes[ir->sinks[step->kernel->sinks[0]]];
	for (i = 0; i < inputs; i++)
		text_add(text, "%s%s_image",
			 i ? ", " : "\tconst struct image in[] = {",
			 ir->nodes[node->from[i]].c_name);
	text_add(text, "%s\n\t%s_tile(", inputs ? "};\n" : "", node->type);
	if (node->binding->params_bytes)
		text_add(text, "%s_params, ", node->c_name);
	else
		text_add(text, "(const struct %s_params *)NULL, ", node->type);
	if (node->head_bytes)
		text_add(text, "%s_uniform, ", node->c_name);
	else
		text_add(text, "(const struct %s_uniform *)NULL, ", node->type);
	text_add(text,
		 "%s, &%s_image,\n\t\t(int32_t)blockIdx.x * %u, "
		 "(int32_t)blockIdx.y * %u);\n",
		 inputs ? "in" : "NULL", to->c_name, node->binding->tile[0],
		 node->binding->tile[1]);
}

static void add_kernel(const struct ir *ir, struct text *text, uint32_t index)
{
	const struct ir_step *step = &ir->steps[index];
	const struct ir_kernel *kernel = step->kernel;

	text_add(text, "\n/* %s", step->name);
	emit_sinks_of(ir, text, step, " -> ");
	text_add(text,
		 " */\nextern \"C\" __global__ void __launch_bounds__(%u)\n",
		 kernel->threads_x * kernel->threads_y);
	if (kernel->block_bytes <= GRAPH_BLOCK_VALUE_MAX)
		text_add(text,
			 "step_%u(const GRAPH_IN_PLACE graph_block<%u> value)\n"
			 "{\n\tconst unsigned char *block = value.bytes;\n",
			 index, kernel->block_bytes);
	else
		text_add(text,
			 "step_%u(const unsigned char *__restrict__ block)\n"
			 "{\n",
			 index);
	cuda_add_copies(ir, text, kernel);
	cuda_add_images(ir, text, step);
	if (step->kind == IR_STEP_FRAME)
		add_tile(ir, text, step);
	else
		add_runs(ir, text, step);
	text_add(text, "}\n");
}

void emit_cuda(const struct ir *ir, struct text *text)
{
	const struct ir *cuda = ir->cuda;
	uint32_t i;

	emit_head(ir, text, "cu");
	if (!cuda) {
		text_add(text, "/* No step of this graph runs on a GPU. */\n");
		return;
	}
	cuda_add_includes(cuda, text);
	for (i = 0; i < cuda->step_count; i++)
		if (cuda->steps[i].kernel)
			add_kernel(cuda, text, i);
}

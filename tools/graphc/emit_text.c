/* tools/graphc/emit_text.c: NAME.txt, for people; see emit.h. */
#include "tools/graphc/emit.h"

static const char *const kinds[] = {
	[IR_STEP_FUSED] = "fused",	 [IR_STEP_FRAME] = "frame",
	[IR_STEP_COPY] = "copy",	 [IR_STEP_UPLOAD] = "upload",
	[IR_STEP_DOWNLOAD] = "download", [IR_STEP_LOAD] = "load",
	[IR_STEP_SOURCE] = "upload",
};

static const char *const backends[] = {
	[GRAPH_BACKEND_CPU] = "cpu",
	[GRAPH_BACKEND_CUDA] = "cuda",
};

static void add_schedule(const struct ir *ir, struct text *text)
{
	const struct ir_step *step;
	uint32_t i;

	text_add(text,
		 "schedule, %s plan (rows of a band, for several threads; bytes "
		 "of whole frames, a tick)\n"
		 "  step  on    kind      band         read     written  work"
		 "\n",
		 backends[ir->backend]);
	for (i = 0; i < ir->step_count; i++) {
		step = &ir->steps[i];
		text_add(text, "  %4u  %-4s  %-8s  ", i,
			 backends[step->backend], kinds[step->kind]);
		if (step->band && 2 * step->band <= ir->height)
			text_add(text, "%4u", step->band);
		else
			text_add(text, "   -");
		text_add(text, "  %11llu %11llu  %s",
			 (unsigned long long)step->bytes_read,
			 (unsigned long long)step->bytes_written, step->name);
		emit_sinks_of(ir, text, step, " -> ");
		text_add(text, "\n");
	}
}

static void report_add_kernels(const struct ir *ir, struct text *text)
{
	const struct ir_kernel *kernel;
	uint32_t i;

	text_add(text, "\nkernels, one a step on cuda (the block: what changes "
		       "from tick to tick)\n"
		       "  step       grid  threads   block  passed\n");
	for (i = 0; i < ir->step_count; i++) {
		kernel = ir->steps[i].kernel;
		if (kernel)
			text_add(text, "  %4u  %4ux%-4u  %3ux%-3u  %6u  %s\n",
				 i, kernel->blocks_x, kernel->blocks_y,
				 kernel->threads_x, kernel->threads_y,
				 kernel->block_bytes,
				 kernel->block_bytes <= GRAPH_BLOCK_VALUE_MAX
					 ? "by value"
					 : "copied first");
	}
}

static void add_nodes(const struct ir *ir, struct text *text)
{
	const struct ir_node *node;
	uint32_t i;

	text_add(text,
		 "\nnodes, %s plan, in schedule order\n"
		 "  step  on    kind   node: type\n",
		 backends[ir->backend]);
	for (i = 0; i < ir->work_count; i++) {
		node = &ir->nodes[ir->order[i]];
		text_add(text, "  %4u  %-4s  %-5s  %s: %s\n", node->step,
			 backends[node->backend],
			 binding_kind_name(node->binding->kind), node->name,
			 node->type);
	}
	for (i = 0; i < ir->source_count; i++) {
		node = &ir->nodes[ir->sources[i]];
		text_add(text, "     -  host  source %s: %s %ux%u\n",
			 node->name, graph_format_name(node->format),
			 node->width, node->height);
	}
	for (i = 0; i < ir->sink_count; i++) {
		node = &ir->nodes[ir->sinks[i]];
		text_add(text, "     -  %-4s  sink   %s: %s\n",
			 backends[ir->nodes[node->from[0]].backend],
			 node->name, node->type);
	}
}

static void add_map(const struct ir *ir, struct text *text, enum domain domain)
{
	const struct ir_object *object;
	uint32_t i;

	if (!ir->pool_bytes[domain])
		return;
	text_add(text,
		 "\n%s pool, %s plan (lives: steps in which it holds data)\n"
		 "       offset       bytes  lives   what\n",
		 domain_names[domain], backends[ir->backend]);
	for (i = 0; i < ir->object_count; i++) {
		object = &ir->objects[i];
		if (object->domain != domain)
			continue;
		text_add(text, "  %11llu %11llu  ",
			 (unsigned long long)object->offset,
			 (unsigned long long)object->bytes);
		if (object->always)
			text_add(text, "always ");
		else
			text_add(text, "%u-%-5u", object->first, object->last);
		text_add(text, " %s%s\n", object->what, object->of);
	}
	text_add(text, "  %11llu              end\n",
		 (unsigned long long)ir->pool_bytes[domain]);
}

/* Bytes a second at the graph's rate, rounded up. */
static unsigned long long a_second(const struct ir *ir, uint64_t bytes)
{
	return (bytes * ir->rate_num + ir->rate_den - 1) / ir->rate_den;
}

/* What goes between the memories, and that nothing of it is free. */
static void report_add_transfers(const struct ir *ir, struct text *text)
{
	uint64_t down = 0, up = 0, sources = 0;
	uint32_t i, count = 0;

	for (i = 0; i < ir->step_count; i++) {
		if (ir->steps[i].kind == IR_STEP_SOURCE)
			sources += ir->steps[i].bytes_read;
		else
			count += ir_is_transfer(&ir->steps[i]);
		if (ir->steps[i].kind == IR_STEP_DOWNLOAD)
			down += ir->steps[i].bytes_read;
		if (ir->steps[i].kind == IR_STEP_UPLOAD)
			up += ir->steps[i].bytes_read;
	}
	if (sources)
		text_add(text,
			 "  sources        cuda plan: %llu bytes up a tick, "
			 "%llu a second\n",
			 (unsigned long long)sources, a_second(ir, sources));
	if (!count) {
		text_add(text, "  transfers      cuda plan: none\n");
		return;
	}
	text_add(text,
		 "  transfers      cuda plan: %u a tick, %llu bytes down, "
		 "%llu up;\n"
		 "                 %llu and %llu bytes a second at this rate.\n"
		 "                 A step on the CPU waits for what is "
		 "downloaded before it, and\n"
		 "                 the device for what is uploaded after it: "
		 "within a tick these\n"
		 "                 times add up. With the nodes above that are "
		 "on cpu written for\n"
		 "                 CUDA there would be none.\n",
		 count, (unsigned long long)down, (unsigned long long)up,
		 a_second(ir, down), a_second(ir, up));
}

static void add_moved(const struct ir *ir, struct text *text)
{
	uint64_t read = 0, written = 0, blocks = 0;
	uint32_t i;

	for (i = 0; i < ir->step_count; i++) {
		read += ir->steps[i].bytes_read;
		written += ir->steps[i].bytes_written;
		if (ir->steps[i].kernel)
			blocks += ir->steps[i].kernel->block_bytes;
	}
	text_add(text,
		 "  moved a tick   %s plan: %llu bytes read, %llu written",
		 backends[ir->backend], (unsigned long long)read,
		 (unsigned long long)written);
	if (ir->backend == GRAPH_BACKEND_CUDA)
		text_add(text, "; blocks %llu", (unsigned long long)blocks);
	text_add(text, "\n");
}

static void report_add_pool(const struct ir *ir, struct text *text, enum domain domain,
		     uint64_t bytes)
{
	text_add(text,
		 "  %-6s pool    %llu bytes of %llu that board %s gives\n",
		 domain_names[domain], (unsigned long long)bytes,
		 (unsigned long long)ir->board->bytes[domain], ir->board->name);
}

static void add_totals(const struct ir *ir, struct text *text)
{
	uint64_t bytes = emit_pool_bytes(ir);

	text_add(text, "\nworst case\n");
	report_add_pool(ir, text, DOMAIN_HOST, bytes);
	text_add(text, "  each thread    %llu bytes of it; more draw, more are "
		       "needed\n",
		 (unsigned long long)(bytes - emit_scratch_offset(ir)));
	if (ir->cuda) {
		report_add_pool(ir, text, DOMAIN_PINNED,
			 ir->cuda->pool_bytes[DOMAIN_PINNED]);
		report_add_pool(ir, text, DOMAIN_DEVICE,
			 ir->cuda->pool_bytes[DOMAIN_DEVICE]);
	}
	text_add(text,
		 "  slots          %u x %llu bytes a frame, in the displays' "
		 "own memory\n",
		 ir->sink_count,
		 (unsigned long long)ir->width * ir->height * 4);
	if (ir->cuda)
		report_add_transfers(ir->cuda, text);
	else
		text_add(text, "  transfers      none: every node is on the "
			       "cpu\n");
	add_moved(ir, text);
	if (ir->cuda)
		add_moved(ir->cuda, text);
}

static void add_plan(const struct ir *ir, struct text *text)
{
	uint32_t domain;

	add_schedule(ir, text);
	add_nodes(ir, text);
	if (ir->backend == GRAPH_BACKEND_CUDA)
		report_add_kernels(ir, text);
	for (domain = 0; domain < DOMAIN_COUNT; domain++)
		add_map(ir, text, (enum domain)domain);
}

void emit_report(const struct ir *ir, struct text *text)
{
	text_add(text,
		 "%s: generated by graphc from %s for board %s%s\n"
		 "%ux%u XRGB8888, ",
		 ir->name, ir->file, ir->board->name,
		 ir->fuse ? "" : ", not fused", ir->width, ir->height);
	if (ir->rate_den == 1)
		text_add(text, "%u ticks a second", ir->rate_num);
	else
		text_add(text, "%u/%u ticks a second", ir->rate_num,
			 ir->rate_den);
	text_add(text, ir->pipeline ? ", shown a tick later\n\n" : "\n\n");
	add_plan(ir, text);
	if (ir->cuda) {
		text_add(text, "\n");
		add_plan(ir->cuda, text);
	}
	add_totals(ir, text);
}

/*
 * tools/graphc/emit_steps.c: the functions in NAME.c, one for each step on the
 * CPU, of each plan; see emit.h. tick() is in emit_tick.c.
 *
 * Names in the generated functions end in _row, _params or _uniform and those of
 * node types' functions in _tick, _pixel, _span, _frame or _band: they cannot
 * meet. Nor
 * can a node's name alone, which may be a macro's, such as INT32_MAX.
 */
#include "tools/graphc/emit.h"

/* Where a node's frame buffer is for the CPU's steps. */
static void add_frame_address(const struct ir *ir, struct text *text,
			      const struct ir_node *node)
{
	enum domain domain =
		node->in[DOMAIN_PINNED] ? DOMAIN_PINNED : DOMAIN_HOST;

	text_add(text, "work->%s + %s_%sFRAME_%s",
		 domain == DOMAIN_PINNED ? "pinned" : "pool", ir->c_upper,
		 emit_domain(ir, domain), node->c_upper);
}

/* The row that holds a node's output, or a source's while the step runs. */
static const struct ir_row *row_of(const struct ir *ir,
				   const struct ir_step *step, uint32_t index)
{
	uint32_t i;

	for (i = 0; i < step->source_count; i++)
		if (step->sources[i] == index)
			return &step->source_row[i];
	return &ir->nodes[index].row;
}

/* The name of the pointer to it. */
static void add_row_name(const struct ir *ir, struct text *text,
			 const struct ir_row *row)
{
	if (row->kind == IR_ROW_FRAME)
		text_add(text, "%s_row", ir->nodes[row->index].c_name);
	else if (row->kind == IR_ROW_TARGET)
		text_add(text, "%s_row",
			 ir->nodes[ir->sinks[row->index]].c_name);
	else
		text_add(text, "row%u", row->scratch);
}

static void add_frame_row(const struct ir *ir, struct text *text,
			  const struct ir_node *node, bool read)
{
	text_add(text, "\t\t%suint32_t *%s_row = (%svoid *)(",
		 read ? "const " : "", node->c_name, read ? "const " : "");
	add_frame_address(ir, text, node);
	text_add(text, " + (size_t)y * %u);\n", ir->pitch);
}

static bool feeds(const struct ir *ir, uint32_t index, uint32_t sink)
{
	const struct ir_node *node = &ir->nodes[index];
	uint32_t i;

	for (i = 0; i < node->user_count; i++)
		if (ir->nodes[node->users[i]].sink == sink)
			return true;
	return false;
}

static void add_target_row(const struct ir *ir, struct text *text,
			   const struct ir_row *row)
{
	text_add(text,
		 "\t\tuint32_t *%s_row = graph_row_begin("
		 "&work->target[%u], y, band->scratch + %s_%sROW_%u);\n",
		 ir->nodes[ir->sinks[row->index]].c_name, row->index,
		 ir->c_upper, emit_domain(ir, DOMAIN_SCRATCH), row->scratch);
}

static void add_scratch_row(const struct ir *ir, struct text *text,
			    const struct ir_row *row, bool declared[])
{
	if (row->kind != IR_ROW_SCRATCH || declared[row->scratch])
		return;
	declared[row->scratch] = true;
	text_add(text,
		 "\t\tuint32_t *row%u = (void *)(band->scratch + "
		 "%s_%sROW_%u);\n",
		 row->scratch, ir->c_upper, emit_domain(ir, DOMAIN_SCRATCH),
		 row->scratch);
}

/* The row pointers of a fused step: inputs, frame buffers, slots, scratches. */
static void add_rows(const struct ir *ir, struct text *text,
		     const struct ir_step *step)
{
	const struct ir_node *node;
	bool declared[LIMIT_NODES] = {false};
	uint32_t i;

	for (i = 0; i < step->input_count; i++)
		if (ir_reads_rows(ir, step, step->inputs[i]))
			add_frame_row(ir, text, &ir->nodes[step->inputs[i]],
				      true);
	for (i = 0; i < step->source_count; i++)
		if (ir_reads_rows(ir, step, step->sources[i]))
			add_scratch_row(ir, text, &step->source_row[i],
					declared);
	for (i = 0; i < step->node_count; i++) {
		node = &ir->nodes[step->nodes[i]];
		if (node->buffered)
			add_frame_row(ir, text, node, false);
		else if (node->row.kind == IR_ROW_TARGET &&
			 feeds(ir, step->nodes[i], node->row.index))
			add_target_row(ir, text, &node->row);
		else
			add_scratch_row(ir, text, &node->row, declared);
	}
}

/* The same for a load, which has one row. */
static void add_load_row(const struct ir *ir, struct text *text,
			 const struct ir_step *step)
{
	if (step->buffers)
		add_frame_row(ir, text, &ir->nodes[step->nodes[0]], false);
	else
		add_target_row(ir, text, &step->source_row[0]);
}

static void add_loads(const struct ir *ir, struct text *text,
		      const struct ir_step *step)
{
	const struct ir_node *source;
	uint32_t i;

	for (i = 0; i < step->source_count; i++) {
		source = &ir->nodes[step->sources[i]];
		if (!ir_reads_rows(ir, step, step->sources[i]))
			continue;
		text_add(text,
			 "\t\t%s_row%s(GRAPH_FORMAT_%s, "
			 "&work->source[%u], y, 0, %u, ",
			 source->chroma == PICTURE_BILINEAR ? "chroma"
							    : "graph",
			 source->chroma == PICTURE_BILINEAR ? "" : "_load",
			 graph_format_name(source->format), source->source,
			 source->width);
		add_row_name(ir, text, &step->source_row[i]);
		text_add(text, "); /* %s */\n", source->name);
	}
}

static void add_uniform_name(struct text *text, const struct ir_node *node)
{
	if (node->uniform_bytes)
		text_add(text, "%s_uniform", node->c_name);
	else
		text_add(text, "NULL");
}

static void add_span(const struct ir *ir, struct text *text,
		     const struct ir_step *step, uint32_t index)
{
	const struct ir_node *node = &ir->nodes[index];
	uint32_t i;

	text_add(text, "\t\t%s_span(", node->type);
	add_uniform_name(text, node);
	text_add(text, ", (int32_t)y, 0, %u, ", ir->width);
	if (!node->input_count)
		text_add(text, "NULL");
	else
		text_add(text, ir_samples(node)
				       ? "(struct window *const[]){"
				       : "(const uint32_t *const[]){");
	for (i = 0; i < node->input_count; i++) {
		text_add(text, i ? ", " : "");
		if (ir_samples(node)) {
			text_add(text, "&%s_window%u", node->c_name, i);
			continue;
		}
		add_row_name(ir, text, row_of(ir, step, node->from[i]));
	}
	for (; i < node->binding->input_count; i++)
		text_add(text, ", NULL");
	text_add(text, node->input_count ? "}, " : ", ");
	add_row_name(ir, text, &node->row);
	text_add(text, ");\n");
}

/* True when nothing before this node of the step writes into its row. */
static bool is_first_in_row(const struct ir *ir, const struct ir_step *step,
			    uint32_t index)
{
	const struct ir_row *row = &ir->nodes[index].row;
	const struct ir_row *other;
	uint32_t i;

	for (i = 0; step->nodes[i] != index; i++) {
		other = &ir->nodes[step->nodes[i]].row;
		if (other->kind == row->kind && other->index == row->index)
			return false;
	}
	return true;
}

/* The fast form. A generator that fills whole rows does so a band ahead, where the
 * slot may be drawn in before its turn: this is cheaper than a row at a time.
 */
static void add_fast(const struct ir *ir, struct text *text,
		     const struct ir_step *step, uint32_t index)
{
	const struct ir_node *node = &ir->nodes[index];
	bool ahead = node->binding->rows && node->row.kind == IR_ROW_TARGET &&
		     is_first_in_row(ir, step, index);

	if (ahead) {
		text_add(text,
			 "\t\tif (!work->target[%u].slow_read) {\n"
			 "\t\t\tif (y %% GRAPH_BAND == 0)\n"
			 "\t\t\t\t%s_rows(",
			 node->row.index, node->type);
		add_uniform_name(text, node);
		text_add(text,
			 ", (int32_t)y, graph_band_end(y, %u), "
			 "&work->target[%u].slot);\n\t\t} else {\n\t",
			 ir->height, node->row.index);
	}
	add_span(ir, text, step, index);
	if (ahead)
		text_add(text, "\t\t}\n");
}

static void add_pixels(const struct ir *ir, struct text *text,
		       const struct ir_step *step, uint32_t index)
{
	const struct ir_node *node = &ir->nodes[index];
	uint32_t i;

	text_add(text, "\t\tfor (int32_t x = 0; x < %u; x++)\n\t\t\t",
		 ir->width);
	add_row_name(ir, text, &node->row);
	text_add(text, "[x] = %s_pixel(", node->type);
	add_uniform_name(text, node);
	text_add(text, ", x, (int32_t)y");
	for (i = 0; i < node->input_count; i++) {
		text_add(text, ", ");
		if (ir_samples(node)) {
			text_add(text, "&%s_picture%u", node->c_name, i);
			continue;
		}
		add_row_name(ir, text, row_of(ir, step, node->from[i]));
		text_add(text, "[x]");
	}
	for (; i < node->binding->input_count; i++)
		text_add(text, ", NULL");
	text_add(text, ");\n");
}

/* Stores a finished row in the slots of all sinks that the node feeds. */
static void steps_add_stores(const struct ir *ir, struct text *text,
		       const struct ir_step *step, uint32_t index)
{
	const struct ir_node *node = &ir->nodes[index];
	const struct ir_row *row = row_of(ir, step, index);
	uint32_t i, sink;

	for (i = 0; i < node->user_count; i++) {
		sink = ir->nodes[node->users[i]].sink;
		if (sink == IR_NONE)
			continue;
		text_add(text, "\t\tgraph_row_%s(&work->target[%u], y, ",
			 row->kind == IR_ROW_TARGET && row->index == sink
				 ? "end"
				 : "copy",
			 sink);
		add_row_name(ir, text, row);
		text_add(text, ");\n");
	}
}

static void add_uniforms(const struct ir *ir, struct text *text,
			 const struct ir_step *step)
{
	const struct ir_node *node;
	uint32_t i;

	for (i = 0; i < step->node_count; i++) {
		node = &ir->nodes[step->nodes[i]];
		if (node->uniform_bytes)
			text_add(text,
				 "\tconst struct %s_uniform *%s_uniform = "
				 "(const void *)(work->pool + "
				 "%s_POOL_UNIFORM_%s);\n",
				 node->type, node->c_name, ir->c_upper,
				 node->c_upper);
	}
}

static void add_image(const struct ir *ir, struct text *text,
		      const struct ir_node *node)
{
	text_add(text, "{");
	add_frame_address(ir, text, node);
	text_add(text, ", %u, %u, %u}", ir->pitch, ir->width, ir->height);
}

static void add_window_row(const struct ir *ir, struct text *text,
			   const struct ir_node *node, uint64_t offset)
{
	text_add(text, "(void *)(band->scratch + %s_%sWINDOW_%s + %llu), ",
		 ir->c_upper, emit_domain(ir, DOMAIN_SCRATCH), node->c_upper,
		 (unsigned long long)offset);
}

/* An input of a sample node, and for its span the window on it. */
static void steps_add_picture(const struct ir *ir, struct text *text,
			const struct ir_node *node, uint32_t input,
			uint64_t *window)
{
	const struct ir_node *from = &ir->nodes[node->from[input]];
	uint64_t bytes = ir_window_row_bytes(ir, from);
	uint32_t i, rows = ir_window_rows(from);

	text_add(text, "\tstruct picture %s_picture%u = ", node->c_name, input);
	if (from->source != IR_NONE) {
		text_add(text,
			 "work->source[%u]; /* %s */\n"
			 "\t%s_picture%u.format = GRAPH_FORMAT_%s;\n"
			 "\t%s_picture%u.chroma = PICTURE_%s;\n",
			 from->source, from->name, node->c_name, input,
			 graph_format_name(from->format), node->c_name, input,
			 emit_chroma(from));
	} else {
		text_add(text, "picture_of(&(const struct image)");
		add_image(ir, text, from);
		text_add(text, "); /* %s */\n", from->name);
	}
	if (!node->binding->span)
		return;
	text_add(text, "\tstruct window %s_window%u = {&%s_picture%u, {",
		 node->c_name, input, node->c_name, input);
	for (i = 0; i < 2 && rows > 1; i++)
		add_window_row(ir, text, node, *window + i * bytes);
	text_add(text, rows > 1 ? "}, " : "NULL, NULL}, ");
	add_window_row(ir, text, node, *window + (rows - 1) * bytes);
	text_add(text, "{WINDOW_NONE, WINDOW_NONE}, 0};\n");
	*window += rows * bytes;
}

static void add_pictures(const struct ir *ir, struct text *text,
			 const struct ir_step *step)
{
	const struct ir_node *node;
	uint64_t window;
	uint32_t i, j;

	for (i = 0; i < step->node_count; i++) {
		node = &ir->nodes[step->nodes[i]];
		for (j = 0, window = 0;
		     ir_samples(node) && j < node->input_count; j++)
			steps_add_picture(ir, text, node, j, &window);
	}
}

/* A fused group, a copy or a load: row by row. */
static void add_fused(const struct ir *ir, struct text *text,
		      const struct ir_step *step)
{
	bool fused = step->kind == IR_STEP_FUSED;
	uint32_t i;

	if (fused) {
		add_uniforms(ir, text, step);
		add_pictures(ir, text, step);
	}
	text_add(text, "\n\tfor (uint32_t y = band->y0; y < band->y1; y++) {\n");
	if (fused)
		add_rows(ir, text, step);
	else if (step->kind == IR_STEP_LOAD)
		add_load_row(ir, text, step);
	else
		add_frame_row(ir, text, &ir->nodes[step->nodes[0]], true);
	text_add(text, "\n");
	add_loads(ir, text, step);
	for (i = 0; i < step->node_count && fused; i++) {
		if (ir->nodes[step->nodes[i]].binding->span)
			add_fast(ir, text, step, step->nodes[i]);
		else
			add_pixels(ir, text, step, step->nodes[i]);
	}
	for (i = 0; i < step->node_count; i++)
		if (step->kind != IR_STEP_LOAD ||
		    step->backend == ir->nodes[step->nodes[i]].backend)
			steps_add_stores(ir, text, step, step->nodes[i]);
	text_add(text, "\t}\n");
}

static void steps_add_images(const struct ir *ir, struct text *text,
		       const struct ir_node *node)
{
	uint32_t i, inputs = node->input_count;

	if (inputs)
		text_add(text, "\tconst struct image in[] = {\n");
	for (i = 0; i < inputs; i++) {
		text_add(text, "\t\t");
		add_image(ir, text, &ir->nodes[node->from[i]]);
		text_add(text, ",\n");
	}
	if (inputs)
		text_add(text, "\t};\n");
	if (node->buffered) {
		text_add(text, "\tconst struct image out = ");
		add_image(ir, text, node);
		text_add(text, ";\n");
	}
}

/* Where the scratch of a type that draws in bands is, each thread has its own. */
static enum domain scratch_domain(const struct ir_node *node)
{
	return node->binding->bands ? DOMAIN_SCRATCH : DOMAIN_HOST;
}

static void add_frame_call(const struct ir *ir, struct text *text,
			   const struct ir_node *node)
{
	enum domain domain = scratch_domain(node);
	bool bands = node->binding->bands;

	text_add(text, "\n\t%s_%s(", node->type, bands ? "band" : "frame");
	emit_params_argument(text, node);
	text_add(text, ", ");
	emit_object(ir, text, "UNIFORM_", node, node->uniform_bytes);
	text_add(text, ", ");
	if (!bands) {
		emit_object(ir, text, "STATE_", node, node->state_bytes);
		text_add(text, ", ");
	}
	text_add(text, "%s, %s, ", node->input_count ? "in" : "NULL",
		 node->buffered ? "&out" : "out");
	if (bands)
		text_add(text, "(int32_t)band->y0, (int32_t)band->y1, ");
	if (node->scratch_bytes)
		text_add(text, "(void *)(%s + %s_%sSCRATCH_%s));\n",
			 bands ? "band->scratch" : "work->pool", ir->c_upper,
			 emit_domain(ir, domain), node->c_upper);
	else
		text_add(text, "NULL);\n");
}

/* A frame node draws into its buffer, or straight into its one sink. */
static void add_frame(const struct ir *ir, struct text *text,
		      const struct ir_step *step)
{
	const struct ir_node *node = &ir->nodes[step->nodes[0]];
	bool direct = !node->buffered;

	if (node->binding->params_bytes)
		emit_params_pointer(ir, text);
	steps_add_images(ir, text, node);
	if (direct)
		text_add(text,
			 "\tconst struct image *out = "
			 "graph_frame_begin(&work->target[%u]);\n",
			 node->row.index);
	add_frame_call(ir, text, node);
	if (direct)
		text_add(text, "\tgraph_frame_end(&work->target[%u], band);\n",
			 node->row.index);
	else if (!node->binding->bands)
		text_add(text, "\t(void)band;\n");
}

void emit_steps(const struct ir *ir, struct text *text)
{
	const struct ir_step *step;
	uint32_t i;

	for (i = 0; i < ir->step_count; i++) {
		step = &ir->steps[i];
		if (step->backend != GRAPH_BACKEND_CPU)
			continue;
		text_add(text, "\n/* %s", step->name);
		emit_sinks_of(ir, text, step, " -> ");
		text_add(text, " */\nstatic void %sstep_%u(",
			 ir->backend == GRAPH_BACKEND_CUDA ? "cuda_" : "", i);
		text_add(text, "const struct graph_work *work, "
			       "const struct graph_band *band)\n{\n");
		if (step->kind == IR_STEP_FRAME)
			add_frame(ir, text, step);
		else
			add_fused(ir, text, step);
		text_add(text, "}\n");
	}
}

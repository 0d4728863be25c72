/*
 * tools/graphc/offsets.c: allocate's last part: where each object lies.
 *
 * Objects that live all the time come first, one after the other, as
 * allocate.c lists them: so those that all plans share have the same places in
 * each. The others, from the largest to the smallest, each get the lowest place
 * where nothing lies that is alive at the same time.
 */
#include <string.h>

#include "tools/graphc/passes.h"

static uint64_t aligned(uint64_t bytes)
{
	return (bytes + GRAPH_ALIGN - 1) / GRAPH_ALIGN * GRAPH_ALIGN;
}

static int refuse_size(const struct ir *ir, const char *what, const char *of,
		       uint64_t bytes, enum domain domain)
{
	return diag_refuse(ir->diag, ir->size_at, RULE_POOL_SIZE,
			   "%s%s needs %llu bytes of %s memory; board %s "
			   "gives a graph %llu",
			   what, of, (unsigned long long)bytes,
			   domain_names[domain], ir->board->name,
			   (unsigned long long)ir->board->bytes[domain]);
}

static bool collide(const struct ir_object *a, const struct ir_object *b)
{
	return a->always || b->always ||
	       (a->first <= b->last && b->first <= a->last);
}

/* Puts `object` at the lowest free place among the `count` that are placed,
 * which are sorted by offset and stay so. Sizes are below 2^36 each and there
 * are fewer than 2^12: no sum overflows. */
static void place_object(struct ir_object *placed, uint32_t count,
			 struct ir_object object)
{
	uint64_t at = 0;
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (!collide(&placed[i], &object))
			continue;
		if (at + object.bytes <= placed[i].offset)
			break;
		if (placed[i].offset + aligned(placed[i].bytes) > at)
			at = placed[i].offset + aligned(placed[i].bytes);
	}
	object.offset = at;
	for (i = count; i && placed[i - 1].offset > at; i--)
		placed[i] = placed[i - 1];
	placed[i] = object;
}

/* Domain by domain, largest first; objects that always live before all others,
 * as they come. */
static bool goes_before(const struct ir_object *a, const struct ir_object *b)
{
	if (a->domain != b->domain)
		return a->domain < b->domain;
	if (a->always || b->always)
		return a->always && !b->always;
	return a->bytes > b->bytes;
}

static bool lies_before(const struct ir_object *a, const struct ir_object *b)
{
	if (a->domain != b->domain)
		return a->domain < b->domain;
	return a->offset < b->offset;
}

/* Stable. */
static void sort_objects(struct ir *ir,
			 bool (*before)(const struct ir_object *,
					const struct ir_object *))
{
	struct ir_object object;
	uint32_t i, j;

	for (i = 1; i < ir->object_count; i++) {
		object = ir->objects[i];
		for (j = i; j && before(&object, &ir->objects[j - 1]); j--)
			ir->objects[j] = ir->objects[j - 1];
		ir->objects[j] = object;
	}
}

/* Places the `count` objects of one domain. */
static int place_domain(struct ir *ir, struct ir_object *objects,
			uint32_t count)
{
	enum domain domain = objects->domain;
	uint64_t end, *bytes = &ir->pool_bytes[domain];
	uint32_t i;

	for (i = 0; i < count; i++)
		if (objects[i].bytes > ir->board->bytes[domain])
			return refuse_size(ir, objects[i].what, objects[i].of,
					   objects[i].bytes, domain);
	for (i = 0; i < count; i++)
		place_object(objects, i, objects[i]);
	for (i = 0; i < count; i++) {
		end = objects[i].offset + aligned(objects[i].bytes);
		*bytes = end > *bytes ? end : *bytes;
	}
	if (*bytes > ir->board->bytes[domain])
		return refuse_size(ir, "the graph", "", *bytes, domain);
	return 0;
}

/* Frame buffers that were placed side by side become objects of their own, and
 * their nodes learn where they are. */
static void part_frames(struct ir *ir)
{
	uint32_t i, j, count = ir->object_count;
	struct ir_object *part, whole;
	struct ir_node *node;

	for (i = 0; i < count; i++) {
		whole = ir->objects[i];
		for (j = 0; j < whole.node_count; j++) {
			node = &ir->nodes[whole.nodes[j]];
			if (whole.picture) {
				node->picture = whole.offset;
				continue;
			}
			part = &ir->objects[j ? ir->object_count++ : i];
			*part = whole;
			part->of = node->c_upper;
			part->bytes = whole.bytes / whole.node_count;
			part->offset = whole.offset + j * part->bytes;
			part->nodes = &whole.nodes[j];
			part->node_count = 1;
			node->in[part->domain] = true;
			node->offset[part->domain] = part->offset;
		}
	}
}

int allocate_offsets(struct ir *ir)
{
	uint32_t from, to;
	uint64_t bytes;

	sort_objects(ir, goes_before);
	for (from = 0; from < ir->object_count; from = to) {
		for (to = from + 1; to < ir->object_count; to++)
			if (ir->objects[to].domain != ir->objects[from].domain)
				break;
		if (place_domain(ir, &ir->objects[from], to - from))
			return -1;
	}
	part_frames(ir);
	sort_objects(ir, lies_before);
	/* one thread's scratch is in the host pool */
	bytes = ir->pool_bytes[DOMAIN_HOST] + ir->pool_bytes[DOMAIN_SCRATCH];
	if (bytes > ir->board->bytes[DOMAIN_HOST])
		return refuse_size(ir, "the graph", "", bytes, DOMAIN_HOST);
	return 0;
}

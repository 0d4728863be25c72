/* tools/graphc/board.c: see board.h. */
#include "tools/graphc/board.h"

#include "tools/graphc/limits.h"
#include "tools/graphc/number.h"

#define BOARD_CPU_MAX 1023

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

const char *const domain_names[DOMAIN_COUNT] = {"host", "pinned", "device",
						 "scratch"};

const struct board board_default = {
	.name = "host",
	.priority = 80,
	.cpu = -1,
	.spin_us = 0,
	.bytes = {[DOMAIN_HOST] = (uint64_t)1 << 30,
		  [DOMAIN_PINNED] = (uint64_t)256 << 20,
		  [DOMAIN_DEVICE] = (uint64_t)1 << 30,
		  [DOMAIN_SCRATCH] = (uint64_t)1 << 30},
	.rate_max = 1000,
};

static const struct tree_key board_keys[] = {
	{"board", TREE_SCALAR, true},
	{"tick", TREE_MAPPING, false},
	{"cpus", TREE_SEQUENCE, false},
	{"memory", TREE_MAPPING, false},
	{"rate", TREE_MAPPING, false},
};
static const struct tree_key tick_keys[] = {
	{"priority", TREE_SCALAR, false},
	{"cpu", TREE_SCALAR, false},
	{"spin_us", TREE_SCALAR, false},
};
static const struct tree_key memory_keys[] = {
	{"host", TREE_SCALAR, false},
	{"pinned", TREE_SCALAR, false},
	{"device", TREE_SCALAR, false},
};
static const struct tree_key rate_keys[] = {{"max", TREE_SCALAR, false}};

/* The integer of a key, if it is there. */
static int read_int(const struct tree *tree, const char *key, int64_t min,
		    int64_t max, int64_t *number, struct diag *diag)
{
	const struct tree *value = tree_get(tree, key);

	if (!value)
		return 0;
	if (number_int(value->text, number) && *number >= min && *number <= max)
		return 0;
	return diag_refuse(diag, value->at, RULE_BOARD_VALUE,
			   "'%s' is '%s', not a whole number from %lld to %lld",
			   key, diag_quote(diag, value->text), (long long)min,
			   (long long)max);
}

static int read_tick(struct board *board, const struct tree *tree,
		     struct diag *diag)
{
	int64_t priority = board->priority, cpu = board->cpu;
	int64_t spin_us = board->spin_us;

	if (tree_check_keys(tree, tick_keys, COUNT(tick_keys), "'tick'",
			    diag) ||
	    read_int(tree, "priority", 1, 99, &priority, diag) ||
	    read_int(tree, "cpu", -1, BOARD_CPU_MAX, &cpu, diag) ||
	    read_int(tree, "spin_us", 0, 10000, &spin_us, diag))
		return -1;
	board->priority = (int32_t)priority;
	board->cpu = (int32_t)cpu;
	board->spin_us = (uint32_t)spin_us;
	return 0;
}

static int refuse_cpu(const struct tree *value, const char *what,
		      struct diag *diag)
{
	return diag_refuse(diag, value->at, RULE_BOARD_VALUE,
			   "'cpus' has %s; it is a list of different CPUs from "
			   "0 to %d, %d at most",
			   what, BOARD_CPU_MAX, GRAPH_THREADS_MAX - 1);
}

static int read_cpus(struct board *board, const struct tree *list,
		     struct diag *diag)
{
	const struct tree *value;
	int64_t cpu;
	uint32_t i;

	board->has_cpus = true;
	for (value = list->first; value; value = value->next) {
		if (value->kind != TREE_SCALAR ||
		    !number_int(value->text, &cpu) || cpu < 0 ||
		    cpu > BOARD_CPU_MAX)
			return refuse_cpu(value, "what is no CPU", diag);
		for (i = 0; i < board->cpu_count; i++)
			if (board->cpus[i] == cpu)
				return refuse_cpu(value, "a CPU twice", diag);
		if (board->cpu_count == GRAPH_THREADS_MAX - 1)
			return refuse_cpu(value, "too many", diag);
		board->cpus[board->cpu_count++] = (int32_t)cpu;
	}
	return 0;
}

/* The bytes of one domain, if they are there. Every graph needs host memory:
 * only of the others may there be none. */
static int read_bytes(const struct tree *tree, enum domain domain,
		      uint64_t *bytes, struct diag *diag)
{
	const struct tree *value = tree_get(tree, domain_names[domain]);

	if (!value)
		return 0;
	if (number_bytes(value->text, bytes) && *bytes <= LIMIT_POOL_BYTES &&
	    (*bytes || domain != DOMAIN_HOST))
		return 0;
	return diag_refuse(diag, value->at, RULE_BOARD_VALUE,
			   "'%s' is '%s', not bytes up to %u GiB, such as "
			   "1073741824, 512MiB or 1GiB",
			   domain_names[domain], diag_quote(diag, value->text),
			   (unsigned)(LIMIT_POOL_BYTES >> 30));
}

static int read_memory(struct board *board, const struct tree *tree,
		       struct diag *diag)
{
	uint32_t domain;

	if (tree_check_keys(tree, memory_keys, COUNT(memory_keys), "'memory'",
			    diag))
		return -1;
	for (domain = 0; domain < DOMAIN_SCRATCH; domain++)
		if (read_bytes(tree, (enum domain)domain, &board->bytes[domain],
			       diag))
			return -1;
	board->bytes[DOMAIN_SCRATCH] = board->bytes[DOMAIN_HOST];
	return 0;
}

static int read_rate(struct board *board, const struct tree *tree,
		     struct diag *diag)
{
	int64_t max = board->rate_max;

	if (tree_check_keys(tree, rate_keys, COUNT(rate_keys), "'rate'",
			    diag) ||
	    read_int(tree, "max", 1, LIMIT_RATE_MAX, &max, diag))
		return -1;
	board->rate_max = (uint32_t)max;
	return 0;
}

int board_read(struct board *board, const struct tree *tree, struct diag *diag)
{
	const struct tree *name, *part;

	*board = board_default;
	if (tree_check_keys(tree, board_keys, COUNT(board_keys), "a board",
			    diag))
		return -1;
	name = tree_get(tree, "board");
	if (name_check(name->text, false, "board", name->at, diag))
		return -1;
	board->name = name->text;
	part = tree_get(tree, "tick");
	if (part && read_tick(board, part, diag))
		return -1;
	part = tree_get(tree, "cpus");
	if (part && read_cpus(board, part, diag))
		return -1;
	part = tree_get(tree, "memory");
	if (part && read_memory(board, part, diag))
		return -1;
	part = tree_get(tree, "rate");
	return part ? read_rate(board, part, diag) : 0;
}

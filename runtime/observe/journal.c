/*
 * runtime/observe/journal.c: see runtime/observe/journal.h.
 */
#include "runtime/observe/journal.h"

#include <errno.h>
#include <string.h>

#define WORDS (sizeof(struct journal_record) / sizeof(uint64_t))

_Static_assert(sizeof(struct journal_record) == 64, "one cache line");
_Static_assert(sizeof(struct journal_header) % 64 == 0, "records are lines");

static struct journal_record *journal_place(const struct journal_header *header,
					    const struct journal_lane *lane,
					    uint64_t number)
{
	char *base = (char *)(uintptr_t)header;

	return (struct journal_record *)(void *)(base + lane->records) +
	       (number - 1) % lane->rows;
}

int journal_make(struct journal *journal,
		 const struct journal_lane_config lanes[], uint32_t count,
		 bool detailed)
{
	uint64_t at = sizeof(struct journal_header), bytes = at;
	struct journal_header *header;
	uint32_t i;
	int error;

	*journal = (struct journal){.header = NULL};
	if (!count || count > JOURNAL_LANES_MAX)
		return -EINVAL;
	for (i = 0; i < count; i++)
		bytes += lanes[i].rows * sizeof(struct journal_record);
	error = pool_init(&journal->pool, bytes);
	if (error)
		return error;
	header = (struct journal_header *)(void *)journal->pool.base;
	header->magic = JOURNAL_MAGIC;
	header->version = JOURNAL_VERSION;
	header->bytes = bytes;
	header->lane_count = count;
	header->detailed = detailed;
	for (i = 0; i < count; i++) {
		struct journal_lane *lane = &header->lane[i];

		strncpy(lane->name, lanes[i].name, JOURNAL_NAME_MAX);
		lane->kind = lanes[i].kind;
		lane->rows = lanes[i].rows;
		lane->records = at;
		at += lane->rows * sizeof(struct journal_record);
	}
	journal->header = header;
	return 0;
}

int journal_init(struct journal *journal, const char *const names[],
		 uint32_t lanes, uint64_t first_rows, uint64_t rows)
{
	struct journal_lane_config config[JOURNAL_LANES_MAX];
	uint32_t i;

	if (lanes > JOURNAL_LANES_MAX) {
		*journal = (struct journal){.header = NULL};
		return -EINVAL;
	}
	for (i = 0; i < lanes; i++)
		config[i] = (struct journal_lane_config){
			names[i], i ? JOURNAL_LANE_SOURCE : JOURNAL_LANE_TICK,
			i ? rows : first_rows};
	return journal_make(journal, config, lanes, false);
}

void journal_finish(struct journal *journal)
{
	pool_finish(&journal->pool);
	journal->header = NULL;
}

struct journal_writer journal_writer(const struct journal *journal,
				     uint32_t lane)
{
	return (struct journal_writer){
		.header = journal->header,
		.lane = &journal->header->lane[lane],
		.detailed = journal->header->detailed,
	};
}

uint32_t journal_find(const struct journal_header *header,
		      enum journal_lane_kind kind, uint32_t index)
{
	uint32_t i;

	for (i = 0; i < header->lane_count; i++)
		if (header->lane[i].kind == kind && !index--)
			return i;
	return JOURNAL_LANES_MAX;
}

void journal_write(struct journal_writer *writer,
		   const struct journal_record *record)
{
	struct journal_lane *lane = writer->lane;
	const uint64_t *from = (const uint64_t *)(const void *)record;
	uint64_t *to;
	uint64_t number;
	size_t i;

	if (!lane)
		return;
	number = lane->written + 1;
	to = (uint64_t *)(void *)journal_place(writer->header, lane, number);
	/* the fields are releases: whoever sees one sees this first */
	__atomic_store_n(&to[0], 0, __ATOMIC_RELAXED);
	for (i = 1; i < WORDS; i++)
		__atomic_store_n(&to[i], from[i], __ATOMIC_RELEASE);
	/* release: pairs with the readers' loads of number and written */
	__atomic_store_n(&to[0], number, __ATOMIC_RELEASE);
	__atomic_store_n(&lane->written, number, __ATOMIC_RELEASE);
}

bool journal_read(const struct journal_header *header, uint32_t lane,
		  uint64_t number, struct journal_record *record)
{
	const uint64_t *from = (const uint64_t *)(const void *)journal_place(
		header, &header->lane[lane], number);
	uint64_t *to = (uint64_t *)(void *)record;
	size_t i;

	/* acquire: pairs with journal_write */
	for (i = 0; i < WORDS; i++)
		to[i] = __atomic_load_n(&from[i], __ATOMIC_ACQUIRE);
	return number && to[0] == number &&
	       __atomic_load_n(&from[0], __ATOMIC_RELAXED) == number;
}

uint64_t journal_newest(const struct journal_header *header, uint32_t lane)
{
	/* acquire: pairs with journal_write */
	return __atomic_load_n(&header->lane[lane].written, __ATOMIC_ACQUIRE);
}

uint64_t journal_oldest(const struct journal_header *header, uint32_t lane)
{
	uint64_t newest = journal_newest(header, lane);
	uint64_t rows = header->lane[lane].rows;

	return newest > rows ? newest - rows + 1 : 1;
}

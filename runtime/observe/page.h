/*
 * runtime/observe/page.h: the statistics page of a running program, for other
 * programs. This header is all that a reader needs: C or C++, nothing to link.
 *
 * The page is one piece of memory that says itself what is in it: a head, a list
 * of entries by name, and their words, each a uint64_t. A reader gets a
 * descriptor of it, maps it with PROT_READ and MAP_SHARED, and looks entries up
 * once:
 *
 *	page = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);
 *	if (!tickline_page_check(page, bytes))
 *		...  another version, or no page
 *	late = tickline_page_find(page, "sink.screen.late");
 *	if (late && tickline_page_read(page, late, &number))
 *		...
 *
 * One thread writes; it never waits for a reader and cannot be disturbed by one:
 * the page's size is fixed and nobody else can write into it (memfd seals). Each
 * write is between two steps of `sequence`, which is odd meanwhile; a read copies
 * and starts again when it has moved. What is read in one call is of one moment.
 *
 * Names are stable: docs/report.md. Times are in ns of CLOCK_MONOTONIC. The
 * version changes when what is here does; new entries come without a new one.
 */
#ifndef TICKLINE_PAGE_H
#define TICKLINE_PAGE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define TICKLINE_PAGE_MAGIC   0x53544154534b4954u /* "TIKSTATS" */
#define TICKLINE_PAGE_VERSION 4
#define TICKLINE_NAME_BYTES   112 /* with the closing 0; longer ones are cut */
#define TICKLINE_READ_TRIES   1000

/* Log-linear: 32 buckets an octave (3 % wide), exact below 32, the last one
 * holds everything from 2^36 up (69 s); the maximum is exact. */
#define TICKLINE_BUCKETS 1025

enum tickline_kind {
	TICKLINE_COUNTER = 1, /* a word that only grows */
	TICKLINE_GAUGE = 2,   /* a word */
	TICKLINE_TIMES = 3,   /* a struct tickline_times */
};

enum tickline_unit {
	TICKLINE_NUMBER = 0,
	TICKLINE_NS = 1,
	TICKLINE_MICROHERTZ = 2,
	TICKLINE_MILLI = 3, /* thousandths */
};

/* A histogram of durations. */
struct tickline_times {
	uint64_t count, sum_ns, max_ns;
	uint64_t bucket[TICKLINE_BUCKETS];
};

struct tickline_entry {
	char name[TICKLINE_NAME_BYTES];
	uint32_t kind, unit; /* enum tickline_kind, enum tickline_unit */
	uint64_t at;	     /* bytes from the head to the words */
};

/* The head. All but `sequence` is constant. */
struct tickline_page {
	uint64_t magic, version;
	uint64_t bytes;	   /* of the page */
	uint64_t entries;  /* bytes from the head to the first entry */
	uint64_t entry_count;
	uint64_t sequence; /* odd: a write is open */
};

/* Words that an entry has. */
static inline size_t tickline_entry_words(const struct tickline_entry *entry)
{
	return entry->kind == TICKLINE_TIMES
		       ? sizeof(struct tickline_times) / sizeof(uint64_t)
		       : 1;
}

static inline const struct tickline_entry *
tickline_page_entry(const struct tickline_page *page, uint64_t index)
{
	return (const struct tickline_entry *)(const void *)((const char *)page +
							     page->entries) +
	       index;
}

/* Not 0: a page of this version, whole in `bytes` bytes; nothing in it leads out
 * of it. For whoever does not know where it comes from. */
static inline int tickline_page_check(const struct tickline_page *page,
				      size_t bytes)
{
	uint64_t i;

	if (bytes < sizeof(*page) || page->magic != TICKLINE_PAGE_MAGIC ||
	    page->version != TICKLINE_PAGE_VERSION || page->bytes > bytes ||
	    page->entries % 8 || page->entries > page->bytes ||
	    page->entry_count > (page->bytes - page->entries) /
					sizeof(struct tickline_entry))
		return 0;
	for (i = 0; i < page->entry_count; i++) {
		const struct tickline_entry *entry = tickline_page_entry(page, i);

		if (!memchr(entry->name, 0, sizeof(entry->name)) ||
		    entry->at % 8 || entry->at > page->bytes ||
		    tickline_entry_words(entry) >
			    (page->bytes - entry->at) / sizeof(uint64_t))
			return 0;
	}
	return 1;
}

/* By its whole name; NULL: there is none. */
static inline const struct tickline_entry *
tickline_page_find(const struct tickline_page *page, const char *name)
{
	uint64_t i;

	for (i = 0; i < page->entry_count; i++)
		if (!strcmp(tickline_page_entry(page, i)->name, name))
			return tickline_page_entry(page, i);
	return NULL;
}

/* `words` words from `at` on, of one moment. 0: the writer was too quick, or
 * died in a write; *to is then anything. */
static inline int tickline_page_copy(const struct tickline_page *page,
				     uint64_t at, uint64_t *to, size_t words)
{
	const uint64_t *from =
		(const uint64_t *)(const void *)((const char *)page + at);
	uint64_t before, after;
	size_t i;
	int tries;

	for (tries = 0; tries < TICKLINE_READ_TRIES; tries++) {
		/* acquire: pairs with the end of a write */
		before = __atomic_load_n(&page->sequence, __ATOMIC_ACQUIRE);
		if (before & 1)
			continue;
		for (i = 0; i < words; i++)
			to[i] = __atomic_load_n(&from[i], __ATOMIC_ACQUIRE);
		after = __atomic_load_n(&page->sequence, __ATOMIC_RELAXED);
		if (before == after)
			return 1;
	}
	return 0;
}

/* One entry: a word, or a struct tickline_times. 0: as tickline_page_copy. */
static inline int tickline_page_read(const struct tickline_page *page,
				     const struct tickline_entry *entry,
				     void *to)
{
	return tickline_page_copy(page, entry->at, (uint64_t *)to,
				  tickline_entry_words(entry));
}

/* All of it, into page->bytes bytes of the reader's: a page that stands still. */
static inline int tickline_page_read_all(const struct tickline_page *page,
					 struct tickline_page *copy)
{
	return tickline_page_copy(page, 0, (uint64_t *)(void *)copy,
				  page->bytes / sizeof(uint64_t));
}

/* A word of the reader's own copy. */
static inline uint64_t tickline_page_word(const struct tickline_page *copy,
					  const struct tickline_entry *entry)
{
	return *(const uint64_t *)(const void *)((const char *)copy + entry->at);
}

static inline const struct tickline_times *
tickline_page_times(const struct tickline_page *copy,
		    const struct tickline_entry *entry)
{
	return (const struct tickline_times *)(const void *)((const char *)copy +
							     entry->at);
}

/* The largest value that bucket[bucket] counts. */
static inline uint64_t tickline_bucket_bound(uint32_t bucket)
{
	uint32_t octave = bucket / 32;

	if (bucket == TICKLINE_BUCKETS - 1)
		return UINT64_MAX;
	if (!octave)
		return bucket;
	return ((uint64_t)(bucket % 32 + 33) << (octave - 1)) - 1;
}

/* The smallest bucket bound that at least share (0 to 1) of the values do not
 * exceed, never above the maximum; 0 when there are none. */
static inline uint64_t tickline_quantile(const struct tickline_times *times,
					 double share)
{
	uint64_t seen = 0, bound;
	uint32_t i;

	if (!times->count)
		return 0;
	for (i = 0; i < TICKLINE_BUCKETS - 1; i++) {
		seen += times->bucket[i];
		if (seen && (double)seen >= share * (double)times->count)
			break;
	}
	bound = tickline_bucket_bound(i);
	return bound < times->max_ns ? bound : times->max_ns;
}

#endif

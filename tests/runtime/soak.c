/*
 * tests/runtime/soak.c: months of ticks in simulated time: a real cycle on a clock
 * and two displays that are functions, which stumble now and then.
 *
 *   soak [TICKS]     else 30 days at 60 Hz; prints TAP
 *
 * Three runs: from tick 0; across tick 2^31, at 60 Hz; across tick 2^53, at 2 MHz,
 * since 2^53 ticks at 60 Hz are five million years, more than a clock of 64 bits
 * of ns has. Beside the cycle the ledger is kept a second time, by additions only,
 * and at each of thirty looks, a day apart, all is compared: the instant of every
 * tick, each counter, the statistics as a reader has them; and the process has as
 * much memory and as many descriptors as on the second day.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/fakes/clock.c"
#include "tests/runtime/cycle_rig.h"

#define SOAK_DAYS   30
#define SOAK_TICKS  UINT64_C(155520000) /* 30 days at 60 Hz */
#define SOAK_AROUND UINT64_C(1000000)	/* ticks on each side of a power of two */
#define SLACK_KB    64			/* of resident memory */

/* Kept beside the cycle's own. */
struct soak {
	const char *name;
	uint64_t from, ticks; /* of the run */
	uint64_t waits;
	/* the tick that is waited for next, and when it is due: a running sum of
	 * whole ns and of the rest */
	uint64_t next;
	int64_t next_ns, period_ns, rest, rest_of;
	/* what became of them */
	uint64_t skipped, drawn;
	uint64_t presented[RIG_SINKS], late[RIG_SINKS], dropped[RIG_SINKS];
	uint64_t wrong; /* instants and looks that were */
	char first[256];
	/* looks */
	uint64_t look_at, look_every, looks;
	long mapped_kb, resident_kb;
	int files;
};

static struct soak soak;
static struct stats *copy;

static void soak_wrong(const char *what, uint64_t is, uint64_t expected)
{
	if (!soak.wrong++)
		snprintf(soak.first, sizeof(soak.first),
			 "at tick %" PRIu64 ": %s is %" PRIu64 ", not %" PRIu64,
			 soak.next, what, is, expected);
}

static void soak_expect(const char *what, uint64_t is, uint64_t expected)
{
	if (is != expected)
		soak_wrong(what, is, expected);
}

/* The same for the same number; all bits count. */
static uint64_t soak_random(uint64_t number)
{
	number = (number ^ number >> 31) * UINT64_C(0x7fb5d329728ea185);
	number = (number ^ number >> 27) * UINT64_C(0x81dadef4bc2dd44d);
	return number ^ number >> 33;
}

static void soak_step_on(void)
{
	soak.next++;
	soak.next_ns += soak.period_ns;
	soak.rest += NS_PER_SECOND % soak.rest_of;
	if (soak.rest >= soak.rest_of) {
		soak.rest -= soak.rest_of;
		soak.next_ns++;
	}
}

/* ---- looks ------------------------------------------------------------------------ */

static void soak_memory(long *mapped_kb, long *resident_kb)
{
	FILE *file = fopen("/proc/self/statm", "re");
	long mapped = 0, resident = 0;

	if (!file || fscanf(file, "%ld %ld", &mapped, &resident) != 2)
		abort();
	fclose(file);
	*mapped_kb = 4 * mapped;
	*resident_kb = 4 * resident;
}

static int soak_files(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	while (folder && readdir(folder))
		count++;
	if (folder)
		closedir(folder);
	return count;
}

static void soak_process(void)
{
	long mapped_kb, resident_kb;

	soak_memory(&mapped_kb, &resident_kb);
	/* what looks touch for the first time is there by the second */
	if (++soak.looks <= 2) {
		soak.mapped_kb = mapped_kb;
		soak.resident_kb = resident_kb;
		soak.files = soak_files();
		return;
	}
	soak_expect("mapped memory, KB", (uint64_t)mapped_kb,
		    (uint64_t)soak.mapped_kb);
	if (resident_kb > soak.resident_kb + SLACK_KB)
		soak_wrong("resident memory, KB", (uint64_t)resident_kb,
			   (uint64_t)soak.resident_kb);
	soak_expect("descriptors", (uint64_t)soak_files(),
		    (uint64_t)soak.files);
}

static void soak_look(void)
{
	const struct ledger *ledger = &copy->counters.ledger;

	if (!stats_read(rig.stats, copy))
		soak_wrong("a reading", 0, 1);
	if (!ledger_check(ledger))
		soak_wrong("the ledger's sum", 0, 1);
	soak_expect("ticks", ledger->ticks,
		    soak.from + soak.skipped + soak.drawn);
	soak_expect("skipped", ledger->skipped, soak.skipped);
	for (int i = 0; i < RIG_SINKS; i++) {
		soak_expect("presented", ledger->sink[i].presented,
			    soak.from + soak.presented[i]);
		soak_expect("late", ledger->sink[i].late, soak.late[i]);
		soak_expect("dropped", ledger->sink[i].dropped,
			    soak.dropped[i]);
	}
	soak_expect("wake-ups", copy->lateness.count, soak.drawn);
	soak_process();
}

/* ---- the clock and the displays -------------------------------------------------- */

/* In each wait: is it for the tick that it should be? Some end 1 to 6 periods
 * late. */
static int64_t soak_oversleep(uint64_t wait)
{
	uint64_t random = soak_random(soak.waits++);
	int64_t late_ns = (int64_t)(random % (uint64_t)(soak.period_ns / 8));

	(void)wait;
	soak_expect("what is waited for, ns", (uint64_t)fake_clock.due_ns,
		    (uint64_t)soak.next_ns);
	if (soak.drawn >= soak.look_at) {
		soak_look();
		soak.look_at += soak.look_every;
	}
	if (random >> 32 && (random >> 32) % 10007 == 0)
		late_ns += soak.period_ns * (1 + (int64_t)(random >> 8) % 6);
	return late_ns;
}

/* Woken up: those before the newest that is due are skipped. */
static void soak_draw(uint64_t tick)
{
	int64_t now_ns = fake_clock.now_ns;
	struct soak ahead = soak;

	for (soak_step_on(); soak.next_ns <= now_ns; soak_step_on()) {
		ahead = soak;
		soak.skipped++;
		ahead.skipped = soak.skipped;
	}
	soak_expect("the tick drawn", tick, ahead.next);
	soak.drawn++;
	fake_clock.now_ns += soak.period_ns / 4;
	if (soak_random(tick) % 5003 == 0)
		fake_clock.now_ns += soak.period_ns;
}

/* Not before its last frame is on view: busy, at times. */
static enum display_status soak_answer(uint32_t sink, uint64_t tick)
{
	if (soak_random(tick + sink * UINT64_C(0x9e3779b97f4a7c15)) % 997 == 0) {
		soak.dropped[sink]++;
		return DISPLAY_BUSY;
	}
	if (fake_clock.now_ns > soak.next_ns)
		soak.late[sink]++;
	else
		soak.presented[sink]++;
	return DISPLAY_SHOWN;
}

/* ---- runs -------------------------------------------------------------------------- */

static void soak_open(uint32_t rate)
{
	struct cycle_config config;

	rig = (struct rig){.in_step = soak_draw, .answer = soak_answer};
	rig_graph.rate_num = rate;
	rig_graph.rate_den = 1;
	config = rig_config(soak.from + soak.ticks);
	rig_open(&config, CLOCK_TIMER);
	fake_clock.now_ns = 0; /* t(0) */
	fake_clock.oversleep = soak_oversleep;
	/* ticks before the first went well, and are counted */
	rig.cycle.next = soak.from;
	rig.stats->counters.ledger.ticks = soak.from;
	for (int i = 0; i < RIG_SINKS; i++)
		rig.stats->counters.ledger.sink[i].presented = soak.from;
	copy = calloc(1, rig.stats->header.page.bytes);
	if (!copy)
		abort();
}

static void soak_close(void)
{
	cycle_finish(&rig.cycle);
	journal_finish(&rig.journal);
	free(rig.stats);
	free(copy);
}

/* Ticks from `from` on. True: all was as it should be. */
static bool soak_run(const char *name, uint64_t from, uint64_t ticks,
		     uint32_t rate)
{
	char line[256] = "";

	soak = (struct soak){
		.name = name,
		.from = from,
		.ticks = ticks,
		.next = from,
		/* the one product of this program; from there on it adds */
		.next_ns = (int64_t)((unsigned __int128)from * NS_PER_SECOND /
				     rate),
		.rest = (int64_t)((unsigned __int128)from * NS_PER_SECOND % rate),
		.period_ns = NS_PER_SECOND / rate,
		.rest_of = rate,
		.look_every = ticks / SOAK_DAYS + 1,
		.look_at = ticks / SOAK_DAYS / 2,
	};
	soak_open(rate);
	cycle_run(&rig.cycle);
	/* those that passed in the last gap */
	soak.skipped += from + ticks - soak.from - soak.skipped - soak.drawn;
	soak_look();
	if (cycle_verdict(&rig.cycle, line, sizeof(line)))
		soak_wrong(line, 0, 1);
	soak_expect("looks", soak.looks > SOAK_DAYS / 2, 1);
	printf("# %" PRIu64 " ticks from %" PRIu64 " at %u Hz: %" PRIu64
	       " drawn, %" PRIu64 " skipped; %" PRIu64 " late, %" PRIu64
	       " dropped of the first sink; %ld KB, %d descriptors\n",
	       ticks, from, rate, soak.drawn, soak.skipped, soak.late[0],
	       soak.dropped[0], soak.resident_kb, soak.files - 3);
	soak_close();
	if (soak.wrong)
		printf("# %" PRIu64 " wrong; the first %s\n", soak.wrong,
		       soak.first);
	return !soak.wrong;
}

static bool soak_tell(const char *name, uint64_t from, uint64_t ticks,
		      uint32_t rate)
{
	static int number;
	bool good = soak_run(name, from, ticks, rate);

	printf("%sok %d - %s\n", good ? "" : "not ", ++number, name);
	fflush(stdout);
	return good;
}

int main(int argc, char *argv[])
{
	uint64_t ticks = argc > 1 ? strtoull(argv[1], NULL, 10) : SOAK_TICKS;
	bool good;

	if (!ticks) {
		fprintf(stderr, "usage: soak [TICKS]\n");
		return 64;
	}
	good = soak_tell("ticks from 0", 0, ticks, 60);
	good &= soak_tell("across 2^31", (UINT64_C(1) << 31) - SOAK_AROUND,
			  2 * SOAK_AROUND, 60);
	good &= soak_tell("across 2^53", (UINT64_C(1) << 53) - SOAK_AROUND,
			  2 * SOAK_AROUND, 2000000);
	printf("1..3\n");
	return !good;
}

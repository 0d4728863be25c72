/*
 * drivers/source/file/file.c: a source that plays a file: YUV4MPEG2, raw frames,
 * or a PNG that stays. A thread of its own reads with pread; nothing is mapped,
 * so that no tick waits for a disk.
 *
 * Settings: path=FILE (a comma in it is written twice), loop, rate=N or N/D.
 *
 * Frame n is due at start + n / rate, the setting's, the file's own or the
 * graph's rate; it is read before that and delivered then, its stamp is when it
 * was due. One that cannot be there before the next is due is lost, counted, and
 * n goes on, as with a camera. With --clock free and policy every there is no
 * such instant: all frames, in order, as soon as there is room for them, and no
 * stamp. The first frame is delivered before the first tick.
 *
 * At its end the last frame stays. A file that cannot be read any more is lost;
 * so is one in whose reading the thread hangs for ever, when the run is over.
 * Read next: drivers/source/file/clip.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/source/file/clip.h"
#include "drivers/source/sources.h"
#include "runtime/base/message.h"
#include "runtime/base/seal.h"
#include "runtime/base/text.h"
#include "runtime/base/thread.h"
#include "runtime/time/clock.h"

/* One being read, one waiting, one on view, and those of flights. */
#define FILE_FRAMES	6
#define FILE_PATH_MAX	1024
#define FILE_RATE_MAX	1000
/* between looks for a free frame */
#define FILE_NAP_NS	 NS_PER_MS
#define FILE_SHORT_NAP_NS (200 * NS_PER_US)
#define FILE_END_WAIT_NS (2 * NS_PER_SECOND)
#define FILE_SETTINGS                                                          \
	"it takes path=FILE, loop and rate=N or rate=N/D, at most 1000 a "      \
	"second; a comma in a path is written twice"

struct file {
	struct source *source;
	struct clip clip;
	char path[FILE_PATH_MAX];
	bool loop;
	struct rate rate;
	bool lossless; /* as fast as frames are taken, each of them */
	struct thread thread;
	atomic_bool stop;
	atomic_bool over; /* its thread needs nothing any more */
	bool hangs; /* its thread is left alone, with all that it uses */
	/* its thread's */
	uint64_t number;  /* of the frame to come; goes on when the file loops */
	bool full;	  /* the last look found no free frame */
	int64_t start_ns; /* when frame 0 was due */
};

/* ---- main thread: settings ---------------------------------------------------- */

/* The next setting, up to a comma; two are one that belongs to it. False: it is
 * longer than `bytes`. */
static bool file_next_setting(const char **text, char *setting, size_t bytes)
{
	const char *from = *text;
	size_t length = 0;

	for (; *from; from++) {
		if (*from == ',' && *++from != ',')
			break;
		if (length + 1 >= bytes)
			return false;
		setting[length++] = *from;
	}
	setting[length] = '\0';
	*text = from;
	return true;
}

static bool file_take_setting(struct file *file, const char *setting)
{
	static const char path[] = "path=", rate[] = "rate=";

	if (!strncmp(setting, path, strlen(path))) {
		snprintf(file->path, sizeof(file->path), "%s",
			 setting + strlen(path));
		return true;
	}
	if (!strncmp(setting, rate, strlen(rate)))
		return text_to_rate(setting + strlen(rate),
				    strlen(setting + strlen(rate)), '/',
				    FILE_RATE_MAX, &file->rate);
	file->loop = !strcmp(setting, "loop");
	return file->loop;
}

static int file_take_settings(struct file *file,
			      const struct source_config *config)
{
	const char *text = config->settings ? config->settings : "";
	char setting[FILE_PATH_MAX];

	while (*text) {
		if (!file_next_setting(&text, setting, sizeof(setting))) {
			snprintf(config->refusal, config->refusal_bytes,
				 "\"%.64s...\": the path is too long: say a "
				 "shorter one",
				 text);
			return -EINVAL;
		}
		if (file_take_setting(file, setting))
			continue;
		snprintf(config->refusal, config->refusal_bytes,
			 "\"%.64s\": " FILE_SETTINGS, setting);
		return -EINVAL;
	}
	if (file->path[0])
		return 0;
	snprintf(config->refusal, config->refusal_bytes,
		 "which file? " FILE_SETTINGS);
	return -EINVAL;
}

/* ---- main thread: opening ----------------------------------------------------- */

static int file_refuse(const struct file *file,
		       const struct source_config *config, int error,
		       const char *why)
{
	snprintf(config->refusal, config->refusal_bytes, "%.160s: %s",
		 file->path, why);
	return error;
}

static int file_read(struct file *file, const struct picture *to)
{
	return clip_read(&file->clip, file->number % file->clip.count, to);
}

/* A file whose first frame cannot be read does not open. */
static int file_read_first(struct file *file,
			   const struct source_config *config)
{
	struct source *source = file->source;
	char why[320] = "cannot be read: copy it to a disk that works";
	uint32_t frame;
	int error;

	if (!source_free_frame(source, &frame))
		return -EIO;
	if (file->clip.fill == CLIP_STILL)
		error = clip_read_still(&file->clip, &source->frame[frame], why,
					sizeof(why));
	else
		error = file_read(file, &source->frame[frame]);
	return error ? file_refuse(file, config, error, why) : 0;
}

static int file_make_frames(struct file *file,
			    const struct source_config *config)
{
	enum color_range range = file->clip.full_range ? COLOR_FULL
						       : COLOR_RANGE_AUTO;

	if (!source_alloc(file->source, config->graph, FILE_FRAMES) &&
	    !source_set_color(file->source, config->graph, COLOR_ENCODING_AUTO,
			      range, file->clip.siting))
		return 0;
	return file_refuse(file, config, -ENOMEM,
			   "no memory for its frames: use a smaller source or "
			   "raise RLIMIT_AS");
}

static void file_set_rate(struct file *file, const struct source_config *config)
{
	if (!file->rate.num)
		file->rate = file->clip.rate;
	if (!file->rate.num)
		file->rate = (struct rate){config->rate_num, config->rate_den};
}

/* What it is, then the path's end, which says more than its beginning. */
static void file_describe(const struct file *file, char *text, size_t bytes)
{
	const struct clip *clip = &file->clip;
	size_t length = strlen(file->path), shown = length < 80 ? length : 80;
	char frames[96] = "";

	if (clip->fill != CLIP_STILL)
		snprintf(frames, sizeof(frames), "%.6g Hz, %llu frames%s, ",
			 (double)file->rate.num / file->rate.den,
			 (unsigned long long)clip->count,
			 clip->cut ? " and a part of one" : "");
	snprintf(text, bytes, "%s, %s %ux%u, %s%s%s", clip->text,
		 graph_format_name(clip->graph.format), clip->graph.width,
		 clip->graph.height, frames, shown < length ? "..." : "",
		 file->path + length - shown);
}

static int file_open_clip(struct file *file, const struct source_config *config)
{
	char why[320];
	int error = clip_open(&file->clip, file->path, config->graph, why,
			      sizeof(why));

	if (error)
		return file_refuse(file, config, error, why);
	file_set_rate(file, config);
	error = file_make_frames(file, config);
	return error ? error : file_read_first(file, config);
}

static void file_free(struct file *file)
{
	source_free(file->source);
	clip_close(&file->clip);
	free(file);
}

static int file_open(struct source *source, const struct source_config *config)
{
	struct file *file = calloc(1, sizeof(*file));
	int error;

	if (!file) {
		snprintf(config->refusal, config->refusal_bytes, "no memory");
		return -ENOMEM;
	}
	file->source = source;
	file->clip.fd = -1;
	file->lossless = !config->timed &&
			 config->graph->policy == GRAPH_POLICY_EVERY;
	error = file_take_settings(file, config);
	if (!error)
		error = file_open_clip(file, config);
	if (error) {
		file_free(file);
		return error;
	}
	source->state = file;
	file_describe(file, source->text, sizeof(source->text));
	return 0;
}

/* ---- its thread, sealed --------------------------------------------------------- */

static bool file_is_stopped(const struct file *file)
{
	return atomic_load_explicit(&file->stop, memory_order_relaxed);
}

static int64_t file_due_ns(const struct file *file, uint64_t number)
{
	return file->start_ns + rate_tick_ns(file->rate, number);
}

static bool file_is_over(const struct file *file)
{
	return !file->loop && file->number >= file->clip.count;
}

/* Frames whose time is over are lost, but for the last one, which stays. */
static void file_catch_up(struct file *file)
{
	int64_t now_ns = clock_now_ns();
	uint64_t newest;

	if (file->lossless)
		return;
	newest = rate_newest_tick(file->rate, now_ns - file->start_ns);
	if (!file->loop && newest >= file->clip.count)
		newest = file->clip.count - 1;
	if (newest <= file->number)
		return;
	source_count_lost(file->source, newest - file->number,
			  file->full ? "no free frame" : "not read in time",
			  now_ns);
	file->number = newest;
}

/* Until the frame to come is due, if it ever is; false: stopped. */
static bool file_wait(const struct file *file)
{
	int64_t rest_ns;

	while (!file_is_stopped(file)) {
		rest_ns = file->lossless ? 0
					 : file_due_ns(file, file->number) -
						   clock_now_ns();
		if (rest_ns <= 0)
			return true;
		clock_pause(rest_ns); /* for 100 ms at most */
	}
	return false;
}

static void file_deliver(struct file *file)
{
	const struct source_facts facts = {
		.sequence = file->number,
		.stamp_ns = file->lossless || file->clip.fill == CLIP_STILL
				    ? SOURCE_STAMP_NONE
				    : file_due_ns(file, file->number),
	};

	file->number++;
	source_deliver(file->source, &facts);
}

static void file_end(struct file *file, enum source_state state,
		     const char *reason)
{
	source_set_state(file->source, state, reason, clock_now_ns());
}

static const char *file_reason(int error)
{
	switch (-error) {
	case ENODATA:
		return "the file became shorter";
	case EBADMSG:
		return "a frame's line is damaged";
	default:
		return "it cannot be read";
	}
}

/* One frame, or a look for room for it. False: no more can be read. */
static bool file_step(struct file *file)
{
	uint32_t frame;
	int error;

	file_catch_up(file);
	file->full = !source_free_frame(file->source, &frame);
	if (file->full) {
		clock_pause(file->lossless ? FILE_SHORT_NAP_NS : FILE_NAP_NS);
		return true;
	}
	error = file_read(file, &file->source->frame[frame]);
	if (error) {
		file_end(file, SOURCE_LOST, file_reason(error));
		return false;
	}
	if (file_wait(file))
		file_deliver(file);
	return true;
}

static void *file_run(void *arg)
{
	struct file *file = arg;
	struct seal_usage usage;

	seal_begin(&usage);
	while (!file_is_stopped(file) && !file_is_over(file) && file_step(file))
		;
	/* the last frame has its time, too */
	if (file_is_over(file) && file_wait(file))
		file_end(file, SOURCE_ENDED, NULL);
	seal_end(&usage);
	atomic_store_explicit(&file->over, true, memory_order_release);
	return NULL;
}

/* ---- main thread ------------------------------------------------------------------ */

static int file_start(struct source *source)
{
	struct file *file = source->state;
	const struct thread_config config = {
		.name = "file",
		.cpu = -1,
		.run = file_run,
		.arg = file,
	};

	file->start_ns = clock_now_ns();
	file_deliver(file); /* it was read when the file was opened */
	if (file->clip.fill == CLIP_STILL) {
		file_end(file, SOURCE_ENDED, NULL);
		return 0;
	}
	return thread_start(&file->thread, &config);
}

/* Until the thread is about to end; false: not in that time. */
static bool file_ends(const struct file *file, int64_t within_ns)
{
	int64_t until_ns = clock_now_ns() + within_ns;

	while (!atomic_load_explicit(&file->over, memory_order_acquire)) {
		if (clock_now_ns() >= until_ns)
			return false;
		clock_pause(NS_PER_MS);
	}
	return true;
}

/* A read from a server that is gone may never return. */
static void file_stop(struct source *source)
{
	struct file *file = source->state;

	atomic_store_explicit(&file->stop, true, memory_order_relaxed);
	file->hangs = file->thread.running && !file_ends(file, FILE_END_WAIT_NS);
	if (file->hangs)
		message("source file: a read of %s does not return: its thread "
			"is left behind",
			file->path);
	else
		thread_join(&file->thread);
}

static void file_close(struct source *source)
{
	struct file *file = source->state;

	if (!file->hangs)
		file_free(file);
	source->state = NULL;
}

const struct source_ops file_source = {
	.name = "file",
	.help = "a file: YUV4MPEG2, raw frames, or a PNG",
	.settings = "path=FILE; loop; rate=N or rate=N/D (the file's, the "
		    "graph's)",
	.open = file_open,
	.start = file_start,
	.stop = file_stop,
	.close = file_close,
};

/*
 * drivers/record/recorder.c: opens the outputs, then one loop: take a frame
 * out of the tap, give it to every output, give its place back.
 */
#include "drivers/record/recorder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "drivers/record/refusal.h"

/* An empty tap is asked again after this long, then twice that ... */
#define IDLE_MIN_NS 100000L
#define IDLE_MAX_NS 2000000L

static enum output_format record_format(const char *path)
{
	size_t length = strlen(path);

	if (length > 4 && !strcasecmp(path + length - 4, ".y4m"))
		return OUTPUT_Y4M;
	return OUTPUT_RAW;
}

static enum exit_status recorder_open_one(struct recorder *recorder,
				 const struct graph *graph, const char *path,
				 enum output_format format, char *error,
				 size_t error_bytes)
{
	struct output *output = &recorder->output[recorder->output_count];
	int result =
		output_open(output, path, format, graph, error, error_bytes);

	if (!result) {
		recorder->output_count++;
		return EXIT_STATUS_OK;
	}
	return refusal(output_option(format), path, -result, error,
		       error_bytes);
}

enum exit_status recorder_open(struct recorder *recorder,
			       const struct graph *graph,
			       const char *record_path, const char *digest_path,
			       char *error, size_t error_bytes)
{
	enum exit_status status = EXIT_STATUS_OK;

	memset(recorder, 0, sizeof(*recorder));
	if (record_path)
		status = recorder_open_one(recorder, graph, record_path,
				  record_format(record_path), error,
				  error_bytes);
	if (!status && digest_path)
		status = recorder_open_one(recorder, graph, digest_path, OUTPUT_DIGEST,
				  error, error_bytes);
	if (status)
		recorder_finish(recorder);
	return status;
}

void recorder_begin(struct recorder *recorder)
{
	uint32_t i;

	for (i = 0; i < recorder->output_count; i++)
		output_begin(&recorder->output[i]);
}

static void *recorder_thread(void *arg)
{
	struct recorder *recorder = arg;
	struct timespec pause = {.tv_nsec = IDLE_MIN_NS};

	for (;;) {
		/* acquire: pairs with recorder_finish */
		bool stop = atomic_load_explicit(&recorder->stop,
						 memory_order_acquire) ||
			    tap_closed(recorder->tap);
		const unsigned char *frame;
		uint64_t tick;
		uint32_t i;

		frame = tap_front(recorder->tap, &tick);
		if (frame) {
			for (i = 0; i < recorder->output_count; i++)
				output_frame(&recorder->output[i], tick, frame);
			tap_pop(recorder->tap);
			pause.tv_nsec = IDLE_MIN_NS;
		} else if (stop) {
			return NULL;
		} else {
			nanosleep(&pause, NULL);
			if (pause.tv_nsec < IDLE_MAX_NS)
				pause.tv_nsec *= 2;
		}
	}
}

int recorder_start(struct recorder *recorder, struct tap *tap)
{
	const struct thread_config config = {
		.name = "recorder",
		.cpu = -1,
		.run = recorder_thread,
		.arg = recorder,
	};

	recorder->tap = tap;
	return thread_start(&recorder->thread, &config);
}

void recorder_finish(struct recorder *recorder)
{
	uint32_t i;

	/* release: pairs with recorder_thread */
	atomic_store_explicit(&recorder->stop, true, memory_order_release);
	thread_join(&recorder->thread);
	for (i = 0; i < recorder->output_count; i++)
		output_close(&recorder->output[i]);
}

static const struct recording *find_recording(const struct recorder *recorder,
				    bool digest)
{
	uint32_t i;

	for (i = 0; i < recorder->output_count; i++)
		if ((recorder->output[i].format == OUTPUT_DIGEST) == digest)
			return &recorder->output[i].recording;
	return NULL;
}

const struct recording *recorder_recording(const struct recorder *recorder)
{
	return find_recording(recorder, false);
}

const struct recording *recorder_digest(const struct recorder *recorder)
{
	return find_recording(recorder, true);
}

void recorder_count_lost(struct recorder *recorder, uint64_t frames)
{
	uint32_t i;

	for (i = 0; i < recorder->output_count; i++)
		output_lose(&recorder->output[i], frames,
			    "the recorder was too slow: its ring was full");
}

enum exit_status recorder_verdict(const struct recorder *recorder,
				  bool lossless, char *line, size_t line_bytes)
{
	uint32_t i;

	line[0] = '\0';
	for (i = 0; i < recorder->output_count; i++) {
		const struct output *output = &recorder->output[i];
		const struct recording *recording = &output->recording;

		if (!recording->lost && !recording->error[0])
			continue;
		snprintf(line, line_bytes,
			 "%s %.256s: %llu frames lost, %llu written: %s",
			 output_option(output->format), recording->path,
			 (unsigned long long)recording->lost,
			 (unsigned long long)recording->written,
			 recording->error);
		return lossless ? EXIT_STATUS_OS_LIMIT : EXIT_STATUS_OK;
	}
	return EXIT_STATUS_OK;
}

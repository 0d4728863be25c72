/*
 * drivers/record/recorder.h: one ordinary thread that takes frames out of a
 * tap and writes them to --record and --digest.
 *
 * The outputs are opened, and refused, before anything runs. While it runs a
 * full disk, a short write, a closed pipe or a stalled reader costs frames,
 * never ticks: the first error ends that output at its last whole frame, names
 * itself once, and every later frame is counted as lost. Opening a FIFO waits
 * for its reader, for at most OUTPUT_READER_WAIT_MS.
 *
 * Read next: runtime/port/tap.h (where frames come from), drivers/record/output.h.
 */
#ifndef DRIVERS_RECORD_RECORDER_H
#define DRIVERS_RECORD_RECORDER_H

#include "drivers/record/output.h"
#include "runtime/base/exit_status.h"
#include "runtime/port/tap.h"
#include "runtime/base/thread.h"

#define RECORDER_OUTPUTS_MAX 2

struct recorder {
	/* main thread only */
	struct thread thread;
	/* shared */
	atomic_bool stop;
	/* recorder thread only, while it runs */
	struct tap *tap;
	uint32_t output_count;
	struct output output[RECORDER_OUTPUTS_MAX];
};

/*
 * Main thread. Opens the outputs that are not NULL. On a refusal: one line in
 * `error` that names the file and the way out, nothing left open, and the exit
 * status to leave with; else EXIT_STATUS_OK. Files are as they were: see
 * recorder_begin.
 */
enum exit_status recorder_open(struct recorder *recorder,
			       const struct graph *graph,
			       const char *record_path, const char *digest_path,
			       char *error, size_t error_bytes)
	__attribute__((warn_unused_result));

/* Main thread, when nothing refuses the start any more, before the first frame:
 * empties the files. Without it recorder_finish leaves no trace. */
void recorder_begin(struct recorder *recorder);

/* Main thread: starts the thread on a tap that outlives it. 0 or -errno. */
int recorder_start(struct recorder *recorder, struct tap *tap)
	__attribute__((warn_unused_result));

/*
 * Main thread, once the tap's producer has ended: waits
 * until the frames in the tap are written or lost, ends the thread and closes
 * the outputs. Bounded: a reader that takes nothing for WRITE_STALL_MS ends
 * its output. Safe on a zeroed recorder and on one that was never started.
 */
void recorder_finish(struct recorder *recorder);

/*
 * After recorder_finish: what became of the frames; NULL where that output was
 * not asked for.
 */
const struct recording *recorder_recording(const struct recorder *recorder);
const struct recording *recorder_digest(const struct recorder *recorder);

/* After recorder_finish: counts frames that never reached the tap (the
 * `record_lost` of struct stats) as lost in every output. */
void recorder_count_lost(struct recorder *recorder, uint64_t frames);

/*
 * After that: where an output lost frames, one line that names it, how many
 * and the first reason; else an empty line. A loss is the exit status only
 * where the recording was to be `lossless` (--clock free).
 */
enum exit_status recorder_verdict(const struct recorder *recorder,
				  bool lossless, char *line, size_t line_bytes)
	__attribute__((warn_unused_result));

#endif

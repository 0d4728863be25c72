/*
 * drivers/display/kms/trial.c: see trial.h.
 */
#include "drivers/display/kms/trial.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "drivers/display/kms/flip.h"
#include "runtime/base/message.h"

#define FLIPS_WANTED 2u
#define FLIPS_TRIED  4u /* an event may get lost */
#define SHOWN	     1	/* the slot on view after it; the first frame's is 0 */

/* Why a candidate is turned down: one line without its name. */
struct trial_reason {
	char text[DISPLAY_REJECTION_MAX];
};

#define trial_say(reason, ...)                                                 \
	(snprintf((reason)->text, sizeof((reason)->text), __VA_ARGS__), false)

/* ---- 1. memory ----------------------------------------------------------- */

static struct image trial_image(const struct kms_buffer *buffer)
{
	return (struct image){
		.base = kms_buffer_pixels(buffer),
		.pitch = buffer->pitch,
		.width = buffer->width,
		.height = buffer->height,
	};
}

/* Each buffer's own, and another one in each trial: what an earlier one has
 * left is no proof. */
static uint32_t trial_seed(uint32_t slot, uint32_t candidate)
{
	return (candidate * KMS_SLOTS + slot + 1) * UINT32_C(0x9e3779b1);
}

static bool trial_draw(struct kms_output *output, uint32_t candidate,
		       bool black, struct trial_reason *reason)
{
	struct kms_maker *maker = &output->maker;
	const struct display_memory *memory = maker->memory;
	uint32_t i;

	for (i = 0; i < KMS_SLOTS; i++) {
		const struct image image = trial_image(&output->buffer[i]);

		if (!memory->map->mark(memory->context, &image,
				       trial_seed(i, candidate), black,
				       maker->line))
			return trial_say(reason,
					 "the GPU does not draw in it: %s",
					 maker->line);
	}
	return true;
}

static bool trial_compare_row(const struct kms_buffer *buffer, uint32_t seed,
			      uint32_t y, uint32_t *wrong)
{
	const uint32_t *row =
		(const void *)(buffer->base + (size_t)y * buffer->pitch);
	uint32_t x;

	for (x = 0; x < buffer->width; x++)
		if (row[x] != graph_mark_pixel(seed, x, y)) {
			*wrong = x;
			return false;
		}
	return true;
}

static bool trial_sync(struct kms_output *output, uint32_t slot,
		       struct trial_reason *reason)
{
	struct kms_maker *maker = &output->maker;

	if (!maker->provider->sync ||
	    maker->provider->sync(&output->buffer[slot], maker))
		return true;
	return trial_say(reason, "%s", maker->line);
}

static bool trial_compare(struct kms_output *output, uint32_t candidate,
			  struct trial_reason *reason)
{
	uint32_t i, x, y;

	for (i = 0; i < KMS_SLOTS; i++) {
		const struct kms_buffer *buffer = &output->buffer[i];
		uint32_t seed = trial_seed(i, candidate);

		if (!trial_sync(output, i, reason))
			return false;
		for (y = 0; y < buffer->height; y++)
			if (!trial_compare_row(buffer, seed, y, &x))
				return trial_say(
					reason,
					"what the GPU drew is not what the CPU "
					"reads: pixel %u,%u of buffer %u",
					x, y, i);
	}
	return true;
}

/* ---- 3. the screen ------------------------------------------------------- */

/* From one to the other; ends with SHOWN on view. One that does not end keeps
 * the next one out. */
static int trial_flip(struct kms_output *output, uint32_t *done)
{
	struct kms_flip flip = {.pending = false};
	int result = kms_flip_init(&flip, output, SHOWN);
	uint32_t i;

	*done = 0;
	for (i = 0; i < FLIPS_TRIED && *done < FLIPS_WANTED; i++) {
		if (result < 0 && result != -EBUSY)
			return result;
		result =
			kms_flip_once(&flip, output, *done ? SHOWN : SHOWN + 1);
		*done += result > 0;
	}
	return 0;
}

static bool trial_show(struct kms_output *output, struct trial_reason *reason)
{
	uint32_t done = 0;
	int error = kms_output_show(output, SHOWN);

	if (error)
		return trial_say(reason,
				 "the display's driver takes such buffers when "
				 "asked and refuses to show one: %s",
				 strerror(-error));
	error = trial_flip(output, &done);
	if (error)
		return trial_say(reason, "flips: %s", strerror(-error));
	if (done < FLIPS_WANTED)
		return trial_say(reason, "%u of %u flips came to an end", done,
				 FLIPS_TRIED);
	return true;
}

/* ---- one candidate ------------------------------------------------------- */

static bool trial_fits(const struct kms_output *output,
		       struct trial_reason *reason)
{
	if (output->plane.format == GRAPH_FORMAT_XRGB8888)
		return true;
	return trial_say(reason, "plane %u shows %s, the GPU draws XRGB8888",
			 output->plane.id,
			 graph_format_name(output->plane.format));
}

static bool trial_make(struct kms_output *output, struct trial_reason *reason)
{
	int error = kms_output_make_buffers(output);

	if (!error)
		return true;
	return trial_say(reason, "%s",
			 error == -ENOTSUP && output->maker.line[0]
				 ? output->maker.line
				 : strerror(-error));
}

static bool trial_test(struct kms_output *output, struct trial_reason *reason)
{
	int error = kms_output_test(output, SHOWN);

	if (!error)
		return true;
	return trial_say(reason,
			 "the display's driver refuses such buffers: %s",
			 strerror(-error));
}

/* The buffers of before again, on the screen too where it shows the others. */
static void trial_undo(struct kms_output *output,
		       struct kms_buffer before[KMS_SLOTS])
{
	kms_output_swap_buffers(output, before);
	if (output->taken && kms_output_show(output, SHOWN))
		message("kms: %s: the screen stays dark until the first frame",
			output->connector.name);
}

/* The buffers are the candidate's; false: as they were before. */
static bool trial_candidate(struct kms_output *output,
			    const struct kms_provider *candidate,
			    uint32_t number, bool show,
			    struct trial_reason *reason)
{
	const struct kms_provider *provider = output->maker.provider;
	struct kms_buffer before[KMS_SLOTS];
	bool fits;

	if (!trial_fits(output, reason))
		return false;
	memcpy(before, output->buffer, sizeof(before));
	memset(output->buffer, 0, sizeof(output->buffer));
	output->maker.provider = candidate;
	fits = trial_make(output, reason) &&
	       trial_draw(output, number, false, reason) &&
	       trial_compare(output, number, reason) &&
	       trial_draw(output, number, true, reason) &&
	       trial_test(output, reason) &&
	       (!show || trial_show(output, reason));
	if (!fits)
		trial_undo(output, before);
	kms_output_drop_buffers(output, before);
	if (!fits)
		output->maker.provider = provider;
	return fits;
}

/* ---- all of them --------------------------------------------------------- */

static void trial_reject(struct kms_output *output,
			 const struct kms_provider *candidate,
			 const struct trial_reason *reason)
{
	struct display_rejection *row =
		&output->rejected[output->rejected_count++];

	snprintf(row->what, sizeof(row->what), "%s", candidate->name);
	memcpy(row->why, reason->text, sizeof(row->why));
	message("kms: buffers: not %s: %s", row->what, row->why);
}

static int trial_refuse(const struct kms_provider *wanted,
			const struct trial_reason *reason,
			struct kms_refusal *refusal)
{
	return kms_refuse(refusal, -ENOTSUP,
			  "buffers=%s: %s: name another, or leave buffers out",
			  wanted->name, reason->text);
}

static int trial_wanted(struct kms_output *output,
			const struct kms_provider *wanted,
			struct kms_refusal *refusal)
{
	struct trial_reason reason;

	if (!wanted->is_device)
		return 0;
	if (!output->maker.memory || !output->maker.memory->map)
		return kms_refuse(refusal, -EINVAL,
				  "--display kms: buffers=%s is for a picture "
				  "that CUDA draws: use --backend cuda, or "
				  "leave buffers out",
				  wanted->name);
	return trial_candidate(output, wanted, 0, false, &reason)
		       ? 0
		       : trial_refuse(wanted, &reason, refusal);
}

int kms_trial_choose(struct kms_output *output,
		     const struct kms_settings *settings,
		     struct kms_refusal *refusal)
{
	const struct kms_provider *order[KMS_PROVIDERS_MAX];
	struct trial_reason reason;
	uint32_t i;

	if (settings->reopen)
		return 0;
	if (settings->provider)
		return trial_wanted(output, settings->provider, refusal);
	if (!output->maker.memory || !output->maker.memory->map)
		return 0;
	kms_provider_order(order);
	for (i = 0; order[i]; i++) {
		if (trial_candidate(output, order[i], i, true, &reason))
			break;
		trial_reject(output, order[i], &reason);
	}
	return 0;
}

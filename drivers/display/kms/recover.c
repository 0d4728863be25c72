/*
 * drivers/display/kms/recover.c: see recover.h.
 */
#include "drivers/display/kms/recover.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/message.h"
#include "runtime/time/clock.h"

#define STEADY_FLIPS 30 /* flips after which a recovery counts as good */

/* ---- the connector, while the ticks run ----------------------------------- */

/* The connector has other modes than when one was chosen, and now another one
 * would be: the mode is gone, or a better one has come. */
static bool wants_other_mode(const struct kms_recover *recover)
{
	const drmModeConnector *info = recover->look.info;
	const struct kms_output *output = recover->output;
	const drmModeModeInfo *best;

	if (!output->mode_blob || !info->count_modes ||
	    kms_mode_lists_are_same(info, output->connector.info))
		return false;
	best = kms_output_best_mode(output, &recover->settings, info);
	return best && !kms_mode_is_same(best, &output->mode);
}

/* Where the tick thread should park; RUNNING: all is well. */
static enum display_state recover_wanted_state(struct kms_recover *recover)
{
	int error = kms_connector_probe(&recover->look,
					recover->output->device.fd,
					recover->output->connector.id);

	if (error == -ENODEV || error == -ENOENT)
		return DISPLAY_STATE_GONE;
	if (error)
		return DISPLAY_STATE_RUNNING;
	if (recover->had_sink && !kms_connector_is_connected(&recover->look))
		return DISPLAY_STATE_NO_SINK;
	if (recover->output->device.firmware &&
	    kms_device_has_rival(&recover->output->device, &recover->settings))
		return DISPLAY_STATE_GONE;
	if (kms_connector_is_link_bad(&recover->look) ||
	    wants_other_mode(recover))
		return DISPLAY_STATE_RECOVERING;
	return DISPLAY_STATE_RUNNING;
}

static void recover_look(struct kms_recover *recover)
{
	/* also that all is well: what an earlier look asked for, and the tick
	 * thread has not come to yet, is over then */
	atomic_store_explicit(&recover->state->asked, recover_wanted_state(recover),
			      memory_order_relaxed);
}

/* ---- recoveries: the helper owns the output ------------------------------- */

static uint64_t flips(const struct kms_recover *recover)
{
	return atomic_load_explicit(&recover->state->health->flips,
				    memory_order_relaxed);
}

/* The slot to show: the newest frame that the display accepted. */
static uint32_t newest_slot(const struct kms_recover *recover)
{
	return recover->flip->pending ? recover->flip->slot
				      : recover->flip->shown;
}

/* The display works again: the tick thread's from here. */
static void recover_give_back(struct kms_recover *recover)
{
	recover->refused = 0;
	/* asked for while the tick thread was parking */
	atomic_store_explicit(&recover->state->asked, DISPLAY_STATE_RUNNING,
			      memory_order_relaxed);
	recover->flips_before = flips(recover);
	atomic_fetch_add_explicit(&recover->state->health->recoveries, 1,
				  memory_order_relaxed);
	kms_state_set(recover->state, DISPLAY_STATE_RUNNING);
}

static void recover_give_up(struct kms_recover *recover)
{
	kms_state_set(recover->state, DISPLAY_STATE_FAILED);
}

/* A recovery did not work: which state to wait in. */
static void recover_fail(struct kms_recover *recover, int error)
{
	kms_state_count_error(recover->state, error);
	switch (-error) {
	case EACCES:
	case EPERM:
		kms_state_set(recover->state, DISPLAY_STATE_NO_MASTER);
		return;
	case ENODEV:
	case ENOENT:
		kms_state_set(recover->state,
			      recover->output->device.fd < 0
				      ? DISPLAY_STATE_GONE
				      : DISPLAY_STATE_NO_SINK);
		return;
	default:
		kms_state_set(recover->state, DISPLAY_STATE_RECOVERING);
		if (++recover->refused == KMS_REFUSED_MAX)
			recover_give_up(recover);
	}
}

/* ENODEV from a commit or a probe, unlike a connector without modes, says that
 * the device is away. */
static int close_if_gone(struct kms_recover *recover, int error)
{
	if (error == -ENODEV && recover->output->device.fd >= 0 &&
	    !recover->output->connector.info)
		kms_output_close(recover->output);
	return error;
}

/* Mode set and newest frame; the events of before are nobody's. */
static int recover_show(struct kms_recover *recover)
{
	int error = kms_output_show_best(recover->output, newest_slot(recover),
					 &recover->settings,
					 &recover->refusal);

	if (error == -ENODEV)
		kms_output_close(recover->output);
	return error;
}

/* A line where it is another device, connector or mode than before. */
static void tell_change(struct kms_recover *recover)
{
	char text[DISPLAY_TEXT_MAX];

	kms_output_text(recover->output, text, sizeof(text));
	if (!strcmp(text, recover->text))
		return;
	memcpy(recover->text, text, sizeof(text));
	message("kms: now %s", text);
	kms_output_tell_slower(recover->output, &recover->settings);
}

static void recover_finish(struct kms_recover *recover, int error)
{
	if (error) {
		recover_fail(recover, error);
		return;
	}
	tell_change(recover);
	recover_give_back(recover);
}

static void recover_stall(struct kms_recover *recover)
{
	bool relapsed = flips(recover) - recover->flips_before < STEADY_FLIPS;
	int error;

	recover->stalls = relapsed ? recover->stalls + 1 : 1;
	kms_state_set(recover->state, DISPLAY_STATE_RECOVERING);
	if (recover->stalls == KMS_STALLS_MAX) {
		recover_give_up(recover);
		return;
	}
	if (recover->stalls > 1) {
		error = kms_output_darken(recover->output);
		if (error)
			kms_state_count_error(recover->state, error);
	}
	error = recover_show(recover);
	recover_finish(recover, error);
}

static void recover_mode(struct kms_recover *recover)
{
	int error = close_if_gone(recover,
				  kms_output_renew(recover->output,
						   &recover->settings,
						   &recover->refusal));

	kms_state_set(recover->state, DISPLAY_STATE_RECOVERING);
	if (!error)
		error = recover_show(recover);
	recover_finish(recover, error);
}

static void recover_master(struct kms_recover *recover)
{
	if (!kms_device_is_master(&recover->output->device))
		return;
	kms_state_set(recover->state, DISPLAY_STATE_RECOVERING);
	recover_finish(recover, recover_show(recover));
}

static int reopen(struct kms_recover *recover)
{
	struct kms_settings settings = recover->settings;
	int error;

	kms_output_close(recover->output);
	error = kms_output_open(recover->output, &settings, &recover->refusal);
	if (error == -ENODEV && settings.device[0] == '/') {
		snprintf(settings.device, sizeof(settings.device), "%s",
			 settings.driver);
		error = kms_output_open(recover->output, &settings,
					&recover->refusal);
	}
	return error;
}

/* Waits for ever: a device may be away for as long as it likes. */
static void recover_device(struct kms_recover *recover)
{
	int error = reopen(recover);

	if (error)
		return;
	kms_state_set(recover->state, DISPLAY_STATE_RECOVERING);
	error = recover_show(recover);
	if (!error)
		error = kms_flip_init(recover->flip, recover->output,
				      newest_slot(recover));
	recover_finish(recover, error);
}

/* Nothing is plugged in: a forced look, and on when there is. */
static void recover_sink(struct kms_recover *recover)
{
	int error = kms_connector_probe(&recover->look,
					recover->output->device.fd,
					recover->output->connector.id);

	if (error) {
		kms_output_close(recover->output);
		recover_fail(recover, -ENODEV);
	} else if (kms_connector_is_connected(&recover->look) &&
		   recover->look.info->count_modes) {
		recover_mode(recover);
	} else if (kms_device_has_rival(&recover->output->device,
					&recover->settings)) {
		kms_state_set(recover->state, DISPLAY_STATE_GONE);
		recover_device(recover);
	}
}

void kms_recover_round(struct kms_recover *recover)
{
	switch (kms_state_now(recover->state)) {
	case DISPLAY_STATE_STALLED:
		recover_stall(recover);
		break;
	case DISPLAY_STATE_NO_MASTER:
		recover_master(recover);
		break;
	case DISPLAY_STATE_NO_SINK:
		recover_sink(recover);
		break;
	case DISPLAY_STATE_GONE:
		recover_device(recover);
		break;
	case DISPLAY_STATE_RECOVERING:
		recover_mode(recover);
		break;
	case DISPLAY_STATE_FAILED:
		break;
	default:
		recover_look(recover);
	}
	recover->round_ns = clock_now_ns();
}

/* ---- when ------------------------------------------------------------------ */

bool kms_recover_takes_hint(const struct kms_recover *recover)
{
	enum display_state now = kms_state_now(recover->state);

	return kms_state_is_ticks(now) || now == DISPLAY_STATE_NO_SINK ||
	       now == DISPLAY_STATE_GONE;
}

int64_t kms_recover_due_ns(const struct kms_recover *recover)
{
	enum display_state now = kms_state_now(recover->state);

	return recover->round_ns +
	       (kms_state_is_ticks(now) ? KMS_LOOK_MS : KMS_RETRY_MS) *
		       NS_PER_MS;
}

void kms_recover_init(struct kms_recover *recover,
		      struct kms_helper *helper)
{
	recover->settings.reopen = true;
	recover->settings.helper = helper;
	/* the cycle draws for this one, whatever device comes back */
	recover->settings.format = recover->output->plane.format;
	recover->settings.format_given = true;
	recover->settings.provider = recover->output->maker.provider;
	snprintf(recover->settings.driver, sizeof(recover->settings.driver),
		 "%s", recover->output->device.driver);
	kms_output_text(recover->output, recover->text, sizeof(recover->text));
	recover->had_sink =
		kms_connector_is_connected(&recover->output->connector);
	recover->flips_before = 0;
	recover->round_ns = clock_now_ns();
}

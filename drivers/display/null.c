/*
 * drivers/display/null.c: a sink that takes every frame and keeps none. Its
 * one slot is free again at once; it is for measuring everything but a
 * display.
 */
#include "drivers/display/drivers.h"
#include "drivers/display/memory.h"

static int null_open(struct display *display,
		     const struct display_config *config)
{
	return memory_open(display, config, 1);
}

static enum display_status null_present(struct display *display, uint32_t slot,
					const struct frame *frame)
{
	(void)display;
	(void)slot;
	(void)frame;
	return DISPLAY_FREED;
}

const struct display_ops null_display = {
	.name = "null",
	.help = "nowhere: for measuring",
	.open = null_open,
	.present = null_present,
	.close = memory_close,
};

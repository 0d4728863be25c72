/*
 * drivers/display/headless.c: a display without hardware: three slots in
 * ordinary memory. A presented frame is on view at once and stays so until the
 * next one is presented; nothing is ever busy or lost.
 */
#include "drivers/display/drivers.h"
#include "drivers/display/memory.h"

#define HEADLESS_SLOTS 3

static int headless_open(struct display *display,
			 const struct display_config *config)
{
	return memory_open(display, config, HEADLESS_SLOTS);
}

static enum display_status headless_present(struct display *display,
					    uint32_t slot,
					    const struct frame *frame)
{
	(void)display;
	(void)slot;
	(void)frame;
	return DISPLAY_SHOWN;
}

const struct display_ops headless_display = {
	.name = "headless",
	.help = "memory only, for recording and machines without a screen",
	.open = headless_open,
	.present = headless_present,
	.close = memory_close,
};

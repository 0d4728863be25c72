/*
 * kernel/ease.h: how far a movement is that began when a parameter changed; for
 * foo_tick.
 */
#ifndef KERNEL_EASE_H
#define KERNEL_EASE_H

#include "kernel/node.h"

/* Seconds since the last change of parameter `param`, up to `most`. */
NODE_HOST double ease_since(const struct tick *tick, uint32_t param,
			    double most)
{
	uint64_t ticks = tick->number - tick->changed[param];
	double seconds = (double)ticks * tick->rate_den / tick->rate_num;

	return seconds < most ? seconds : most;
}

/* 0 to 1, fast at first and slow at the end: 1 - (1 - t)^3. */
NODE_HOST double ease_out(double t)
{
	double rest = 1 - t;

	return 1 - rest * rest * rest;
}

/*
 * How much of something that is switched by a bool parameter is there, 0 to 1:
 * it comes and goes within `seconds` of the change. What was off before the
 * run has never been there.
 */
NODE_HOST double ease_switch(const struct tick *tick, uint32_t param, bool on,
			     double seconds)
{
	double part = ease_out(ease_since(tick, param, seconds) / seconds);

	if (on)
		return part;
	return tick->changed[param] ? 1 - part : 0;
}

#endif

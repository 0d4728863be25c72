/*
 * kernel/time.h: the time of day, the date, a time that counts up or down, or the
 * age of a source's frame, as a label; a filter.
 *
 * The time of day is the machine's at the tick's start (struct run), moved into
 * a zone by the rules baked here. What counts is made of ticks alone. An age is
 * the tick's start less the stamp of the frame that it shows.
 */
#ifndef KERNEL_TIME_H
#define KERNEL_TIME_H

#include "kernel/calendar.h"
#include "kernel/decimal.h"
#include "kernel/label.h"

enum time_show {
	TIME_CLOCK,
	TIME_DATE,
	TIME_DATE_AND_CLOCK,
	TIME_COUNT_UP,
	TIME_COUNTDOWN,
	TIME_AGE
};
enum time_fraction { TIME_NONE, TIME_FRAMES, TIME_MILLISECONDS };

#define TIME_RUNNING 4 /* index of that parameter */

struct time_params {
	int32_t show;	  /* enum time_show */
	int32_t fraction; /* enum time_fraction */
	int32_t zone;	  /* min */
	int32_t summer;	  /* enum calendar_summer */
	int32_t running;
	int32_t duration; /* s */
	int32_t size;	  /* px */
	uint32_t color;
	int32_t anchor;
	int32_t offset[2]; /* px */
	uint32_t box;
	int32_t padding; /* px */
	int32_t source;	 /* 1 + index; 0: none */
};

struct time_uniform {
	struct label_uniform label;
};

/* A number with zeros in front, `digits` long at least. */
NODE_HOST void time_digits(struct decimal *text, uint64_t value,
			   uint32_t digits)
{
	uint64_t least = 10;

	while (--digits) {
		if (value < least)
			decimal_string(text, "0");
		least *= 10;
	}
	decimal_integer(text, value);
}

/* "13:04:59" and the fraction: a frame's number in its second, or ".042". */
NODE_HOST void time_clock(struct decimal *text, uint64_t seconds,
			  int32_t fraction, uint64_t frame, uint64_t ms)
{
	time_digits(text, seconds / 3600, 2);
	decimal_string(text, ":");
	time_digits(text, seconds / 60 % 60, 2);
	decimal_string(text, ":");
	time_digits(text, seconds % 60, 2);
	if (fraction == TIME_FRAMES) {
		decimal_string(text, ":");
		time_digits(text, frame, 2);
	} else if (fraction == TIME_MILLISECONDS) {
		decimal_string(text, ".");
		time_digits(text, ms, 3);
	}
}

NODE_HOST void time_of_day(const struct time_params *params,
			   const struct tick *tick, struct decimal *text)
{
	int64_t ms = calendar_local_ms(
		tick->run->wall_ms, params->zone,
		(enum calendar_summer)params->summer);
	int64_t day = calendar_floor(ms, CALENDAR_DAY_MS);
	uint64_t rest = (uint64_t)(ms - day * CALENDAR_DAY_MS);
	struct calendar_date date = calendar_date(day);

	if (params->show != TIME_CLOCK) {
		time_digits(text, (uint64_t)date.year, 4);
		decimal_string(text, "-");
		time_digits(text, date.month, 2);
		decimal_string(text, "-");
		time_digits(text, date.day, 2);
	}
	if (params->show == TIME_DATE_AND_CLOCK)
		decimal_string(text, " ");
	if (params->show != TIME_DATE)
		time_clock(text, rest / 1000, params->fraction,
			   rest % 1000 * tick->rate_num / tick->rate_den / 1000,
			   rest % 1000);
}

/* Whole seconds of `ticks`, and the ticks from the first one of that second on.
 * More than an hour of hours is shown as that. */
NODE_HOST void time_ticks(const struct tick *tick, uint64_t ticks,
			  int32_t fraction, struct decimal *text)
{
	uint64_t num = tick->rate_num, den = tick->rate_den;
	uint64_t whole = ticks / num * den, rest = ticks % num * den;
	uint64_t seconds = whole + rest / num;

	time_clock(text, seconds, fraction, rest % num / den,
		   rest % num * 1000 / num);
}

/* What is left of the duration, in ticks; none of it less than nothing. */
NODE_HOST uint64_t time_left(const struct time_params *params,
			     const struct tick *tick, uint64_t ticks)
{
	uint64_t all = ((uint64_t)params->duration * tick->rate_num +
			tick->rate_den - 1) /
		       tick->rate_den;

	return ticks < all ? all - ticks : 0;
}

/* Whole milliseconds; a dash where there is no frame, or no stamp in it. */
NODE_HOST void time_age(const struct time_params *params,
			const struct tick *tick, struct decimal *text)
{
	uint32_t index = (uint32_t)params->source - 1;

	if (index >= tick->source_count || !tick->source[index].shown ||
	    !tick->source[index].stamped) {
		decimal_string(text, "-");
		return;
	}
	decimal_integer(text, (uint64_t)tick->source[index].age_ns / 1000000);
	decimal_string(text, " ms");
}

NODE_HOST void time_tick(const struct time_params *params,
			 const struct tick *tick, void *state,
			 struct time_uniform *uniform)
{
	struct label_params label = {.size = params->size,
				     .color = params->color,
				     .anchor = params->anchor,
				     .box = params->box,
				     .padding = params->padding};
	uint64_t ticks = params->running
				 ? tick->number - tick->changed[TIME_RUNNING]
				 : 0;
	struct decimal text = {0};

	label.offset[0] = params->offset[0];
	label.offset[1] = params->offset[1];
	if (params->show == TIME_COUNT_UP)
		time_ticks(tick, ticks, params->fraction, &text);
	else if (params->show == TIME_COUNTDOWN)
		time_ticks(tick, time_left(params, tick, ticks),
			   params->fraction, &text);
	else if (params->show == TIME_AGE)
		time_age(params, tick, &text);
	else
		time_of_day(params, tick, &text);
	memcpy(label.text, text.text, text.length + 1);
	label_tick(&label, tick, state, &uniform->label);
}

NODE_PIXEL bool time_touches(const struct time_uniform *uniform, int32_t x,
			     int32_t y)
{
	return label_touches(&uniform->label, x, y);
}

NODE_PIXEL uint32_t time_pixel(const struct time_uniform *uniform, int32_t x,
			       int32_t y, uint32_t in)
{
	return label_pixel(&uniform->label, x, y, in);
}

NODE_PIXEL void time_run(const struct time_uniform *uniform, int32_t x,
			 int32_t y, const uint32_t *in, uint32_t *out)
{
	label_run(&uniform->label, x, y, in, out);
}

NODE_HOST void time_span(const struct time_uniform *uniform, int32_t y,
			 int32_t x0, int32_t x1, const uint32_t *const in[],
			 uint32_t *out)
{
	label_span(&uniform->label, y, x0, x1, in, out);
}

#endif

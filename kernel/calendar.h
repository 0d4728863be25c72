/*
 * kernel/calendar.h: days, dates and zones, for foo_tick. The Gregorian calendar,
 * for every year; no leap seconds, as everywhere in computers.
 */
#ifndef KERNEL_CALENDAR_H
#define KERNEL_CALENDAR_H

#include "kernel/node.h"

#define CALENDAR_HOUR_MS INT64_C(3600000)
#define CALENDAR_DAY_MS	 (24 * CALENDAR_HOUR_MS)

/* Where a zone's clocks are one hour ahead in summer. */
enum calendar_summer {
	CALENDAR_NO_SUMMER,
	CALENDAR_EUROPE, /* last Sundays of March and October, at 1:00 UTC */
	CALENDAR_AMERICA /* second Sunday of March at 2:00 standard time to the
			    first one of November at 2:00 summer time */
};

struct calendar_date {
	int64_t year;
	uint32_t month, day; /* from 1 */
};

NODE_HOST int64_t calendar_floor(int64_t value, int64_t by)
{
	return value / by - (value % by < 0 ? 1 : 0);
}

/* Days since 1970-01-01 of a date: years begin in March, so that a leap day is
 * the last one. */
NODE_HOST int64_t calendar_day(int64_t year, uint32_t month, uint32_t day)
{
	int64_t years = month > 2 ? year : year - 1;
	int64_t era = calendar_floor(years, 400), in_era = years - era * 400;
	int64_t in_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;

	return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 +
	       in_year - 719468;
}

NODE_HOST struct calendar_date calendar_date(int64_t days)
{
	struct calendar_date date;
	int64_t era, in_era, years, in_year, month;

	days += 719468;
	era = calendar_floor(days, 146097);
	in_era = days - era * 146097;
	years = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) /
		365;
	in_year = in_era - (365 * years + years / 4 - years / 100);
	month = (5 * in_year + 2) / 153;
	date.day = (uint32_t)(in_year - (153 * month + 2) / 5 + 1);
	date.month = (uint32_t)(month < 10 ? month + 3 : month - 9);
	date.year = years + era * 400 + (date.month <= 2 ? 1 : 0);
	return date;
}

/* The last Sunday up to a day. */
NODE_HOST int64_t calendar_sunday(int64_t day)
{
	int64_t since = day + 4; /* 1970-01-01 was a Thursday */

	return day - (since - 7 * calendar_floor(since, 7));
}

NODE_HOST bool calendar_is_summer(int64_t utc_ms, int64_t zone_ms,
				  enum calendar_summer summer)
{
	int64_t year = calendar_date(calendar_floor(utc_ms + zone_ms,
						    CALENDAR_DAY_MS))
			       .year;
	int64_t from, to;

	if (summer == CALENDAR_NO_SUMMER)
		return false;
	if (summer == CALENDAR_EUROPE) {
		from = calendar_sunday(calendar_day(year, 3, 31)) *
			       CALENDAR_DAY_MS +
		       CALENDAR_HOUR_MS;
		to = calendar_sunday(calendar_day(year, 10, 31)) *
			     CALENDAR_DAY_MS +
		     CALENDAR_HOUR_MS;
		return utc_ms >= from && utc_ms < to;
	}
	from = calendar_sunday(calendar_day(year, 3, 14)) * CALENDAR_DAY_MS +
	       2 * CALENDAR_HOUR_MS;
	to = calendar_sunday(calendar_day(year, 11, 7)) * CALENDAR_DAY_MS +
	     CALENDAR_HOUR_MS;
	return utc_ms + zone_ms >= from && utc_ms + zone_ms < to;
}

/* What clocks show, as milliseconds since 1970-01-01 00:00 there; zone_min: of
 * standard time, minutes east of Greenwich. */
NODE_HOST int64_t calendar_local_ms(int64_t utc_ms, int32_t zone_min,
				    enum calendar_summer summer)
{
	int64_t zone_ms = (int64_t)zone_min * 60000;

	if (calendar_is_summer(utc_ms, zone_ms, summer))
		zone_ms += CALENDAR_HOUR_MS;
	return utc_ms + zone_ms;
}

#endif

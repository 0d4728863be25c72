/*
 * tools/tickline/sensors.h: clocks, temperatures and throttling, where sysfs has
 * them: cpufreq, devfreq (GPUs of Jetson), thermal zones, the CPUs' throttle
 * counters. What is not there is left out.
 */
#ifndef TOOLS_TICKLINE_SENSORS_H
#define TOOLS_TICKLINE_SENSORS_H

#include <stdint.h>
#include <stdio.h>

#define SENSORS_MAX	 16
#define SENSORS_NAME_MAX 32

struct sensor {
	char name[SENSORS_NAME_MAX];
	int64_t value;
};

struct sensors {
	uint32_t cpus; /* with a clock */
	int64_t cpu_min_khz, cpu_max_khz; /* the slowest's and the quickest's now */
	int64_t throttled; /* times that CPUs were, since boot; -1: not told */
	uint32_t gpus, zones;
	struct sensor gpu[SENSORS_MAX];	 /* Hz now */
	struct sensor zone[SENSORS_MAX]; /* 1/1000 degree Celsius */
};

/* root: where sysfs is. */
void sensors_read(struct sensors *sensors, const char *root);

/* One line, or nothing. */
void sensors_print(const struct sensors *sensors, FILE *out);

#endif

/*
 * runtime/observe/fps.c: the window of runtime/observe/fps.h.
 */
#include "runtime/observe/fps.h"

#include "runtime/base/rate.h"

void fps_add(struct fps *fps, int64_t time_ns)
{
	fps->time_ns[fps->next] = time_ns;
	fps->next = (fps->next + 1) % FPS_FRAMES;
	if (fps->count < FPS_FRAMES)
		fps->count++;
}

double fps_value(const struct fps *fps)
{
	uint32_t newest = (fps->next + FPS_FRAMES - 1) % FPS_FRAMES;
	uint32_t oldest = (fps->next + FPS_FRAMES - fps->count) % FPS_FRAMES;
	int64_t span_ns;
	double value;

	if (fps->count < 2)
		return 0;
	span_ns = fps->time_ns[newest] - fps->time_ns[oldest];
	if (span_ns <= FPS_SPAN_MIN_NS)
		return 0;
	value = (fps->count - 1) * (double)NS_PER_SECOND / (double)span_ns;
	return value < FPS_MAX ? value : FPS_MAX;
}

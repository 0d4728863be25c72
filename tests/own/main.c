/*
 * tests/own/main.c: a program with a list of drivers of its own: those of this
 * folder before some of the product's.
 */
#include "drivers/cuda/cuda.h"
#include "runtime/main.h"

extern const struct display_ops slow_display, headless_display;
extern const struct source_ops count_source, flaky_source, pattern_source;

static const struct display_ops *const displays[] = {&headless_display,
						     &slow_display, NULL};
static const struct source_ops *const sources[] = {
	&count_source, &flaky_source, &pattern_source, NULL};
static const struct backend_ops *const backends[] = {&cuda_backend,
						     &cpu_backend, NULL};

int main(int argc, char *argv[])
{
	const struct drivers own = {displays, sources, backends, NULL};

	return tickline(&own, argc, argv);
}

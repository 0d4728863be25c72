/* atlas.h: a test's node: all that a parameter can name; a filter. */
#ifndef TESTS_ATLAS_H
#define TESTS_ATLAS_H

#include "kernel/baked.h"
#ifndef GRAPH_BAKED
#include "kernel/baked_sample.h"
#endif

struct atlas_params {
	int32_t first, map, second, of;
};

struct atlas_uniform {
	uint32_t width, height, pixel; /* of `second` */
	uint32_t point;		       /* in the grids, of `map` */
	uint32_t add;
};

NODE_HOST void atlas_tick(const struct atlas_params *params,
			  const struct tick *tick, void *state,
			  struct atlas_uniform *uniform)
{
	const struct baked_image *image = &baked_images[params->second];

	(void)tick;
	(void)state;
	uniform->width = image->width;
	uniform->height = image->height;
	uniform->pixel = image->first;
	uniform->point = baked_grids[params->map].first;
	uniform->add = (uint32_t)params->of + baked_images[params->first].width;
}

NODE_PIXEL uint32_t atlas_pixel(const struct atlas_uniform *uniform, int32_t x,
				int32_t y, uint32_t in)
{
	uint32_t pixel = in;

	if (uniform->width)
		pixel = baked_pixels()[uniform->pixel +
				       (uint32_t)y % uniform->height *
					       uniform->width +
				       (uint32_t)x % uniform->width];
	pixel = pixel >> 24 == 255 ? pixel : in;
	return 0xff000000 |
	       ((pixel ^ (uint32_t)baked_points()[uniform->point] ^
		 uniform->add) &
		0xffffff);
}

#endif

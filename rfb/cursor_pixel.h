/* cursor_pixel.h - one pixel of a pointer image without its alpha.
 *
 * Threads: any.
 */
#ifndef RFB_CURSOR_PIXEL_H
#define RFB_CURSOR_PIXEL_H

#include <stdint.h>

/* The colour 0x00RRGGBB before it was multiplied by alpha; 0 where nothing
 * is left of it. */
static inline uint32_t cursor_pixel_straight(uint32_t pixel)
{
	uint32_t alpha = pixel >> 24;
	uint32_t result = 0;

	if (alpha == 0)
		return 0;
	for (unsigned shift = 0; shift < 24; shift += 8) {
		uint32_t channel =
			((pixel >> shift & 255) * 255 + alpha / 2) / alpha;

		result |= (channel < 255 ? channel : 255) << shift;
	}
	return result;
}

#endif

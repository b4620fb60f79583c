/* subrect.h - finds rectangles of one colour, as RRE, CoRRE and Hextile draw
 * on a background.
 *
 * Threads: one at a time for each field.
 * Units:   pixels, counted from the field's top left.
 */
#ifndef RFB_SUBRECT_H
#define RFB_SUBRECT_H

#include <stdint.h>

#include "base/rect.h"

struct subrect_field {
	uint32_t *pixels; /* reduced; row after row of `width` */
	int width, height;
};

/* The larger of two with their top left corner at x, y: the one that is as
 * wide as can be, and the one that is as high. */
struct rect subrect_grow(const struct subrect_field *field, int x, int y);

void subrect_fill(
	const struct subrect_field *field, struct rect rect, uint32_t colour);

#endif

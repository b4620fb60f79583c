/* compare.h - which tiles of two pictures differ.
 *
 * Pure. Only the low 24 bits of a pixel count (see frame.h).
 *
 * Units: pixels.
 */
#ifndef X11_COMPARE_H
#define X11_COMPARE_H

#include "base/frame.h"
#include "base/region.h"

enum {
	COMPARE_TILE_WIDTH = 64, /* four cache lines a row */
	COMPARE_TILE_HEIGHT = 16,
};

/* Adds to `changed` the tiles of rows y .. y+height-1 in which `now` differs
 * from `before`, neighbours as one rectangle, cut on all sides to the pixels
 * that do: what is beside a film would look flat there, and cost more than the
 * film. Both frames have the same size. */
void compare_rows(const struct frame *before, const struct frame *now, int y,
	int height, struct region *changed);

#endif

/* view_axis.h - along one side: which pixels make a pixel of the scaled
 * picture, with which weights.
 *
 * Smaller pictures take the mean of the area each pixel covers, larger ones
 * go straight from pixel to pixel, whole multiples repeat pixels.
 *
 * Owner:   whoever embeds it; view_axis_finish() frees. Zeroed is none.
 * Threads: pure, but for making and freeing.
 * Units:   pixels.
 */
#ifndef SERVER_VIEW_AXIS_H
#define SERVER_VIEW_AXIS_H

#include <stdbool.h>
#include <stdint.h>

/* What the weights of a pixel add up to. */
enum { VIEW_AXIS_ONE = 1 << 12 };

struct view_axis {
	int from, to; /* lengths */
	int taps;     /* most pixels that make one */
	int *first;   /* of each pixel of the scaled side */
	int *count;
	uint16_t *weights; /* `taps` of each */
};

void view_axis_init(struct view_axis *axis, int from, int to, bool blends);
void view_axis_finish(struct view_axis *axis);

/* Which pixels of the scaled side the pixels at .. at+length-1 have a part in;
 * none gives *length 0. */
void view_axis_reach(const struct view_axis *axis, int *at, int *length);

#endif

/* clip.h - the part of the screen that is shared, as -clip gives it in numbers.
 *
 * Pure.
 *
 * Units: pixels of the root window.
 */
#ifndef X11_CLIP_H
#define X11_CLIP_H

#include <stdbool.h>

#include "base/rect.h"

struct clip {
	struct rect rect;
	/* Whether the offset is one from the screen's right or bottom edge. */
	bool from_right, from_bottom;
};

/* An X geometry: "WxH", "WxH+X+Y", and "-" for an offset from the far edge;
 * nothing else. Sides 1..65535, offsets 0..65535. */
bool clip_parse(const char *text, struct clip *clip);

/* Whether a geometry was meant, be it a good one or not: no monitor is called
 * WxH. */
bool clip_is_geometry(const char *text);

/* Where it is on a screen of that size, perhaps outside. */
struct rect clip_place(const struct clip *clip, struct rect screen);

/* The part of `rect` on a screen of that size. Never empty: where the screen
 * shrank away from under it, the screen's pixel nearest to it. The whole screen
 * would show what -clip was given to hide. */
struct rect clip_apply(struct rect rect, struct rect screen);

#endif

/* clip.h - the part of the screen that is shared, as -clip names it.
 *
 * Pure.
 *
 * Units: pixels of the root window.
 */
#ifndef X11_CLIP_H
#define X11_CLIP_H

#include <stdbool.h>

#include "base/rect.h"

/* "WxH+X+Y", nothing else; sides 1..65535, offsets 0..65535. */
bool clip_parse(const char *text, struct rect *clip);

/* The part of `clip` on a screen of that size. Never empty: where the screen
 * shrank away from under it, the screen's pixel nearest to it. The whole screen
 * would show what -clip was given to hide. */
struct rect clip_apply(struct rect clip, struct rect screen);

#endif

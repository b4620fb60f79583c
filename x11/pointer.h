/* pointer.h - moves the X server's mouse pointer and presses its buttons.
 *
 * Threads: the loop thread alone.
 */
#ifndef X11_POINTER_H
#define X11_POINTER_H

#include "x11/button_map.h"
#include "x11/display.h"
#include "x11/keyboard.h"

struct pointer_options {
	bool warp; /* by XWarpPointer, not as a mouse */
	struct button_map map;
};

struct pointer {
	struct display *display;
	struct keyboard *keyboard; /* for buttons that are keys */
	struct pointer_options options;
	unsigned buttons; /* RFB's mask: what we hold */
};

/* `display` and `keyboard` are kept, `options` copied. */
void pointer_init(struct pointer *pointer, struct display *display,
	struct keyboard *keyboard, const struct pointer_options *options);

/* x, y in pixels of the root window. Needs XTEST. */
void pointer_move(struct pointer *pointer, int x, int y, unsigned buttons);
/* By so many pixels from where it is. */
void pointer_nudge(struct pointer *pointer, int dx, int dy, unsigned buttons);

/* Where it is on our screen, in pixels of the root window; a round trip. False
 * where it is on another screen. */
bool pointer_place(const struct pointer *pointer, int *x, int *y);

#endif

/* pointer.h - moves the X server's mouse pointer and presses its buttons.
 *
 * Threads: the loop thread alone.
 */
#ifndef X11_POINTER_H
#define X11_POINTER_H

#include "x11/display.h"

struct pointer {
	struct display *display;
	unsigned buttons; /* RFB's mask: what we hold */
};

/* `display` is kept. */
void pointer_init(struct pointer *pointer, struct display *display);

/* x, y in pixels of the root window. Needs XTEST. */
void pointer_move(struct pointer *pointer, int x, int y, unsigned buttons);

/* Where it is on our screen, in pixels of the root window; a round trip. False
 * where it is on another screen. */
bool pointer_place(const struct pointer *pointer, int *x, int *y);

#endif

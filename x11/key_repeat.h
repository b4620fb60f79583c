/* key_repeat.h - keeps the X server from repeating what viewers hold.
 *
 * A viewer repeats by itself; the X server's own repeat would come on top, and
 * over a slow line run away while the release is late. It is switched off on
 * the keyboard that XTEST's keys come from, and on no other: who types on a
 * real keyboard has it as he set it.
 *
 * Owner:   whoever embeds it; key_repeat_finish() puts things back.
 * Threads: the loop thread alone.
 */
#ifndef X11_KEY_REPEAT_H
#define X11_KEY_REPEAT_H

#include <stdbool.h>

#include "x11/display.h"

struct key_repeat {
	struct display *display;
	int device;  /* XTEST's keyboard; 0: cannot be told apart */
	bool is_off; /* by us */
};

/* `was_off` says that a program that died had switched it off. `display` is
 * kept. */
void key_repeat_init(
	struct key_repeat *repeat, struct display *display, bool was_off);
void key_repeat_finish(struct key_repeat *repeat);

#endif

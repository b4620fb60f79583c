/* pointer_watch.h - whether the pointer was moved, by whomever (XInput2 raw
 * motion, which no grab hides).
 *
 * Owner:   whoever embeds it; nothing to free.
 * Threads: the loop thread alone.
 */
#ifndef X11_POINTER_WATCH_H
#define X11_POINTER_WATCH_H

#include "x11/display.h"

struct pointer_watch {
	struct display *display;
	int opcode; /* of XInput2, 0 without */
	bool on;
	bool moved; /* since pointer_watch_take() */
};

/* `display` is kept. */
void pointer_watch_init(struct pointer_watch *watch, struct display *display);

/* Events come only while it is on: a mouse sends up to a thousand a second. */
void pointer_watch_set(struct pointer_watch *watch, bool on);

/* True when the event was ours. */
bool pointer_watch_handle(struct pointer_watch *watch, XEvent *event);

/* True once after each dispatch in which it moved. */
bool pointer_watch_take(struct pointer_watch *watch);

#endif

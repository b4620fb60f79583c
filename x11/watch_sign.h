/* watch_sign.h - tells those at the screen how many watch.
 *
 * The root window's property X11WSVNC_VIEWERS (CARDINAL, 32 bits) always has
 * the number; a small window shows it where that is wanted.
 *
 * Owner:   whoever embeds it; watch_sign_finish() frees and removes both.
 * Threads: the loop thread alone.
 */
#ifndef X11_WATCH_SIGN_H
#define X11_WATCH_SIGN_H

#include <stdbool.h>

#include "x11/display.h"

struct watch_sign {
	struct display *display;
	bool shows;    /* a window, while somebody watches */
	Window window; /* None while nobody does */
	GC context;
	XFontStruct *font;
	int viewers;
};

/* `display` is kept. */
void watch_sign_init(
	struct watch_sign *sign, struct display *display, bool shows);
void watch_sign_finish(struct watch_sign *sign);

void watch_sign_set(struct watch_sign *sign, int viewers);
/* True when the event was for its window. */
bool watch_sign_handle(struct watch_sign *sign, const XEvent *event);

#endif

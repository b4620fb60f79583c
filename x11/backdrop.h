/* backdrop.h - a plain root window while somebody watches, which costs a slow
 * line less than a photograph.
 *
 * The root window's background cannot be asked for. So a window that has its
 * parent's background, drawn into a pixmap (XComposite) and never seen, tells
 * what it is. The copy is kept by a connection of its own that leaves it behind
 * when the program dies; it is opened at the start, because the sandbox forbids
 * it later. The copy's number is in the root window's property
 * X11WSVNC_BACKDROP, where the next run finds it. What desktops draw over the
 * root window is not touched.
 *
 * Owner:   whoever embeds it; backdrop_finish() frees, and puts back.
 * Threads: the loop thread alone.
 */
#ifndef X11_BACKDROP_H
#define X11_BACKDROP_H

#include <stdbool.h>

#include "x11/display.h"

struct backdrop {
	struct display *display;
	bool wanted, shown;
	unsigned long pixel;
	Display *keeper; /* the connection of its own; NULL where not wanted */
	Pixmap copy;     /* its, while shown */
};

/* `colour` as X names it ("darkblue", "#204060"), NULL: no such thing is
 * wanted. Puts back what a run that died has left. `display` is kept. */
void backdrop_init(
	struct backdrop *backdrop, struct display *display, const char *colour);
void backdrop_finish(struct backdrop *backdrop);

void backdrop_show(struct backdrop *backdrop, bool show);

#endif

/* damage.h - where the X server says something was drawn.
 *
 * The X server tells once that there is damage and is then silent until it is
 * fetched, so a busy screen costs nothing while nobody captures.
 *
 * Owner:   whoever embeds it; damage_finish() frees.
 * Threads: the loop thread alone.
 */
#ifndef X11_DAMAGE_H
#define X11_DAMAGE_H

#include <X11/Xlib.h>
#include <X11/extensions/Xdamage.h>
#include <stdbool.h>

#include "x11/capture.h"
#include "x11/display.h"

struct damage {
	struct display *display;
	bool available;
	int event_base;
	Damage handle;
	bool of_window;             /* whose coordinates it then has */
	XserverRegion parts;        /* on the server, the latest fetch */
	unsigned long fetch_serial; /* of the latest fetch */
	bool told;                  /* an event came since */
};

/* Of the window and all within it. `display` is kept. Logs what is missing and
 * what it means. */
void damage_init(struct damage *damage, struct display *display, Window window,
	bool use);
void damage_finish(struct damage *damage);

/* True when the event was for us. */
bool damage_handle(struct damage *damage, const XEvent *event);

/* True once after each dispatch in which an event came. */
bool damage_take_told(struct damage *damage);

/* Moves all damage so far into the capture's wants; a round trip. What is drawn
 * from now on is told again. */
void damage_fetch(struct damage *damage, struct capture *capture);
/* The same for a capture that looks at everything anyway: no round trip.
 * Nothing where DAMAGE is not available. */
void damage_forget(struct damage *damage);

#endif

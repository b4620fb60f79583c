/* selection_fetch.h - one target of a selection, fetched from the X client that
 * owns it without waiting.
 *
 * Asking, and every piece of the answer, is an event of its own: an owner that
 * answers late, slowly or never costs nothing.
 *
 * Owner:   whoever embeds it; selection_fetch_finish() frees.
 * Threads: the loop thread alone.
 * Source:  ICCCM 2.4 and 2.7.2 (INCR).
 */
#ifndef X11_SELECTION_FETCH_H
#define X11_SELECTION_FETCH_H

#include <X11/Xlib.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "x11/display.h"
#include "x11/selection_atoms.h"

enum selection_fetch_state {
	SELECTION_IDLE,
	SELECTION_ASKED,       /* for `target` */
	SELECTION_INCREMENTAL, /* pieces come as the property's new values */
};

struct selection_fetch {
	struct display *display;
	const struct selection_atoms *atoms;
	Window window;
	size_t most_bytes;
	enum selection_fetch_state state;
	Atom selection, target;
	unsigned attempts;
	Atom property; /* of this attempt */
	/* What came, once it is whole. */
	struct buffer bytes;
	Atom type;
	int format; /* 8, 16 or 32 bits an element; 32 are longs, as Xlib has
		       it */
};

/* `display` and `atoms` are kept. `window` must select PropertyChangeMask. */
void selection_fetch_init(struct selection_fetch *fetch,
	struct display *display, const struct selection_atoms *atoms,
	Window window, size_t most_bytes);
void selection_fetch_finish(struct selection_fetch *fetch);

/* Gives up what is under way. */
void selection_fetch_start(
	struct selection_fetch *fetch, Atom selection, Atom target, Time time);
void selection_fetch_stop(struct selection_fetch *fetch);

enum selection_fetch_news {
	SELECTION_NO_NEWS, /* the event is another's, or not the last one */
	SELECTION_FETCHED, /* `bytes` until the next start */
	SELECTION_REFUSED, /* or it was too much */
};
enum selection_fetch_news selection_fetch_handle(
	struct selection_fetch *fetch, const XEvent *event);

#endif

/* selection_fetch.h - text that another X client copied, fetched without
 * waiting.
 *
 * Asking, and every piece of the answer, is an event of its own: an owner that
 * answers late, slowly or never costs nothing, and a newer owner starts over.
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

enum {
	SELECTION_MOST_BYTES = 1024 * 1024, /* more is not fetched at all */
};

enum selection_fetch_state {
	SELECTION_IDLE,
	SELECTION_ASKED,       /* for `target` */
	SELECTION_INCREMENTAL, /* pieces come as the property's new values */
};

struct selection_fetch {
	struct display *display;
	const struct selection_atoms *atoms;
	Window window;
	Atom selection;
	Atom property; /* on `window`, of this selection alone */
	enum selection_fetch_state state;
	Atom target;
	Time time; /* names the attempt: late answers to others are dropped */
	struct buffer bytes;
	Atom type; /* of `bytes` */
};

/* `display` and `atoms` are kept. `window` must select PropertyChangeMask.
 * `property` is the name of a property that is ours to use. */
void selection_fetch_init(struct selection_fetch *fetch,
	struct display *display, const struct selection_atoms *atoms,
	Window window, Atom selection, const char *property);
void selection_fetch_finish(struct selection_fetch *fetch);

/* The selection has a new owner since `time`: ask it. */
void selection_fetch_start(struct selection_fetch *fetch, Time time);
/* It has none, or we are it. */
void selection_fetch_stop(struct selection_fetch *fetch);

/* Both give the whole text when the event completes it: valid UTF-8 with LF
 * line ends, *length long and ended by a NUL, the caller's to free. Else NULL.
 */
char *selection_fetch_notify(struct selection_fetch *fetch,
	const XSelectionEvent *event, size_t *length);
char *selection_fetch_property(struct selection_fetch *fetch,
	const XPropertyEvent *event, size_t *length);

#endif

/* selection_send.h - bytes for other X clients' windows, in pieces where they
 * are many (INCR).
 *
 * A client that does not take its pieces costs a copy of them, until as many
 * others as there are places came after it.
 *
 * Owner:   whoever embeds it; selection_send_finish() frees.
 * Threads: the loop thread alone.
 * Source:  ICCCM 2.7.2 (INCR).
 */
#ifndef X11_SELECTION_SEND_H
#define X11_SELECTION_SEND_H

#include <X11/Xlib.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "x11/display.h"
#include "x11/selection_atoms.h"

enum { SELECTION_SENDS = 8 };

struct selection_piecemeal {
	Window requestor; /* None: free */
	long before;      /* what we had selected on it: it may be shared */
	Atom property, type;
	struct buffer bytes; /* that are not yet in the property */
	unsigned long number;
};

struct selection_send {
	struct display *display;
	const struct selection_atoms *atoms;
	Window window; /* ours: never a requestor */
	struct selection_piecemeal places[SELECTION_SENDS];
	unsigned long count; /* ever */
};

void selection_send_init(struct selection_send *send, struct display *display,
	const struct selection_atoms *atoms, Window window);
void selection_send_finish(struct selection_send *send);

/* Puts the bytes, or the first of them, into the requestor's property. X errors
 * are the caller's to trap. */
bool selection_send_bytes(struct selection_send *send, Window requestor,
	Atom property, Atom type, const void *bytes, size_t length);

/* True when the event was one of a requestor's. */
bool selection_send_handle(struct selection_send *send, const XEvent *event);

#endif

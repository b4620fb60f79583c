/* clipboard.h - what is copied here and there: CLIPBOARD and PRIMARY.
 *
 * Owner:   whoever embeds it; clipboard_finish() frees.
 * Threads: the loop thread alone.
 */
#ifndef X11_CLIPBOARD_H
#define X11_CLIPBOARD_H

#include <X11/Xlib.h>
#include <stdbool.h>
#include <stddef.h>

#include "x11/display.h"
#include "x11/selection_atoms.h"
#include "x11/selection_fetch.h"
#include "x11/selection_offer.h"

struct clipboard {
	struct display *display;
	int event_base; /* of XFIXES, -1 without: then we only offer */
	Window window;  /* never shown */
	struct selection_atoms atoms;
	struct selection_offer offer;
	struct selection_fetch fetches[2]; /* CLIPBOARD, PRIMARY */
	char *told; /* the last text given out, NULL before the first */
};

/* `display` is kept. Logs what is missing. */
void clipboard_init(struct clipboard *clipboard, struct display *display);
void clipboard_finish(struct clipboard *clipboard);

/* True when the event was ours. *text gets what somebody copied, if the event
 * completes it: UTF-8 with LF line ends, *length long, borrowed until the next
 * call; else NULL. Never what we offered, never the same text twice in a row
 * (copying to CLIPBOARD what is PRIMARY already). */
bool clipboard_handle(struct clipboard *clipboard, const XEvent *event,
	const char **text, size_t *length);

/* Offers a copy of `utf8`. */
void clipboard_copy(
	struct clipboard *clipboard, const char *utf8, size_t length);

#endif

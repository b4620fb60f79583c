/* clipboard.h - what is copied here and there: CLIPBOARD and PRIMARY.
 *
 * Of what X clients copy only the newest counts, whichever selection it is in.
 * Nothing is asked of its owner before somebody wants to know.
 *
 * Owner:   whoever embeds it; clipboard_finish() frees.
 * Threads: the loop thread alone.
 */
#ifndef X11_CLIPBOARD_H
#define X11_CLIPBOARD_H

#include <X11/Xlib.h>
#include <stdbool.h>
#include <stddef.h>

#include "x11/desktop.h"
#include "x11/display.h"
#include "x11/selection_atoms.h"
#include "x11/selection_fetch.h"
#include "x11/selection_offer.h"

struct clipboard {
	struct display *display;
	const struct desktop_host *host;
	void *context;
	int event_base; /* of XFIXES, -1 without: then we only offer */
	Window window;  /* never shown */
	struct selection_atoms atoms;
	struct selection_offer offer;

	Atom watched[SELECTIONS]; /* None: not */
	bool changed;             /* since last told */
	Atom current; /* where another client copied to last; None: nowhere */
	Time since;
	unsigned targets; /* bits of atoms.list: what its owner has */
	struct selection_fetch fetch;
	bool looking;  /* it is asked for TARGETS, or */
	bool fetching; /* for `format`, */
	enum clipboard_format format;
	unsigned untried; /* and if it fails for these, */
	unsigned wanted;  /* and then for these forms */
};

/* `display`, `host` and `context` are kept. Logs what is missing. */
void clipboard_init(struct clipboard *clipboard, struct display *display,
	const struct desktop_options *options, const struct desktop_host *host,
	void *context);
void clipboard_finish(struct clipboard *clipboard);

/* True when the event was ours. */
bool clipboard_handle(struct clipboard *clipboard, const XEvent *event);
bool clipboard_take_changed(struct clipboard *clipboard);

/* See desktop.h. */
void clipboard_look(struct clipboard *clipboard);
void clipboard_fetch(struct clipboard *clipboard, enum clipboard_format format);
void clipboard_forget(struct clipboard *clipboard);

#endif

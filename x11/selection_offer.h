/* selection_offer.h - what a viewer copied, offered to X clients that paste.
 *
 * Only its forms are known at first. An X client that asks for one waits, with
 * others, until selection_offer_give(): nothing blocks, and whoever embeds this
 * must see to it that an answer comes in the end.
 *
 * Owner:   whoever embeds it; selection_offer_finish() frees.
 * Threads: the loop thread alone.
 * Source:  ICCCM 2, "Peer-to-Peer Communication by Means of Selections".
 */
#ifndef X11_SELECTION_OFFER_H
#define X11_SELECTION_OFFER_H

#include <X11/Xlib.h>
#include <stdbool.h>
#include <stddef.h>

#include "x11/display.h"
#include "x11/selection_atoms.h"
#include "x11/selection_send.h"

enum {
	SELECTION_WAITING = 32, /* X clients, at once */
	SELECTION_PAIRS = 16,   /* targets in one request (MULTIPLE) */
	SELECTIONS = 2,         /* CLIPBOARD and PRIMARY */
};

struct selection_pair {
	Atom target, property; /* None: could not be converted */
};

/* An X client that waits. */
struct selection_request {
	XSelectionRequestEvent event;
	bool multiple;
	int count;
	struct selection_pair pairs[SELECTION_PAIRS];
	bool done[SELECTION_PAIRS];
};

struct selection_offer {
	struct display *display;
	const struct selection_atoms *atoms;
	Window window;               /* that owns the selections */
	Atom selections[SELECTIONS]; /* that are to be owned; None: not */
	bool owned[SELECTIONS];
	Time since[SELECTIONS];
	unsigned forms;
	int waiting;
	struct selection_request requests[SELECTION_WAITING];
	struct selection_send send;
};

void selection_offer_init(struct selection_offer *offer,
	struct display *display, const struct selection_atoms *atoms,
	Window window);
void selection_offer_finish(struct selection_offer *offer);

/* Becomes the owner; 0: is none any more. Who waits for an older offer is
 * refused. */
void selection_offer_start(struct selection_offer *offer, unsigned forms);
/* The server says since when. */
void selection_offer_won(
	struct selection_offer *offer, Atom selection, Time since);
/* Another client owns it. */
void selection_offer_lost(struct selection_offer *offer, Atom selection);

/* Takes up what an X client wants. Gives the forms that have to be given now;
 * 0 where it has its answer. */
unsigned selection_offer_ask(
	struct selection_offer *offer, const XSelectionRequestEvent *request);

/* For all who wait for it; NULL: it is not to be had. */
void selection_offer_give(struct selection_offer *offer,
	enum clipboard_format format, const void *bytes, size_t length);

#endif

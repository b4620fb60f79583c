/* selection_offer.h - our text, offered to X clients that paste.
 *
 * Owner:   whoever embeds it; selection_offer_finish() frees the copy.
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

struct selection_offer {
	struct display *display;
	const struct selection_atoms *atoms;
	Window window; /* that owns the selections */
	char *text;    /* UTF-8, ended by a NUL that is not part of it */
	size_t length;
};

/* `display` and `atoms` are kept. */
void selection_offer_init(struct selection_offer *offer,
	struct display *display, const struct selection_atoms *atoms,
	Window window);
void selection_offer_finish(struct selection_offer *offer);

/* Copies the text and becomes the owner of both selections. */
void selection_offer_text(
	struct selection_offer *offer, const char *utf8, size_t length);

/* Whether this is what we offered last: clipboard managers take our text over
 * and offer it as their own. */
bool selection_offer_is(
	const struct selection_offer *offer, const char *utf8, size_t length);

/* Answers a client that pastes; a round trip. */
void selection_offer_answer(
	struct selection_offer *offer, const XSelectionRequestEvent *request);

#endif

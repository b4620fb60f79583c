/* clipboard_exchange.h - who copied last, an X client or a viewer, and who
 * wants to paste it.
 *
 * Only that something was copied, and in which forms, is passed on at once.
 * The bytes are fetched from where they are when the first one wants them, and
 * kept until something else is copied.
 *
 * Where one who already has what was copied last (a clipboard manager, another
 * machine's) says that it copied something, its text is looked at first: where
 * it is the same, nothing was copied, and nobody is told. Else two that repeat
 * each other would never end.
 *
 * Owner:   embedded in struct share.
 * Threads: the loop thread.
 */
#ifndef SERVER_CLIPBOARD_EXCHANGE_H
#define SERVER_CLIPBOARD_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "base/buffer.h"
#include "base/clipboard_format.h"

struct share;
struct viewer;

/* What was copied. */
struct clip {
	unsigned forms; /* that it can be had in; */
	unsigned asked; /* of these, on their way; */
	unsigned have;  /* of these, here */
	struct buffer bytes[CLIPBOARD_FORMATS];
};

struct clipboard_exchange {
	struct share *share;
	struct clip from_x;
	struct clip from_viewer; /* what we offer to X clients */
	bool viewer_was_last;
	struct viewer *holder; /* who has from_viewer; NULL: nobody any more */
	bool x_has_it; /* X clients were given the text of from_viewer */

	/* Whose text is compared first, and the forms it offers. */
	struct viewer *candidate;
	unsigned candidate_forms;
	bool x_is_candidate;
	unsigned x_candidate_forms;

	bool stale;                 /* X clients copied since we looked */
	uv_timer_t look;            /* not before it fires do we look again */
	uv_timer_t patience_x;      /* how long an X client may take, */
	uv_timer_t patience_viewer; /* and a viewer */
};

void clipboard_exchange_init(
	struct clipboard_exchange *exchange, struct share *share);
void clipboard_exchange_finish(struct clipboard_exchange *exchange);

/* From x11/desktop.h's host. */
void clipboard_exchange_x_changed(struct clipboard_exchange *exchange);
void clipboard_exchange_x_offers(
	struct clipboard_exchange *exchange, unsigned forms);
void clipboard_exchange_x_gives(struct clipboard_exchange *exchange,
	enum clipboard_format format, const void *bytes, size_t length);
void clipboard_exchange_x_wants(
	struct clipboard_exchange *exchange, enum clipboard_format format);

/* The display is gone, with all that was copied there; another is there. */
void clipboard_exchange_x_lost(struct clipboard_exchange *exchange);
void clipboard_exchange_x_back(struct clipboard_exchange *exchange);

/* From rfb/session.h's host; a viewer that has logged in, and one that goes. */
void clipboard_exchange_welcome(
	struct clipboard_exchange *exchange, struct viewer *viewer);
void clipboard_exchange_gone(
	struct clipboard_exchange *exchange, struct viewer *viewer);
void clipboard_exchange_viewer_offers(struct clipboard_exchange *exchange,
	struct viewer *viewer, unsigned forms);
void clipboard_exchange_viewer_gives(struct clipboard_exchange *exchange,
	struct viewer *viewer, enum clipboard_format format, const void *bytes,
	size_t length);
void clipboard_exchange_viewer_wants(struct clipboard_exchange *exchange,
	struct viewer *viewer, unsigned forms);

#endif

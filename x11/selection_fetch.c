#include "x11/selection_fetch.h"

#include <string.h>

#include "base/log.h"

void selection_fetch_init(struct selection_fetch *fetch,
	struct display *display, const struct selection_atoms *atoms,
	Window window, size_t most_bytes)
{
	memset(fetch, 0, sizeof(*fetch));
	fetch->display = display;
	fetch->atoms = atoms;
	fetch->window = window;
	fetch->most_bytes = most_bytes;
}

void selection_fetch_finish(struct selection_fetch *fetch)
{
	buffer_finish(&fetch->bytes);
}

void selection_fetch_stop(struct selection_fetch *fetch)
{
	fetch->state = SELECTION_IDLE;
	buffer_finish(&fetch->bytes);
	memset(&fetch->bytes, 0, sizeof(fetch->bytes));
}

void selection_fetch_start(
	struct selection_fetch *fetch, Atom selection, Atom target, Time time)
{
	selection_fetch_stop(fetch);
	fetch->state = SELECTION_ASKED;
	fetch->type = None;
	fetch->format = 0;
	fetch->selection = selection;
	fetch->target = target;
	fetch->property =
		fetch->atoms
			->properties[fetch->attempts++ % SELECTION_PROPERTIES];
	/* What an answer to an attempt long given up may have left. */
	XDeleteProperty(fetch->display->x, fetch->window, fetch->property);
	XConvertSelection(fetch->display->x, selection, target, fetch->property,
		fetch->window, time);
	XFlush(fetch->display->x);
}

enum piece { PIECE_END, PIECE_SOME, PIECE_INCR, PIECE_TOO_MUCH };

/* 32 bits are held in longs, and counted as such. */
static size_t element_bytes(int format)
{
	return format == 32 ? sizeof(long) : (size_t)format / 8;
}

/* Moves the property's value to the end of `bytes`, and deletes it, which asks
 * the owner of an incremental one for the next. */
static enum piece take_piece(struct selection_fetch *fetch)
{
	size_t room = fetch->most_bytes - buffer_length(&fetch->bytes);
	unsigned long count = 0, left = 0;
	unsigned char *value = NULL;
	enum piece piece = PIECE_END;
	Atom type = None;
	int format = 0;
	size_t length;

	if (XGetWindowProperty(fetch->display->x, fetch->window,
		    fetch->property, 0, (long)(room / 4 + 1), True,
		    AnyPropertyType, &type, &format, &count, &left,
		    &value) != Success ||
		fetch->display->lost)
		return PIECE_END;
	length = count * element_bytes(format);
	if (type == fetch->atoms->incr) {
		piece = PIECE_INCR;
	} else if (left > 0 || length > room) {
		XDeleteProperty(
			fetch->display->x, fetch->window, fetch->property);
		piece = PIECE_TOO_MUCH;
	} else if (length > 0) {
		buffer_append(&fetch->bytes, value, length);
		fetch->type = type;
		fetch->format = format;
		piece = PIECE_SOME;
	}
	if (value != NULL)
		XFree(value);
	return piece;
}

static enum selection_fetch_news finish(
	struct selection_fetch *fetch, enum piece piece)
{
	if (piece == PIECE_TOO_MUCH)
		log_info(
			"more than %zu bytes were copied on the X side: not "
			"fetched (-maxcuttext)",
			fetch->most_bytes);
	fetch->state = SELECTION_IDLE;
	if (piece == PIECE_TOO_MUCH || fetch->bytes.failed)
		return SELECTION_REFUSED;
	return SELECTION_FETCHED;
}

static enum selection_fetch_news notified(
	struct selection_fetch *fetch, const XSelectionEvent *event)
{
	enum piece piece;

	if (fetch->state != SELECTION_ASKED ||
		event->selection != fetch->selection ||
		event->target != fetch->target ||
		(event->property != None && event->property != fetch->property))
		return SELECTION_NO_NEWS;
	if (event->property == None) {
		fetch->state = SELECTION_IDLE;
		return SELECTION_REFUSED;
	}
	piece = take_piece(fetch);
	if (piece != PIECE_INCR)
		return finish(fetch, piece);
	fetch->state = SELECTION_INCREMENTAL;
	return SELECTION_NO_NEWS;
}

static enum selection_fetch_news property_changed(
	struct selection_fetch *fetch, const XPropertyEvent *event)
{
	enum piece piece;

	if (fetch->state != SELECTION_INCREMENTAL ||
		event->window != fetch->window ||
		event->atom != fetch->property ||
		event->state != PropertyNewValue)
		return SELECTION_NO_NEWS;
	piece = take_piece(fetch);
	if (piece == PIECE_SOME && !fetch->bytes.failed)
		return SELECTION_NO_NEWS;
	return finish(fetch, piece); /* an empty piece is the end */
}

enum selection_fetch_news selection_fetch_handle(
	struct selection_fetch *fetch, const XEvent *event)
{
	switch (event->type) {
	case SelectionNotify:
		return notified(fetch, &event->xselection);
	case PropertyNotify:
		return property_changed(fetch, &event->xproperty);
	default:
		return SELECTION_NO_NEWS;
	}
}
